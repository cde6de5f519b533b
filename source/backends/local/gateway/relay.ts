import {connect, type Socket} from 'node:net';
import {type Address, addressOf} from './address.ts';
import {reset} from './reset.ts';
import type {Target, TargetPool} from './target-pool.ts';

const connectTimeoutMs = 2000;
/** What is read from a target at once. One buffer for each connection, used again: it is written before more is read. */
const bufferBytes = 32 * 1024;
/** This process is short of something: another target would not help. */
const ownShortages = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);

/**
 * Carries one accepted connection to a target of the pool, and to the next one where that refuses or is silent; each is
 * tried once. Where nobody takes it, the client sees a reset at once rather than an end that looks like an empty answer.
 * `lost`: it failed by this process's own fault. `namesClient`: the target is told who it is, by the PROXY protocol.
 */
export function relay(client: Socket, pool: TargetPool, lost: (error: Error) => void, namesClient = false): void {
	const tried = new Set<Target>();
	const ignore = () => {};
	const attempt = () => {
		const target = client.destroyed ? undefined : pool.take(tried);
		if (!target) {
			reset(client);
			return;
		}

		const address = addressOf(target);
		const upstream = open(address, client);
		const fail = (error: NodeJS.ErrnoException) => {
			upstream.destroy();
			pool.release(target);
			if (ownShortages.has(error.code ?? '')) {
				reset(client);
				lost(error);
				return;
			}

			if ('path' in address) {
				pool.avoidSocket(target);
			} else {
				pool.avoid(target);
				tried.add(target);
			}

			attempt();
		};

		upstream.once('error', fail);
		upstream.once('timeout', () => upstream.destroy(new Error('timed out')));
		upstream.once('connect', () => {
			upstream.setTimeout(0);
			upstream.off('error', fail);
			client.off('error', ignore);
			upstream.once('close', () => pool.release(target));
			if (namesClient) {
				upstream.write(proxyLine(client));
			}

			join(client, upstream);
		});
	};

	// Until both are joined: that it has gone is seen by `destroyed`.
	client.on('error', ignore);
	attempt();
}

function proxyLine({remoteAddress, remotePort, localAddress, localPort}: Socket): string {
	if (remoteAddress === undefined || localAddress === undefined) {
		return 'PROXY UNKNOWN\r\n';
	}

	const plain = (address: string) => address.replace(/^::ffff:/, '');
	const family = plain(remoteAddress).includes(':') ? 'TCP6' : 'TCP4';
	return `PROXY ${family} ${plain(remoteAddress)} ${plain(localAddress)} ${remotePort} ${localPort}\r\n`;
}

/** Connects to where a target is; all that comes from there goes to the client. */
function open(address: Address, client: Socket): Socket {
	let isWaiting = false;
	const written = () => {
		if (isWaiting && client.writableLength === 0) {
			isWaiting = false;
			upstream.resume();
		}
	};

	const upstream = connect({
		...address,
		allowHalfOpen: true,
		noDelay: true,
		timeout: connectTimeoutMs,
		onread: {
			buffer: Buffer.allocUnsafeSlow(bufferBytes),
			// The answer false pauses: while the system has not taken all of it, the buffer must not be written to.
			callback(length, buffer) {
				client.write(buffer.subarray(0, length), written);
				isWaiting = client.writableLength > 0;
				return !isWaiting;
			},
		},
	});
	return upstream;
}

/** Both ways, with each side's end as the other's, until both have ended. A side that breaks resets the other. */
function join(client: Socket, upstream: Socket): void {
	client.on('data', data => {
		if (!upstream.write(data)) {
			client.pause();
		}
	});
	upstream.on('drain', () => client.resume());
	for (const [one, other] of [
		[client, upstream],
		[upstream, client],
	] as const) {
		one.on('end', () => other.end());
		one.on('error', () => reset(other));
		one.on('close', () => {
			if (!one.readableEnded) {
				other.destroy();
			}
		});
	}

	if (client.destroyed) {
		reset(upstream);
	} else if (client.readableEnded) {
		// It said so while a target was looked for, as probes of a port do: they wait for the target's end, too.
		upstream.end();
	}
}
