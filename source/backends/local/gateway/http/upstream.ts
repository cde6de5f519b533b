import {connect, type Socket} from 'node:net';
import {addressOf, type Reachable} from '../address.ts';

const connectTimeoutMs = 2000;

/** Who listens to a connection at present. */
export type UpstreamListener = {
	connected(): void;
	data(data: Buffer): void;
	/** All that was written has been taken. */
	drained(): void;
	/** It has ended or broken. */
	ended(error: NodeJS.ErrnoException | undefined): void;
};

const nobody: UpstreamListener = {connected() {}, data() {}, drained() {}, ended() {}};

/** A connection to a target: of one request after the other. */
export class Upstream {
	readonly socket: Socket;
	/** It has carried a request before. */
	wasUsed = false;
	/** Its target has taken it: before, nothing of a request can have got there. */
	wasConnected = false;
	#listener: UpstreamListener = nobody;
	#error: NodeJS.ErrnoException | undefined;
	#isOver = false;

	/** Not by its port. */
	readonly isBySocket: boolean;

	constructor(target: Reachable) {
		const address = addressOf(target);
		this.isBySocket = 'path' in address;
		const socket = connect({...address, noDelay: true});
		this.socket = socket;
		socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('timed out')));
		socket.on('connect', () => {
			socket.setTimeout(0);
			this.wasConnected = true;
			this.#listener.connected();
		});
		socket.on('data', data => this.#listener.data(data));
		socket.on('drain', () => this.#listener.drained());
		socket.on('error', error => {
			this.#error = error;
		});
		socket.on('end', () => this.#end());
		socket.on('close', () => this.#end());
	}

	get isOpen(): boolean {
		return !this.#isOver && !this.socket.destroyed && !this.socket.connecting;
	}

	/** Whether its target would now be reached in the same way: not by its port, where its socket is fit again. */
	isPreferred(target: Reachable): boolean {
		return this.isBySocket === 'path' in addressOf(target);
	}

	listen(listener: UpstreamListener): void {
		this.#listener = listener;
	}

	/** Waits for the next request. What comes meanwhile is no answer to anything: it is closed. */
	rest(ended: () => void): void {
		this.wasUsed = true;
		this.#listener = {...nobody, data: () => this.destroy(), ended};
	}

	destroy(): void {
		this.#listener = nobody;
		this.socket.destroy();
	}

	#end(): void {
		if (!this.#isOver) {
			this.#isOver = true;
			this.#listener.ended(this.#error);
		}
	}
}
