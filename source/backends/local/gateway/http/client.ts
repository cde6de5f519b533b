import type {Socket} from 'node:net';
import {count, type RequestCounts} from '../metrics.ts';
import {reset} from '../reset.ts';
import type {Target} from '../target-pool.ts';
import {type Body, bodyOf} from './body.ts';
import {Exchange, type ExchangeListener} from './exchange.ts';
import {
	BadMessage,
	type Client,
	endOfHead,
	maxHeadBytes,
	ownAnswer,
	type RequestHead,
	type ResponseHead,
	readRequest,
	writeRequest,
	writeResponse,
} from './head.ts';
import type {HttpService} from './service.ts';
import type {Upstream} from './upstream.ts';

/** Without a request for so long a connection is closed; a head that has begun must be whole in that time, too. */
const idleMs = 75_000;
const shortBytes = 8192;

export type HttpFront = {
	/** The service that a request is for; undefined: no rule fits. */
	find(head: RequestHead): FrontService | undefined;
	/** A request waits until there is somebody to take it, or is given up. */
	hold?(service: FrontService): Promise<void> | undefined;
	/** Connections are to end as soon as nothing is lost by it: after the next answer. */
	readonly isLeaving: () => boolean;
	/** Over encrypted connections. */
	readonly isSecure: boolean;
};

export type FrontService = HttpService & {readonly counts: RequestCounts};

/** One client's connection: its requests, one after the other. */
export class HttpClient implements ExchangeListener {
	readonly #socket: Socket;
	readonly #front: HttpFront;
	readonly #client: Client;
	#received: Buffer | undefined;
	#searched = 0;
	#head: RequestHead | undefined;
	#service: FrontService | undefined;
	#exchange: Exchange | undefined;
	#body: Body | undefined;
	#mayWrite = false;
	#startedMs = 0;
	/** What has been said of the present request. */
	#status = 0;
	#keepsAlive = true;
	#isTunnel = false;
	#hasEnded = false;

	constructor(socket: Socket, front: HttpFront) {
		this.#socket = socket;
		this.#front = front;
		this.#client = {address: plainAddress(socket.remoteAddress ?? 'unknown'), isSecure: front.isSecure};
		socket.setTimeout(idleMs, () => this.#timedOut());
		socket.on('data', data => this.#take(data));
		socket.on('drain', () => this.#exchange?.resume());
		socket.on('end', () => this.#clientEnded());
		socket.on('error', () => socket.destroy());
		socket.on('close', () => this.#closed());
	}

	#take(data: Buffer): void {
		if (this.#isTunnel) {
			return;
		}

		const received = this.#received ? Buffer.concat([this.#received, data]) : data;
		this.#received = undefined;
		try {
			this.#read(received);
		} catch (error) {
			const {status, message} = error instanceof BadMessage ? error : new BadMessage(502, 'The request failed.');
			this.#refuse(status, message);
		}
	}

	#read(data: Buffer): void {
		if (this.#head) {
			this.#readBody(data);
			return;
		}

		// Some clients send a line break after a body.
		let from = 0;
		while (data[from] === 13 && data[from + 1] === 10) {
			from += 2;
		}

		const rest = from === 0 ? data : data.subarray(from);
		const end = endOfHead(rest, this.#searched);
		if (end === undefined) {
			if (rest.length > maxHeadBytes) {
				throw new BadMessage(431, 'The head of the request is too long.');
			}

			this.#searched = rest.length;
			this.#received = rest;
			return;
		}

		this.#searched = 0;
		this.#begin(readRequest(rest, end), rest.subarray(end));
	}

	#begin(head: RequestHead, rest: Buffer): void {
		this.#startedMs = performance.now();
		this.#head = head;
		this.#status = 0;
		this.#keepsAlive = head.keepAlive;
		this.#body = bodyOf(head.framing);
		const service = this.#front.find(head);
		this.#service = service;
		if (!service) {
			this.#status = 404;
			this.#socket.write(ownAnswer(404, 'No service is published for this host and path.', false));
			this.#socket.end();
			return;
		}

		const held = service.pool.size === 0 ? this.#front.hold?.(service) : undefined;
		if (held) {
			this.#keep(rest);
			void held.then(() => this.#start(head, service));
		} else {
			this.#keep(rest);
			this.#start(head, service);
		}
	}

	/** For when it can be passed on. */
	#keep(rest: Buffer): void {
		if (rest.length > 0) {
			this.#received = rest;
		}
	}

	#start(head: RequestHead, service: FrontService): void {
		if (this.#socket.destroyed) {
			return;
		}

		this.#mayWrite = false;
		this.#exchange = new Exchange(service, head, writeRequest(head, this.#client), this);
		this.#exchange.start();
	}

	/** The head has been sent: what has come of the body may follow. */
	ready(): void {
		this.#mayWrite = true;
		const rest = this.#received;
		this.#received = undefined;
		if (this.#body?.isOver) {
			this.#exchange?.sent();
			this.#received = rest;
		} else if (rest) {
			this.#readBody(rest);
		}

		this.#socket.resume();
	}

	#readBody(data: Buffer): void {
		const {isOver = true} = this.#body ?? {};
		if (isOver || !this.#mayWrite) {
			// The next request, or a body that has to wait.
			this.#received = data;
			this.#socket.pause();
			return;
		}

		const length = this.#body?.take(data) ?? 0;
		if (length > 0 && this.#exchange?.write(data.subarray(0, length)) === false) {
			this.#socket.pause();
		}

		if (this.#body?.isOver) {
			this.#exchange?.sent();
		}

		if (length < data.length) {
			this.#received = data.subarray(length);
		}
	}

	answered(answer: ResponseHead, target: Target, first: Buffer): boolean {
		this.#status = answer.status;
		// Of a body that is still being sent the rest would be taken for a request.
		const isWhole = this.#body?.isOver ?? true;
		const mayGoOn = !this.#hasEnded && !this.#front.isLeaving();
		this.#keepsAlive = this.#keepsAlive && isWhole && mayGoOn && answer.framing.type !== 'close';
		const sticky = this.#service?.stickyHeader(this.#head?.cookie, target) ?? '';
		const text = writeResponse(answer, this.#keepsAlive, this.#head?.minor ?? 1, sticky);
		// One write for what is short: each costs about as much as all that is read here.
		if (first.length <= shortBytes) {
			return this.#socket.write(first.length === 0 ? text : text + first.toString('latin1'), 'latin1');
		}

		this.#socket.write(text, 'latin1');
		return this.#socket.write(first);
	}

	drained(): void {
		this.#socket.resume();
	}

	informed({status, reason, lines}: ResponseHead): void {
		if (this.#head?.minor === 1) {
			this.#socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n`, 'latin1');
		}
	}

	data(data: Buffer): boolean {
		return this.#socket.write(data);
	}

	failed(status: number, message: string): void {
		this.#refuse(status, message);
	}

	finished(how: 'kept' | 'ended'): void {
		this.#count(this.#status >= 500);
		this.#head = undefined;
		this.#exchange = undefined;
		if (how === 'ended' || !this.#keepsAlive) {
			this.#socket.end();
			return;
		}

		const rest = this.#received;
		this.#received = undefined;
		this.#socket.resume();
		if (rest) {
			this.#take(rest);
		} else if (this.#hasEnded) {
			this.#socket.end();
		}
	}

	changed(answer: ResponseHead, upstream: Upstream, rest: Buffer): void {
		const {socket} = upstream;
		const target = this.#exchange?.target;
		this.#count(false);
		this.#isTunnel = true;
		this.#exchange = undefined;
		const pool = this.#service?.pool;
		this.#socket.setTimeout(0);
		this.#socket.write(
			`HTTP/1.1 101 ${answer.reason}\r\n${answer.lines}Connection: Upgrade\r\nUpgrade: ${answer.upgrade ?? ''}\r\n\r\n`,
			'latin1',
		);
		this.#socket.write(rest);
		if (this.#received) {
			socket.write(this.#received);
			this.#received = undefined;
		}

		socket.removeAllListeners('data');
		this.#socket.removeAllListeners('data');
		this.#socket.pipe(socket).pipe(this.#socket);
		socket.on('close', () => {
			if (target) {
				pool?.release(target);
			}

			this.#socket.destroy();
		});
		this.#socket.on('close', () => socket.destroy());
	}

	/** An answer of the gateway's own; the connection carries nothing after it. */
	#refuse(status: number, message: string): void {
		this.#count(true);
		this.#exchange?.abandon();
		this.#exchange = undefined;
		if (this.#socket.writable && this.#status === 0) {
			this.#status = status;
			const isWhole = this.#head !== undefined && (this.#body?.isOver ?? true) && this.#keepsAlive && !this.#hasEnded;
			this.#socket.write(ownAnswer(status, message, isWhole, this.#head?.method === 'HEAD'));
			this.#head = undefined;
			if (isWhole) {
				this.#again();
				return;
			}
		}

		this.#head = undefined;
		this.#socket.end();
		this.#socket.setTimeout(1000, () => this.#socket.destroy());
	}

	/** Looks at what has come after the request that was refused, once this one is through. */
	#again(): void {
		const rest = this.#received;
		this.#received = undefined;
		this.#socket.resume();
		if (rest) {
			setImmediate(() => this.#take(rest));
		}
	}

	/** The client must see that the answer is not whole. */
	broke(): void {
		this.#count(true);
		this.#head = undefined;
		this.#exchange = undefined;
		reset(this.#socket);
	}

	#count(isError: boolean): void {
		if (this.#head && this.#service) {
			const ms = performance.now() - this.#startedMs;
			count(this.#service.counts, ms, isError);
			const counts = this.#exchange?.target?.counts;
			if (counts) {
				count(counts, ms, isError);
			}
		}
	}

	#clientEnded(): void {
		this.#hasEnded = true;
		if (!this.#head && !this.#isTunnel) {
			this.#socket.end();
		}
	}

	#timedOut(): void {
		if (this.#head) {
			return;
		}

		if (this.#received) {
			this.#refuse(408, 'The request did not come in time.');
		} else {
			this.#socket.destroy();
		}
	}

	#closed(): void {
		if (this.#exchange) {
			this.#exchange.abandon();
			this.#exchange = undefined;
		}

		this.#head = undefined;
	}
}

/** IPv4 as it is written. */
function plainAddress(address: string): string {
	return address.startsWith('::ffff:') ? address.slice(7) : address;
}
