import type {Socket} from 'node:net';

/** So long a host may take to be there and to prove who it is. */
export const openingMs = 10_000;

/**
 * Gives up a connection that is not there after a while: a host that takes it and says nothing more is noticed long before a
 * server that thinks about its answer is taken for gone.
 */
export function limitOpening(socket: Socket, limitMs: number): void {
	const {secureConnecting} = socket as Socket & {readonly secureConnecting?: boolean};
	if (!socket.connecting && !secureConnecting) return;
	const giveUp = () => socket.destroy(Object.assign(new Error('it does not answer'), {code: 'ETIMEDOUT'}));
	const timer = setTimeout(giveUp, limitMs);
	for (const event of [secureConnecting ? 'secureConnect' : 'connect', 'close']) {
		socket.once(event, () => clearTimeout(timer));
	}
}
