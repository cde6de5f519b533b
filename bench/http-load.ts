import {connect, type Socket} from 'node:net';
import {createHistogram, type RecordableHistogram} from 'node:perf_hooks';

export type HttpLoadOptions = {
	readonly port: number;
	/** Kept alive, each with one request at a time. */
	readonly connections: number;
	readonly path?: string;
	/** All together; one that is late begins at once and is not made up for. Absent: as many as are answered. */
	readonly perSecond?: number;
};

export type HttpLoadResult = {
	/** Answered in full with a status below 500. */
	readonly requests: number;
	/** Not answered in full: nobody took the connection, or it broke; or answered with 500 and above. */
	readonly failed: number;
	/** Of those, how many for which reason. */
	readonly failures: Readonly<Record<string, number>>;
	readonly seconds: number;
	/** From when a request wanted to go to the end of its answer, a connection that had to be opened included. */
	readonly latencyMs: {readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number};
};

export type HttpLoad = {
	/** So far. */
	readonly requests: number;
	readonly failed: number;
	/** No request begins any more; those under way are waited for. */
	stop(): Promise<HttpLoadResult>;
};

/** A client that meets a failure waits so long, as one that is not meant to do harm would. */
const afterFailureMs = 10;
const maxHeadBytes = 65_536;

type State = {
	readonly options: HttpLoadOptions;
	readonly latencies: RecordableHistogram;
	readonly failures: Record<string, number>;
	requests: number;
	isStopping: boolean;
};

/** Sends requests to 127.0.0.1, back to back on each connection or so many a second, until it is stopped. */
export function startHttpLoad(options: HttpLoadOptions): HttpLoad {
	const state: State = {options, latencies: createHistogram(), failures: {}, requests: 0, isStopping: false};
	const startMs = performance.now();
	const clients = Array.from({length: options.connections}, (_, index) => client(state, index));
	return {
		get requests() {
			return state.requests;
		},
		get failed() {
			return sum(state.failures);
		},
		async stop() {
			state.isStopping = true;
			const seconds = (performance.now() - startMs) / 1000;
			await Promise.all(clients);
			return result(state, seconds);
		},
	};
}

async function client(state: State, index: number): Promise<void> {
	const {connections, perSecond} = state.options;
	const everyMs = perSecond === undefined ? 0 : (1000 * connections) / perSecond;
	let dueMs = performance.now() + (everyMs * index) / connections;
	let connection: Connection | undefined;
	while (!state.isStopping) {
		if (everyMs > 0) {
			await new Promise(resolve => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
			dueMs = Math.max(dueMs + everyMs, performance.now());
		}

		const beganNs = process.hrtime.bigint();
		connection ??= new Connection(state.options);
		const {failure, isLast} = await connection.ask();
		if (failure === undefined) {
			state.requests++;
			state.latencies.record(process.hrtime.bigint() - beganNs);
		} else {
			state.failures[failure] = (state.failures[failure] ?? 0) + 1;
			await new Promise(resolve => setTimeout(resolve, afterFailureMs));
		}

		if (isLast) {
			connection.close();
			connection = undefined;
		}
	}

	connection?.close();
}

type Answer = {
	readonly failure?: string;
	/** The connection carries no other request. */
	readonly isLast: boolean;
};

class Connection {
	readonly #socket: Socket;
	readonly #request: string;
	#done: ((answer: Answer) => void) | undefined;
	/** What came of the answer's head. */
	#head = '';
	/** Of the body; undefined: the head is not whole yet. */
	#missingBytes: number | undefined;
	#failure: string | undefined;
	#isLast = false;

	constructor({port, path = '/'}: HttpLoadOptions) {
		this.#request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
		this.#socket = connect({port, host: '127.0.0.1', noDelay: true});
		this.#socket.on('data', data => this.#take(data));
		this.#socket.on('error', ({code, message}: NodeJS.ErrnoException) => this.#break(code ?? message));
		this.#socket.on('end', () => this.#break('ended before the answer'));
		this.#socket.on('close', () => this.#break('closed before the answer'));
	}

	ask(): Promise<Answer> {
		const {promise, resolve} = Promise.withResolvers<Answer>();
		this.#done = resolve;
		this.#head = '';
		this.#missingBytes = undefined;
		this.#failure = undefined;
		if (this.#socket.writable) {
			this.#socket.write(this.#request);
		} else {
			this.#break('closed without being said');
		}

		return promise;
	}

	close(): void {
		this.#socket.end();
	}

	#take(data: Buffer): void {
		if (this.#missingBytes !== undefined) {
			this.#missingBytes -= data.length;
		} else {
			this.#head += data.toString('latin1');
			this.#readHead();
		}

		if (this.#missingBytes !== undefined && this.#missingBytes <= 0) {
			const failure = this.#missingBytes < 0 ? 'more than the answer' : this.#failure;
			this.#finish({isLast: this.#isLast, ...(failure === undefined ? {} : {failure})});
		}
	}

	#readHead(): void {
		const end = this.#head.indexOf('\r\n\r\n');
		if (end < 0) {
			if (this.#head.length > maxHeadBytes) {
				this.#break('no end of the head');
			}

			return;
		}

		const head = this.#head.slice(0, end);
		const length = /^content-length: *(\d+)/im.exec(head)?.[1];
		const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
		if (length === undefined || Number.isNaN(status)) {
			this.#break('an answer without status or content-length');
			return;
		}

		this.#isLast = /^connection: *close/im.test(head);
		this.#failure = status >= 500 ? `status ${status}` : undefined;
		this.#missingBytes = Number(length) - (this.#head.length - end - 4);
	}

	#break(failure: string): void {
		this.#finish({failure, isLast: true});
		this.#socket.destroy();
	}

	#finish(answer: Answer): void {
		this.#done?.(answer);
		this.#done = undefined;
	}
}

function result({latencies, failures, requests}: State, seconds: number): HttpLoadResult {
	const ms = (percent: number) => (requests === 0 ? Number.NaN : latencies.percentile(percent) / 1e6);
	return {
		requests,
		failed: sum(failures),
		failures: {...failures},
		seconds,
		latencyMs: {p50: ms(50), p90: ms(90), p99: ms(99), max: ms(100)},
	};
}

function sum(counts: Readonly<Record<string, number>>): number {
	return Object.values(counts).reduce((total, count) => total + count, 0);
}
