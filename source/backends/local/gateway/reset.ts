import type {Socket} from 'node:net';

/** The other side is to see that this is no usual end. Unix sockets and TLS know no reset: there it is closed. */
export function reset(socket: Socket): void {
	try {
		socket.resetAndDestroy();
	} catch {
		socket.destroy();
	}
}
