import type {ClientRequest, IncomingMessage, RequestOptions} from 'node:http';
import type {Socket} from 'node:net';
import {ClusterError, type ErrorCode, errorCodes} from '../../core/error.ts';
import {type Endpoint, notReached, tlsFor} from './client/endpoint.ts';
import {protocolVersion, type WireError} from './protocol.ts';

export type Upgraded = {readonly socket: Socket; readonly head: Uint8Array};

/** What `GET path` with `Upgrade: protocol` is asked for. */
export type UpgradeName = 'muster-agent' | 'muster-gateway' | 'muster-session' | 'muster-tunnel';

/**
 * Opens a two-way connection over the daemon's (or an agent's) socket. Throws `unreachable` when nobody listens or
 * another version does, else what the other side said.
 */
export function connectUpgrade(endpoint: Endpoint, path: string, upgrade: UpgradeName): Promise<Upgraded> {
	const {promise, resolve, reject} = Promise.withResolvers<Upgraded>();
	const asked = request(endpoint, {
		path,
		headers: {connection: 'Upgrade', upgrade, 'muster-protocol': protocolVersion},
	});
	asked.on('upgrade', (response, socket, head) => {
		const wrong = protocolProblem(response.headers['muster-protocol']);
		if (wrong) {
			socket.destroy();
			reject(wrong);
		} else {
			resolve({socket: socket as Socket, head});
		}
	});
	asked.on('response', response => {
		readError(response).then(reject, reject);
	});
	asked.on('error', error => reject(notReached(endpoint, error)));
	asked.end();
	return promise;
}

/** The answer to an upgrade request, before the other protocol begins. */
export function acceptUpgrade(socket: Socket, upgrade: UpgradeName): void {
	socket.write(
		`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nmuster-protocol: ${protocolVersion}\r\n\r\n`,
	);
}

export function protocolProblem(found: string | readonly string[] | undefined): ClusterError | undefined {
	if (found === protocolVersion) {
		return undefined;
	}

	const other = found === undefined ? 'something that is not muster' : `protocol ${found}`;
	return new ClusterError('unreachable', `the daemon speaks ${other}, this muster protocol ${protocolVersion}`, {
		hint: '`muster daemon upgrade` puts this version in its place; instances go on.',
	});
}

function request(endpoint: Endpoint, options: RequestOptions): ClientRequest {
	if (typeof endpoint === 'string') {
		return process.getBuiltinModule('node:http').request({...options, socketPath: endpoint});
	}

	const {host, port} = endpoint;
	return process.getBuiltinModule('node:https').request({...options, ...tlsFor(endpoint), host, port, agent: false});
}

async function readError(response: IncomingMessage): Promise<ClusterError> {
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) {
		text += chunk;
	}

	return answerError(response.statusCode, response.headers['muster-protocol'], text);
}

/** An answer that is not a success, as the error it tells. */
export function answerError(
	status: number | undefined,
	protocol: string | readonly string[] | undefined,
	body: string,
): ClusterError {
	return (
		protocolProblem(protocol) ??
		parseError(body) ??
		new ClusterError('failed', `the daemon answered with status ${status}`)
	);
}

/** `{error: WireError}` as the error itself; undefined when it is none. */
function parseError(text: string): ClusterError | undefined {
	try {
		return errorOf((JSON.parse(text) as {error?: Partial<WireError>}).error);
	} catch {
		return undefined;
	}
}

/** A code of a later version is a failure like another; what it says is kept. */
export function errorOf(error: Partial<WireError> | undefined): ClusterError | undefined {
	if (typeof error?.code !== 'string') {
		return undefined;
	}

	const code = Object.hasOwn(errorCodes, error.code) ? (error.code as ErrorCode) : 'failed';
	return new ClusterError(code, String(error.message), {
		hint: typeof error.hint === 'string' ? error.hint : undefined,
	});
}
