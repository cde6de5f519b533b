import type {Readable} from 'node:stream';
import Dockerode from 'dockerode';
import type {RawEvent} from './api-types.ts';
import {agentFor} from './connection/dial.ts';
import type {Endpoint} from './connection/endpoint.ts';
import {fromDockerode} from './translate-error.ts';

// All that streams and runs, and what is changed seldom, goes through dockerode. It is a bundle of its own, loaded on use: lists
// and changes of services and nodes do without it.

export type ClientOptions = {
	readonly endpoint: Endpoint;
	/** `v1.41`. */
	readonly version: string;
	/** For messages. */
	readonly where: string;
	/** Called at each request. */
	onRequest(): void;
};

/** One Docker API: of a manager, or of the node that an instance runs on. */
export type DockerClient = {
	/** For messages. */
	readonly where: string;
	/** Answers when the engine has begun to tell. */
	events(sinceSeconds: number, signal: AbortSignal): Promise<AsyncIterable<RawEvent>>;
	/** What dockerode has no call of its own for. */
	post<T>(path: string, body: object, query?: Readonly<Record<string, string | number | boolean>>): Promise<T>;
	/** Any stream of bytes that the API answers with. */
	stream(
		path: string,
		query: Readonly<Record<string, string | number | boolean>>,
		signal: AbortSignal,
	): Promise<Readable>;
	/** One that is a JSON text a line. */
	jsonStream<T>(
		path: string,
		query: Readonly<Record<string, string | number | boolean>>,
		signal: AbortSignal,
	): AsyncIterable<T>;
	dockerode: Dockerode;
	/** Runs a call of dockerode's, and turns what it throws. */
	call<T>(run: (docker: Dockerode) => Promise<T>): Promise<T>;
	close(): void;
};

export function createClient({endpoint, version, where, onRequest}: ClientOptions): DockerClient {
	const agent = agentFor(endpoint);
	// Every one of these is given, so that nothing of DOCKER_HOST and its kin leaks in from the environment. The agent
	// makes the connections, whatever the path says.
	const options = {
		agent,
		version,
		protocol: 'http',
		host: undefined,
		port: undefined,
		socketPath: 'docker',
		ca: undefined,
		cert: undefined,
		key: undefined,
	};
	const dockerode = new Dockerode(options as unknown as Dockerode.DockerOptions);

	async function call<T>(run: (docker: Dockerode) => Promise<T>): Promise<T> {
		onRequest();
		try {
			return await run(dockerode);
		} catch (error) {
			throw fromDockerode(error, where);
		}
	}

	function dial<T>(options: object): Promise<T> {
		return call(
			({modem}) =>
				new Promise<T>((resolve, reject) => {
					(modem as Modem).dial({statusCodes, ...options}, (error, answer) =>
						error ? reject(error) : resolve(answer as T),
					);
				}),
		);
	}

	const stream: DockerClient['stream'] = (path, query, signal) =>
		dial<Readable>({path: `${path}?`, method: 'GET', isStream: true, options: {...query}, abortSignal: signal});

	return {
		where,
		dockerode,
		call,
		close: () => agent.destroy(),
		stream,
		post: (path, body, query = {}) => dial({path: `${path}?`, method: 'POST', options: {_query: query, _body: body}}),
		async *jsonStream<T>(
			path: string,
			query: Readonly<Record<string, string | number | boolean>>,
			signal: AbortSignal,
		) {
			yield* jsonLines<T>(await stream(path, query, signal), signal);
		},
		async events(since, signal) {
			const types = ['service', 'node', 'network', 'config', 'secret', 'volume', 'container'];
			const filters = JSON.stringify({type: types});
			return jsonLines<RawEvent>(await stream('/events', {since, filters}, signal), signal);
		},
	};
}

type Modem = {dial(options: object, done: (error: Error | null, answer: unknown) => void): void};

const statusCodes = {200: true, 201: true, 204: true};

const maxLineLength = 1_048_576;

async function* jsonLines<T>(source: Readable, signal: AbortSignal): AsyncIterable<T> {
	let rest = '';
	const abort = () => source.destroy();
	signal.addEventListener('abort', abort);
	try {
		source.setEncoding('utf8');
		for await (const chunk of source as AsyncIterable<string>) {
			const lines = (rest + chunk).split('\n');
			rest = lines.pop() ?? '';
			if (rest.length > maxLineLength) throw new Error('a line of the event stream has no end');
			for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T;
		}
	} finally {
		signal.removeEventListener('abort', abort);
		source.destroy();
	}
}
