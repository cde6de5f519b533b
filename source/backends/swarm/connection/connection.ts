import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {DockerClient} from '../docker.ts';
import {dial, mostConnections} from './dial.ts';
import {type Endpoint, endpointText} from './endpoint.ts';
import {type Ask, type Reader, reader} from './request.ts';
import {type SwarmCalls, swarmCalls} from './swarm-calls.ts';

/** One Docker API that answers. */
export type Connection = {
	readonly endpoint: Endpoint;
	/** For messages. */
	readonly where: string;
	readonly read: Reader;
	/** `v1.41`: the newest that both sides know. */
	readonly version: string;
	/** Of the engine: `20.10.24`. */
	readonly engineVersion: string;
	/** Changes of services and nodes. */
	readonly calls: SwarmCalls;
	/** What streams and runs, and all other changes. */
	docker(): Promise<DockerClient>;
	close(): void;
};

/** The newest API that this was written for; an older engine is spoken to in its own. */
const newestApi = 1.56;
const oldestApi = 1.41;

/** Throws `unreachable`. `onRequest` is called at each request. */
export async function connect(endpoint: Endpoint, ask?: Ask, onRequest: () => void = () => {}): Promise<Connection> {
	const where = endpointText(endpoint);
	const connectTo = () => dial(endpoint);
	const read = reader({connect: connectTo, mostConnections: mostConnections(endpoint), where, onRequest});
	const about = await aboutEngine(read, ask).catch((error: unknown) => {
		read.close();
		throw error;
	});
	const version = negotiated(about, read);
	let client: Promise<DockerClient> | undefined;
	return {
		endpoint,
		where,
		read,
		version,
		engineVersion: about.Version ?? '',
		calls: swarmCalls(read, version),
		docker() {
			client ??= import('../docker.ts').then(({createClient}) => createClient({endpoint, version, where, onRequest}));
			return client;
		},
		close() {
			read.close();
			void client?.then(({close}) => close());
		},
	};
}

function negotiated(about: About, read: Reader): string {
	try {
		return negotiate(about);
	} catch (error) {
		read.close();
		throw error;
	}
}

/**
 * By the ping: `/version` takes the engine 12 ms, since it asks other programs for theirs. Only what is newer than all that this
 * was written for, or tells nothing that way, is asked for the oldest API that it knows.
 */
export async function aboutEngine(read: Pick<Reader, 'get' | 'headers'>, ask?: Ask): Promise<About> {
	const headers = await read.headers('/_ping', ask);
	const ApiVersion = headers.get('api-version') ?? '';
	if ((asNumber(ApiVersion) ?? Number.POSITIVE_INFINITY) > newestApi) return read.get<About>('/version', ask);
	const [, Version = ''] = /^docker\/(\S+)/i.exec(headers.get('server') ?? '') ?? [];
	return {Version, ApiVersion};
}

type About = {readonly Version?: string; readonly ApiVersion?: string; readonly MinAPIVersion?: string};

/** Throws `unsupported` where the engine is older than all that this was written for. */
export function negotiate({Version = '', ApiVersion = '', MinAPIVersion = ''}: About): string {
	const theirs = asNumber(ApiVersion) ?? oldestApi;
	if (theirs < oldestApi) {
		const engine = stripControl(`docker ${Version} (API ${ApiVersion})`);
		throw new ClusterError('unsupported', `${engine} is too old: muster needs 20.10 (API ${oldestApi}) or newer.`);
	}

	const least = asNumber(MinAPIVersion) ?? 0;
	return `v${textOf(Math.max(Math.min(newestApi, theirs), least))}`;
}

/** 1.9 is older than 1.41: the part behind the dot is a number of its own. */
function asNumber(text: string): number | undefined {
	const [, major, minor = ''] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
	return major === undefined ? undefined : Number(major) + Number(minor) / 100;
}

function textOf(version: number): string {
	const major = Math.floor(version);
	return `${major}.${Math.round((version - major) * 100)}`;
}
