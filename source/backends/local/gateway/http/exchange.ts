import type {Target} from '../target-pool.ts';
import {type Body, bodyOf} from './body.ts';
import {BadMessage, endOfHead, maxHeadBytes, type RequestHead, type ResponseHead, readResponse} from './head.ts';
import {IdleConnections} from './idle-connections.ts';
import type {HttpService} from './service.ts';
import {Upstream} from './upstream.ts';

/** Asking them twice is asking once. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** What cannot be asked twice is not sent over a connection that has rested for longer. */
const freshMs = 1000;
const maxAttempts = 3;
/** This process is short of something: another target would not help. */
const ownShortages = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);
/** A gateway's statuses, and what an overloaded server says. */
const unfit = new Set([502, 503, 504]);

/** What the client's side is told. */
export type ExchangeListener = {
	/** May send the request's body now. */
	ready(): void;
	drained(): void;
	/** `100 Continue` and the like; the answer itself follows. */
	informed(head: ResponseHead): void;
	/** The head of the answer with what has come of its body; the rest follows by `data`. False as there. */
	answered(head: ResponseHead, target: Target, first: Buffer): boolean;
	/** Part of the body; false: no more before `resume`. */
	data(data: Buffer): boolean;
	/** The answer is whole. `ended` where it was so by the end of the connection. */
	finished(how: 'kept' | 'ended'): void;
	/** Both sides speak another protocol from now on; `rest`: what has come of it already. */
	changed(head: ResponseHead, upstream: Upstream, rest: Buffer): void;
	/** Nothing has been answered yet, and nothing will be: say so with this status. */
	failed(status: number, message: string): void;
	/** The answer ended in the middle. */
	broke(): void;
};

/** One request on its way to a target, and its answer on the way back. */
export class Exchange {
	readonly #head: RequestHead;
	readonly #text: string;
	readonly #service: HttpService;
	readonly #listener: ExchangeListener;
	readonly #tried = new Set<Target>();
	#attempts = 0;
	#target: Target | undefined;
	#upstream: Upstream | undefined;
	#received: Buffer | undefined;
	#answer: ResponseHead | undefined;
	#body: Body | undefined;
	/** All of the request has been sent. */
	#isSent = false;
	/** Something of its body has been sent, so that it cannot be sent again. */
	#hasSentBody = false;
	#isOver = false;

	/** `text`: the head as it is sent. */
	constructor(service: HttpService, head: RequestHead, text: string, listener: ExchangeListener) {
		this.#service = service;
		this.#head = head;
		this.#text = text;
		this.#listener = listener;
	}

	get target(): Target | undefined {
		return this.#target;
	}

	/** Chooses a target and sends the head, at once or when it is connected. */
	start(): void {
		const {pool} = this.#service;
		const target = this.#attempts < maxAttempts ? this.#choose() : undefined;
		if (target === undefined) {
			const isFull = this.#attempts === 0 && pool.size > 0;
			this.#fail(this.#attempts === 0 ? 503 : 502, this.#service.refusal(isFull, this.#attempts));
			return;
		}

		this.#attempts++;
		this.#target = target;
		target.idle ??= new IdleConnections();
		const isSafe = idempotent.has(this.#head.method) && this.#head.framing.type === 'none';
		const kept = target.idle.take(isSafe ? undefined : freshMs);
		const upstream = kept ?? new Upstream(target);
		this.#upstream = upstream;
		upstream.listen({
			connected: () => this.#send(),
			data: data => this.#take(data),
			drained: () => this.#listener.drained(),
			ended: error => this.#ended(error),
		});
		if (kept) {
			this.#send();
		}
	}

	/** Part of the request's body. False: wait for `drained`. */
	write(data: Buffer): boolean {
		this.#hasSentBody = true;
		return this.#upstream?.socket.write(data) ?? true;
	}

	/** The request is whole. */
	sent(): void {
		this.#isSent = true;
	}

	pause(): void {
		this.#upstream?.socket.pause();
	}

	resume(): void {
		this.#upstream?.socket.resume();
	}

	/** The client has gone: nobody waits for the answer. */
	abandon(): void {
		this.#close();
		this.#upstream?.destroy();
	}

	#choose(): Target | undefined {
		const {pool, limit, stickyInstance} = this.#service;
		const instanceId = stickyInstance(this.#head.cookie);
		return (
			(instanceId === undefined ? undefined : pool.takeInstance(instanceId, this.#tried, limit)) ??
			pool.take(this.#tried, limit)
		);
	}

	#send(): void {
		this.#upstream?.socket.write(this.#text, 'latin1');
		this.#listener.ready();
	}

	#take(data: Buffer): void {
		try {
			if (this.#body) {
				this.#takeBody(data);
			} else {
				this.#takeHead(data);
			}
		} catch (error) {
			this.#ended(error as Error);
		}
	}

	#takeHead(data: Buffer): void {
		const before = this.#received?.length ?? 0;
		const received = this.#received ? Buffer.concat([this.#received, data]) : data;
		const end = endOfHead(received, before);
		if (end === undefined) {
			if (received.length > maxHeadBytes) {
				throw new BadMessage(502, 'an answer whose head has no end');
			}

			this.#received = received;
			return;
		}

		this.#received = undefined;
		const head = readResponse(received, end, this.#head.method);
		const rest = received.subarray(end);
		if (head.status === 101) {
			this.#change(head, rest);
		} else if (head.status < 200) {
			this.#listener.informed(head);
			if (rest.length > 0) {
				this.#takeHead(rest);
			}
		} else {
			this.#answered(head, rest);
		}
	}

	#change(head: ResponseHead, rest: Buffer): void {
		const {upstream, target} = this.#parts();
		if (this.#head.upgrade === undefined) {
			throw new BadMessage(502, 'another protocol without being asked');
		}

		this.#isOver = true;
		this.#service.pool.judge(target, true);
		upstream.listen({connected() {}, data() {}, drained() {}, ended() {}});
		this.#listener.changed(head, upstream, rest);
	}

	#answered(head: ResponseHead, rest: Buffer): void {
		const {target} = this.#parts();
		this.#answer = head;
		this.#body = bodyOf(head.framing);
		this.#service.pool.judge(target, !unfit.has(head.status));
		const length = this.#body.take(rest);
		const first = length === rest.length ? rest : rest.subarray(0, length);
		const goesOn = this.#listener.answered(head, target, first);
		if (this.#body.isOver) {
			this.#finish(length === rest.length);
		} else if (!goesOn) {
			this.pause();
		}
	}

	#takeBody(data: Buffer): void {
		const body = this.#body;
		if (!body || this.#isOver) {
			return;
		}

		const length = body.take(data);
		const part = length === data.length ? data : data.subarray(0, length);
		if (!this.#listener.data(part)) {
			this.pause();
		}

		if (body.isOver) {
			this.#finish(length === data.length);
		}
	}

	/** `isClean`: nothing came after the answer. */
	#finish(isClean: boolean): void {
		const {upstream, target} = this.#parts();
		const isFit = upstream.isPreferred(target) && this.#service.pool.has(target);
		const isKept = isClean && this.#isSent && (this.#answer?.keepAlive ?? false) && isFit;
		this.#close();
		if (isKept) {
			upstream.socket.resume();
			target.idle?.put(upstream, this.#answer?.keepAliveSeconds);
		} else {
			upstream.destroy();
		}

		this.#listener.finished('kept');
	}

	#ended(error: (Error & {readonly code?: string; readonly status?: number}) | undefined): void {
		if (this.#isOver) {
			return;
		}

		if (this.#body) {
			this.#endedInBody();
			return;
		}

		const {upstream, target} = this.#parts();
		const {wasUsed, wasConnected} = upstream;
		upstream.destroy();
		this.#service.pool.release(target);
		this.#target = undefined;
		this.#received = undefined;
		if (ownShortages.has(error?.code ?? '')) {
			// What rests is given up for what has something to do; others may have given it up just now.
			this.#service.pool.closeIdle();
			if (this.#attempts < maxAttempts) {
				this.start();
				return;
			}

			this.#fail(503, 'The gateway is short of connections.');
			return;
		}

		if (!wasConnected && upstream.isBySocket) {
			this.#service.pool.avoidSocket(target);
			this.#attempts--;
		} else if (!wasConnected) {
			this.#service.pool.avoid(target);
			this.#tried.add(target);
		} else if (!wasUsed) {
			this.#service.pool.judge(target, false);
			this.#tried.add(target);
		}

		const mayAskAgain = !wasConnected || idempotent.has(this.#head.method);
		if (mayAskAgain && !this.#hasSentBody) {
			this.start();
		} else {
			this.#fail(502, 'The instance closed the connection before it answered.');
		}
	}

	#endedInBody(): void {
		const {upstream} = this.#parts();
		const isWhole = this.#answer?.framing.type === 'close';
		this.#close();
		upstream.destroy();
		if (isWhole) {
			this.#listener.finished('ended');
		} else {
			this.#listener.broke();
		}
	}

	#fail(status: number, message: string): void {
		this.#isOver = true;
		this.#listener.failed(status, message);
	}

	#close(): void {
		if (!this.#isOver && this.#target) {
			this.#isOver = true;
			this.#service.pool.release(this.#target);
		}
	}

	#parts(): {readonly upstream: Upstream; readonly target: Target} {
		if (!this.#upstream || !this.#target) {
			throw new Error('an exchange without a target');
		}

		return {upstream: this.#upstream, target: this.#target};
	}
}
