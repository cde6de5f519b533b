import {leaseMs} from '../../../core/lease.ts';
import type {Home} from '../home.ts';
import {type MessageStream, messageStream} from '../message-stream.ts';
import type {AgentMessage, DaemonToAgent} from '../protocol.ts';
import {connectUpgrade} from '../upgrade.ts';

export type LinkOptions = {
	readonly home: Home;
	/** Starts a daemon and waits for it; false: it was stopped on purpose. */
	readonly startDaemon: () => Promise<boolean>;
	/** What this agent says first. */
	readonly hello: () => AgentMessage;
	readonly welcomed: () => void;
	/** The daemon knows a later generation. */
	readonly refused: (reason: string) => void;
	/** After the welcome only. */
	readonly message: (message: DaemonToAgent) => void;
	readonly log: (message: string) => void;
};

const firstRetryMs = 20;
const maxRetryMs = 250;
/** Gone for so long, a daemon is started by whoever notices. */
const goneMs = 1000;
const maxStartPauseMs = 30_000;

/** The connection to the daemon, made anew whenever it is lost. */
export class DaemonLink {
	readonly #options: LinkOptions;
	#stream: MessageStream<AgentMessage> | undefined;
	#isWelcome = false;
	/** Raised whenever what went before does not matter any more. */
	#epoch = 0;
	#retryMs = firstRetryMs;
	#goneSinceMs: number | undefined;
	#isStarting = false;
	#nextStartMs = 0;
	#startPauseMs = goneMs;

	constructor(options: LinkOptions) {
		this.#options = options;
		void this.#connect();
	}

	/** Dropped while there is no welcome: the next hello tells everything. */
	send(message: AgentMessage): void {
		if (this.#isWelcome) {
			this.#stream?.send(message);
		}
	}

	/** Drops the connection with all that came by it, and asks for a new welcome. */
	renew(): void {
		this.close();
		void this.#connect();
	}

	close(): void {
		this.#epoch++;
		this.#isWelcome = false;
		this.#stream?.destroy();
		this.#stream = undefined;
	}

	async #connect(): Promise<void> {
		const epoch = ++this.#epoch;
		try {
			const {socket, head} = await connectUpgrade(this.#options.home.socket, '/v1/agent', 'muster-agent');
			if (epoch !== this.#epoch) {
				socket.destroy();
				return;
			}

			const saidMs = performance.now();
			this.#stream = messageStream<DaemonToAgent, AgentMessage>(socket, head, {
				message: message => epoch === this.#epoch && this.#take(message, saidMs),
				ended: error => epoch === this.#epoch && this.#lost(error),
			});
			this.#stream.send(this.#options.hello());
		} catch (error) {
			if (epoch === this.#epoch) {
				this.#lost(error as Error);
			}
		}
	}

	#take(message: DaemonToAgent, saidMs: number): void {
		if (message.type === 'refused') {
			this.close();
			this.#options.refused(message.reason);
		} else if (message.type === 'welcome') {
			this.#welcome(saidMs);
		} else if (this.#isWelcome) {
			this.#options.message(message);
		}
	}

	/** One that was given long ago says nothing of now: this process may have been stopped before it could read it. */
	#welcome(saidMs: number): void {
		if (performance.now() - saidMs > leaseMs / 2) {
			this.renew();
			return;
		}

		this.#isWelcome = true;
		this.#retryMs = firstRetryMs;
		this.#goneSinceMs = undefined;
		this.#startPauseMs = goneMs;
		this.#options.welcomed();
	}

	#lost(error: Error | undefined): void {
		if (this.#isWelcome) {
			this.#options.log(`lost the daemon${error ? `: ${error.message}` : ''}`);
		}

		this.close();
		const nowMs = performance.now();
		this.#goneSinceMs ??= nowMs;
		if (isAbsent(error) && nowMs - this.#goneSinceMs >= goneMs) {
			this.#startDaemon(nowMs);
		}

		const epoch = this.#epoch;
		setTimeout(() => epoch === this.#epoch && void this.#connect(), this.#retryMs);
		this.#retryMs = Math.min(maxRetryMs, this.#retryMs * 2);
	}

	#startDaemon(nowMs: number): void {
		if (this.#isStarting || nowMs < this.#nextStartMs) {
			return;
		}

		this.#isStarting = true;
		this.#options
			.startDaemon()
			.catch((error: Error) => this.#options.log(`cannot start the daemon: ${error.message}`))
			.finally(() => {
				this.#isStarting = false;
				this.#nextStartMs = performance.now() + this.#startPauseMs;
				this.#startPauseMs = Math.min(maxStartPauseMs, this.#startPauseMs * 2);
			});
	}
}

/** Nobody listens there; a daemon that answers with an error, or not as one, is not for an agent to replace. */
function isAbsent(error: Error | undefined): boolean {
	const {code} = (error?.cause ?? {}) as NodeJS.ErrnoException;
	return code === 'ECONNREFUSED' || code === 'ENOENT';
}
