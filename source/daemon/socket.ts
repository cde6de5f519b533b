import {chmodSync, rmSync} from 'node:fs';
import type {Server} from 'node:http';
import type {Socket} from 'node:net';
import {prepareSocketFolder} from '../backends/local/home.ts';

/** For answers that are on their way. */
const closeTimeoutMs = 50;

export type OpenSocket = {
	/** Takes no more connections, and ends all there are. */
	close(): Promise<void>;
};

/** Listens on a unix socket that only its owner may use. One that lies there is a dead daemon's: the lock is held. */
export async function listenOn(server: Server, file: string): Promise<OpenSocket> {
	prepareSocketFolder(file);
	rmSync(file, {force: true});
	// The server forgets those that were upgraded, and would wait for them for ever.
	const connections = new Set<Socket>();
	server.on('connection', socket => {
		connections.add(socket);
		socket.once('close', () => connections.delete(socket));
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(file, () => {
			server.off('error', reject);
			resolve();
		});
	});
	chmodSync(file, 0o600);
	return {close: () => close(server, connections)};
}

async function close(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
	const closed = new Promise<void>(resolve => {
		server.close(() => resolve());
	});
	server.closeIdleConnections();
	const timer = setTimeout(() => {
		for (const socket of connections) {
			socket.destroy();
		}
	}, closeTimeoutMs);
	await closed;
	clearTimeout(timer);
}
