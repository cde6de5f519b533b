import type {Readable} from 'node:stream';
import Dockerode from 'dockerode';
import type {RawDistribution, RawEvent, RawNodeSpec, RawServiceSpec} from './api-types.ts';
import {agentFor} from './dial.ts';
import type {Endpoint} from './endpoint.ts';
import type {RegistryAuth} from './registry-auth.ts';
import {fromDockerode} from './translate-error.ts';

// All that writes, streams and runs goes through dockerode. It is a bundle of its own, loaded on use: a list does without it.

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
	/** Answers with its id. */
	createService(spec: RawServiceSpec, auth?: RegistryAuth): Promise<string>;
	updateService(id: string, version: number, spec: RawServiceSpec, auth?: RegistryAuth): Promise<void>;
	removeService(id: string): Promise<void>;
	/** What the registry of an image tells of it. */
	distribution(image: string, auth?: RegistryAuth): Promise<RawDistribution>;
	updateNode(id: string, version: number, spec: RawNodeSpec): Promise<void>;
	removeNode(id: string, force: boolean): Promise<void>;
	events(sinceSeconds: number, signal: AbortSignal): AsyncIterable<RawEvent>;
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
		async createService(spec, auth) {
			// With one argument only, dockerode would send the spec as credentials, too.
			const {id} = await call(async docker => (docker.createService as TwoArguments).call(docker, auth, spec));
			return id;
		},
		async updateService(id, version, spec, auth) {
			const request = {_query: {version, ...(auth === undefined && {registryAuthFrom: 'spec'})}, _body: spec};
			await call(async docker => {
				const service = docker.getService(id);
				await (service.update as TwoArguments).call(service, auth, request);
			});
		},
		async removeService(id) {
			await call(docker => docker.getService(id).remove());
		},
		distribution: (image, authconfig) =>
			dial({path: `/distribution/${image}/json`, method: 'GET', ...(authconfig && {authconfig})}),
		async updateNode(id, version, spec) {
			await call(docker => docker.getNode(id).update({_query: {version}, _body: spec}));
		},
		async removeNode(id, force) {
			await call(docker => docker.getNode(id).remove({force}));
		},
		async *jsonStream<T>(
			path: string,
			query: Readonly<Record<string, string | number | boolean>>,
			signal: AbortSignal,
		) {
			yield* jsonLines<T>(await stream(path, query, signal), signal);
		},
		async *events(since, signal) {
			const types = ['service', 'node', 'network', 'config', 'secret', 'volume', 'container'];
			const filters = JSON.stringify({type: types});
			const source = await stream('/events', {since, filters}, signal);
			yield* jsonLines(source, signal);
		},
	};
}

type TwoArguments = (auth: RegistryAuth | undefined, body: object) => Promise<{readonly id: string}>;

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
