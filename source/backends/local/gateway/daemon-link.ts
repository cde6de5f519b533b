import {existsSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {toClusterError} from '../../../core/error.ts';
import type {Home} from '../home.ts';
import {type MessageStream, messageStream} from '../message-stream.ts';
import type {DaemonToGateway, GatewayMessage} from '../protocol.ts';
import {startDaemon} from '../start-daemon.ts';
import {connectUpgrade} from '../upgrade.ts';

/** Between two attempts to reach the daemon: doubles from the first to the last. */
const firstDelayMs = 25;
const lastDelayMs = 500;
/** A daemon that has been gone for so long is started. */
const goneMs = 1000;
/** Between two attempts to start one, where that fails: doubles. */
const firstStartDelayMs = 1000;
const lastStartDelayMs = 30_000;

export type DaemonLinkOptions = {
	readonly home: Home;
	/** Connected: says hello. */
	readonly opened: (stream: MessageStream<GatewayMessage>) => void;
	readonly message: (message: DaemonToGateway) => void;
	/** Not connected any more. */
	readonly ended: () => void;
	readonly log: (message: string) => void;
	readonly signal: AbortSignal;
};

/**
 * Keeps a connection to the daemon, and starts one that is gone unless it was stopped on purpose. Ends when the signal
 * aborts, or when the home itself has gone: nobody could reach this process any more.
 */
export async function keepLinked(options: DaemonLinkOptions): Promise<void> {
	const {home, signal} = options;
	const start = daemonStarter(options);
	let goneSinceMs = performance.now();
	let delayMs = firstDelayMs;
	while (!signal.aborted) {
		if (await session(options)) {
			goneSinceMs = performance.now();
			delayMs = firstDelayMs;
		} else if (!existsSync(home.state)) {
			return;
		} else if (performance.now() - goneSinceMs >= goneMs) {
			await start();
		}

		await wait(delayMs, undefined, {signal}).catch(() => {});
		delayMs = Math.min(lastDelayMs, delayMs * 2);
	}
}

/** One connection from its opening to its end; false where it could not be opened. */
async function session({home, opened, message, ended, log, signal}: DaemonLinkOptions): Promise<boolean> {
	const upgraded = await connectUpgrade(home.socket, '/v1/gateway', 'muster-gateway').catch(() => undefined);
	if (!upgraded) {
		return false;
	}

	const {promise, resolve} = Promise.withResolvers<void>();
	const stream = messageStream<DaemonToGateway, GatewayMessage>(upgraded.socket, upgraded.head, {
		message,
		ended(error) {
			log(`the daemon is gone${error ? `: ${error.message}` : ''}`);
			resolve();
		},
	});
	const destroy = () => stream.destroy();
	signal.addEventListener('abort', destroy);
	log('connected to the daemon');
	opened(stream);
	await promise;
	signal.removeEventListener('abort', destroy);
	ended();
	return true;
}

/** Starts a daemon where it is time for the next attempt; what comes of it shows when it can be reached. */
function daemonStarter({home, log}: DaemonLinkOptions): () => Promise<void> {
	let nextMs = Number.NEGATIVE_INFINITY;
	let delayMs = firstStartDelayMs;
	return async () => {
		if (performance.now() < nextMs) {
			return;
		}

		try {
			if (await startDaemon(home, {byUser: false})) {
				log('started the daemon');
				delayMs = firstStartDelayMs;
			}
		} catch (error) {
			log(`the daemon cannot be started: ${toClusterError(error).message}`);
			delayMs = Math.min(lastStartDelayMs, delayMs * 2);
		}

		nextMs = performance.now() + delayMs;
	};
}
