import type {Server, ServerOptions} from 'node:https';
import type {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import {ClusterError} from '../../core/error.ts';
import type {AccessBoard} from './access-board.ts';

export type Where = {readonly host: string; readonly port: number};

export type TcpListener = {
	/** With the port that was given for 0. */
	readonly where: Where;
	/** How many are open. */
	readonly connections: number;
	close(): Promise<void>;
};

/** Whoever has not shown a certificate by then is let go; so many may be open at once. */
const handshakeTimeoutMs = 10_000;
const maxConnections = 1000;
/** Timers take no longer ones. */
const longestTimerMs = 2 ** 31 - 1;

/** Only TLS 1.3, and only for those who show a certificate that this home's authority has signed. */
export function tlsOptions(board: AccessBoard): ServerOptions {
	const {authority} = board;
	const {certificate, key} = authority.server();
	return {
		cert: certificate,
		key,
		ca: [authority.certificate],
		requestCert: true,
		rejectUnauthorized: true,
		minVersion: 'TLSv1.3',
		handshakeTimeout: handshakeTimeoutMs,
		headersTimeout: handshakeTimeoutMs,
	};
}

/** Listens with a server made by `tlsOptions`; throws `conflict` where the port is taken. */
export async function listenByTcp(
	server: Server,
	where: Where,
	board: AccessBoard,
	now: () => number,
): Promise<TcpListener> {
	const connections = new Set<Socket>();
	/** Those who have shown a certificate. */
	const shown = new Set<TLSSocket>();
	server.maxConnections = maxConnections;
	server.on('connection', socket => remember(connections, socket as Socket));
	server.on('tlsClientError', (_, socket) => socket.destroy());
	server.on('secureConnection', socket => {
		remember(shown, socket);
		keepCurrent(socket, now());
	});
	const unsubscribe = board.onRevoked(fingerprint => {
		for (const socket of shown) {
			if (fingerprintOf(socket) === fingerprint) {
				socket.destroy();
			}
		}
	});
	try {
		await listen(server, where);
	} catch (error) {
		unsubscribe();
		throw error;
	}

	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : where.port;
	return {
		where: {host: where.host, port},
		get connections() {
			return connections.size;
		},
		async close() {
			unsubscribe();
			const closed = new Promise<void>(resolve => {
				server.close(() => resolve());
			});
			for (const socket of [...connections, ...shown]) {
				socket.destroy();
			}

			await closed;
		},
	};
}

function remember<T extends Socket>(all: Set<T>, socket: T): void {
	all.add(socket);
	socket.once('close', () => all.delete(socket));
}

/** Streams that were opened with a good certificate end when it does. */
function keepCurrent(socket: TLSSocket, now: number): void {
	const until = Date.parse(socket.getPeerX509Certificate()?.validTo ?? '') - now;
	if (!(until > 0)) {
		socket.destroy();
		return;
	}

	const timer = setTimeout(() => socket.destroy(), Math.min(until, longestTimerMs));
	timer.unref();
	socket.once('close', () => clearTimeout(timer));
}

function fingerprintOf(socket: TLSSocket): string | undefined {
	return socket.getPeerX509Certificate()?.fingerprint256;
}

function listen(server: Server, {host, port}: Where): Promise<void> {
	return new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, error));
		server.once('error', fail);
		server.listen({host, port}, () => {
			server.off('error', fail);
			resolve();
		});
	});
}

const sentences: Readonly<Record<string, string>> = {
	EADDRINUSE: 'the port is taken',
	EADDRNOTAVAIL: 'this machine has no such address',
	EACCES: 'permission denied',
	ENOTFOUND: 'there is no such host',
};

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): ClusterError {
	const why = sentences[cause.code ?? ''] ?? cause.message;
	return new ClusterError('conflict', `the API cannot listen on ${host} port ${port}: ${why}`, {cause});
}
