import type {Socket} from 'node:net';
import {ClusterError} from '../../../core/error.ts';
import {noAnswer} from './http-answer.ts';

/** A daemon of another machine, and what is shown to it. */
export type RemoteEndpoint = {
	/** `local:prod`, for messages and as the name of its context. */
	readonly name: string;
	readonly host: string;
	readonly port: number;
	readonly certificate: string;
	readonly key: string;
	/** Who has signed both sides' certificates. */
	readonly authority: string;
};

/** Where a daemon is spoken to: its unix socket, or another machine. */
export type Endpoint = string | RemoteEndpoint;

/** What every server's certificate is made out to, so that it does not matter by which address it is reached. */
const serverName = 'daemon.muster.internal';
const connectTimeoutMs = 10_000;

export function endpointText(endpoint: Endpoint): string {
	return typeof endpoint === 'string' ? endpoint : `tcp://${urlHost(endpoint.host)}:${endpoint.port}`;
}

export function urlHost(host: string): string {
	return host.includes(':') ? `[${host}]` : host;
}

/** A connection to write to at once; that it cannot be made is told by `error`. */
export function dial(endpoint: Endpoint): Socket {
	if (typeof endpoint === 'string') {
		return process.getBuiltinModule('node:net').connect(endpoint);
	}

	const socket = process
		.getBuiltinModule('node:tls')
		.connect({...tlsFor(endpoint), host: endpoint.host, port: endpoint.port});
	socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('it does not answer')));
	socket.once('secureConnect', () => socket.setTimeout(0));
	return socket;
}

export function tlsFor({certificate, key, authority}: RemoteEndpoint) {
	return {cert: certificate, key, ca: [authority], servername: serverName, minVersion: 'TLSv1.3' as const};
}

/** Why there is no connection, in words for whoever has a certificate that is of no use. */
export function notReached(endpoint: Endpoint, cause: Error): ClusterError {
	const {code = '', message} = cause as NodeJS.ErrnoException;
	const where = endpointText(endpoint);
	if (typeof endpoint !== 'string') {
		if (code.startsWith('ERR_SSL_') && code.includes('ALERT')) {
			return new ClusterError('not-allowed', `the daemon on ${where} does not take this certificate`, {
				hint: 'It is of another daemon, or has expired: an admin there makes a new one with muster access rotate.',
				cause,
			});
		}

		if (distrusted.has(code)) {
			return new ClusterError(
				'unreachable',
				`what listens on ${where} is not the daemon that gave this certificate: ${message}`,
				{
					hint: 'Ask its admin for a new one, and add the context again.',
					cause,
				},
			);
		}

		if (message === noAnswer) {
			return new ClusterError('unreachable', `the daemon on ${where} ends the connection without a word`, {
				hint: 'It does not take this certificate, or is just ending.',
				cause,
			});
		}
	}

	return new ClusterError('unreachable', `the daemon cannot be reached on ${where}: ${message}`, {cause});
}

const distrusted = new Set([
	'SELF_SIGNED_CERT_IN_CHAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_SIGNATURE_FAILURE',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);
