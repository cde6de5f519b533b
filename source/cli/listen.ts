import {createServer, type Socket} from 'node:net';
import {tunnelOver} from '../backends/local/client/tunnel.ts';
import {ClusterError} from '../core/error.ts';
import type {Listen} from '../live/port-forward.ts';

/** A port of this machine. */
export const listen: Listen = (address, port, accept) => {
	const open = new Set<Socket>();
	const server = createServer({allowHalfOpen: true}, socket => {
		open.add(socket);
		socket.setNoDelay(true);
		socket.once('close', () => open.delete(socket));
		accept(tunnelOver(socket));
	});
	const {promise, resolve, reject} = Promise.withResolvers<Awaited<ReturnType<Listen>>>();
	server.once('error', cause => reject(notListening(address, port, cause)));
	server.listen({host: address, port}, () => {
		const bound = server.address();
		resolve({
			port: typeof bound === 'object' && bound !== null ? bound.port : port,
			close() {
				server.close();
				for (const socket of open) {
					socket.destroy();
				}
			},
		});
	});
	return promise;
};

function notListening(address: string, port: number, cause: Error): ClusterError {
	const {code} = cause as NodeJS.ErrnoException;
	const place = `${address}:${port}`;
	if (code === 'EADDRINUSE') {
		return new ClusterError('conflict', `${place} is in use by another program`, {
			hint: `Choose another one, or :PORT for one that is free.`,
			cause,
		});
	}

	if (code === 'EACCES') {
		return new ClusterError('not-allowed', `${place} may not be listened on: choose a port above 1023`, {cause});
	}

	return new ClusterError(
		code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' ? 'usage' : 'failed',
		`${place} cannot be listened on: ${cause.message}`,
		{cause},
	);
}
