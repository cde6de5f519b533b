import {readFileSync} from 'node:fs';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Home} from '../home.ts';
import type {DaemonVersion} from '../protocol.ts';
import type {Program} from '../start-daemon.ts';
import {type Endpoint, endpointText, type RemoteEndpoint} from './endpoint.ts';
import {type HttpClient, httpClient} from './http-client.ts';
import {sayOlder} from './older-daemon.ts';

export type Connection = {
	readonly client: HttpClient;
	readonly daemon: DaemonVersion;
	readonly endpoint: Endpoint;
};

/** Longer than a new home's daemon waits for its agents. */
const answerTimeoutMs = 10_000;

/** The daemon that runs, or undefined. Throws `unreachable` when what listens is not this version's. */
export async function connectRunning(home: Home): Promise<Connection | undefined> {
	const recorded = recordedSocket(home);
	const paths = recorded === undefined || recorded === home.socket ? [home.socket] : [home.socket, recorded];
	for (const socketPath of paths) {
		const client = httpClient(socketPath);
		try {
			const daemon = await askVersion(client, socketPath);
			return {client: sayOlder(client, daemon), daemon, endpoint: socketPath};
		} catch (thrown) {
			client.close();
			if (!isAbsent(thrown)) {
				throw thrown;
			}
		}
	}

	return undefined;
}

/** A daemon of another machine, which nobody starts from here. */
export async function connectRemote(endpoint: RemoteEndpoint): Promise<Connection> {
	const client = httpClient(endpoint);
	try {
		const daemon = await askVersion(client, endpoint);
		return {client: sayOlder(client, daemon), daemon, endpoint};
	} catch (error) {
		client.close();
		throw error;
	}
}

async function askVersion(client: HttpClient, endpoint: Endpoint): Promise<DaemonVersion> {
	const timeout = AbortSignal.timeout(answerTimeoutMs);
	try {
		return await client.call<DaemonVersion>('GET', '/v1/version', undefined, timeout);
	} catch (error) {
		throw timeout.aborted ? silent(endpoint) : error;
	}
}

function silent(endpoint: Endpoint): ClusterError {
	return new ClusterError('unreachable', `What listens on ${endpointText(endpoint)} does not answer.`, {
		hint: 'The daemon may be stopped (SIGSTOP) or overloaded; end it, and the next command starts another.',
	});
}

/** The same, starting the daemon where none runs. */
export async function connectOrStart(home: Home, program: Program | undefined): Promise<Connection> {
	const running = await connectRunning(home);
	if (running) {
		return running;
	}

	const {startDaemon} = await import('../start-daemon.ts');
	await startDaemon(home, {byUser: true, ...(program === undefined ? {} : {program})});
	const started = await connectRunning(home);
	if (!started) {
		throw new ClusterError('unreachable', 'The daemon ended just after its start.', {hint: `See ${home.logs}.`});
	}

	return started;
}

/** Where the running daemon listens, if another environment (XDG_RUNTIME_DIR) gave it another place. */
function recordedSocket(home: Home): string | undefined {
	try {
		const {socketPath} = JSON.parse(readFileSync(home.daemonInfo, 'utf8')) as {socketPath?: unknown};
		return typeof socketPath === 'string' ? socketPath : undefined;
	} catch {
		return undefined;
	}
}

/** EPIPE and ECONNRESET: it was killed while it was asked. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTSOCK']);

/** Nobody listens: no socket, or one that a killed daemon left. Where none can be, its start tells why. */
function isAbsent(thrown: unknown): boolean {
	const {cause} = toClusterError(thrown);
	const {code} = (cause ?? {}) as NodeJS.ErrnoException;
	return code !== undefined && absent.has(code);
}
