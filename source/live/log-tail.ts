import type {Facets, LogLine, LogMissed, LogQuery} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {toClusterError} from '../core/error.ts';
import type {Instant} from '../core/model/index.ts';
import {stripControl} from '../core/text/text.ts';
import {LogBuffer, type LogLimits} from './log-buffer.ts';

export type LogTail = {
	/** The last lines, by their times; their texts are safe for a terminal. */
	readonly buffer: LogBuffer;
	/** Why nothing comes just now; undefined: lines are read. */
	readonly broken: string | undefined;
	/** Of several, those of which nothing can be read just now, by name, and why. */
	readonly missed: ReadonlyMap<string, string>;
	/** The stream was read to its end: none of its instances writes any more. */
	readonly ended: boolean;
	/** Since when nobody has answered, by the wall clock; undefined: somebody has, and what does not come was not written. */
	readonly askedSince: Instant | undefined;
	/** There is more, which is not read: it would push out the line that is held. */
	readonly waits: boolean;
	/** This line is looked at: it and what is behind it stay, until another number is told, or undefined. */
	hold(number: number | undefined): void;
	close(): void;
};

export type LogTailOptions = {
	readonly logs: Facets['logs'];
	readonly query: LogQuery;
	readonly clock: Clock;
	/** Called at most each 100 ms. */
	readonly changed: () => void;
	readonly limits?: Partial<LogLimits>;
};

const notifyMs = 100;
/** Lines that have arrived and are in no order yet; more than come within `notifyMs`. */
const mostWaiting = 20_000;
const retryMs = [500, 1000, 2000, 5000] as const;
/** A stream that broke is opened again so long before its last line: those of others may still have been on their way. */
const againMs = 2000;
/** Of a line as long as a file, what is kept. */
const maxLineCharacters = 16_384;

/** Follows logs into a bounded buffer; a stream that breaks is opened again where it broke. */
export function openLogTail(options: LogTailOptions): LogTail {
	return new Tail(options);
}

class Tail implements LogTail {
	readonly buffer: LogBuffer;
	broken: string | undefined;
	readonly missed = new Map<string, string>();
	ended = false;
	askedSince: Instant | undefined;
	#held: number | undefined;
	#goOn: (() => void) | undefined;
	readonly #options: LogTailOptions;
	readonly #abort = new AbortController();
	#arrived: LogLine[] = [];
	#arrivedCharacters = 0;
	#failures = 0;
	#cancelNotify = () => {};
	#cancelRetry = () => {};
	#isWaiting = false;

	constructor(options: LogTailOptions) {
		this.#options = options;
		this.buffer = new LogBuffer(options.limits);
		this.askedSince = options.clock.now();
		void this.#read(options.query, new Map());
	}

	get waits(): boolean {
		return this.#goOn !== undefined;
	}

	hold(number: number | undefined): void {
		this.#held = number;
		if (!this.#isFull()) {
			this.#goOn?.();
		}
	}

	close(): void {
		this.#abort.abort();
		this.#goOn?.();
		this.#cancelNotify();
		this.#cancelRetry();
	}

	/** `seen`: how often each line that may come again was read already. */
	async #read(query: LogQuery, seen: Map<string, number>): Promise<void> {
		const {signal} = this.#abort;
		const miss: LogMissed = (name, {message}) => {
			this.missed.set(name, message);
			this.#notify();
		};
		this.missed.clear();
		const opened = () => {
			this.askedSince = undefined;
			this.broken = undefined;
			this.#options.changed();
		};
		try {
			for await (const line of this.#options.logs(query, signal, miss, opened)) {
				if (signal.aborted) {
					return;
				}

				this.#take(line, seen);
				if (this.#isFull()) {
					await this.#room();
				}
			}

			this.askedSince = undefined;
			this.ended = true;
		} catch (error) {
			if (!signal.aborted) {
				this.broken = toClusterError(error).message;
				this.#again();
			}
		}

		this.#sort();
		this.#notify();
	}

	#take(line: LogLine, seen: Map<string, number>): void {
		this.askedSince = undefined;
		this.broken = undefined;
		this.#failures = 0;
		this.missed.delete(line.instanceName.replace(/\/.*/, ''));
		const text = stripControl(line.text.slice(0, maxLineCharacters), '    ');
		const safe = text === line.text ? line : {...line, text};
		if (seen.size > 0 && takeOne(seen, keyOf(safe))) {
			return;
		}

		this.#arrived.push(safe);
		this.#arrivedCharacters += text.length;
		if (this.#arrived.length >= mostWaiting) {
			this.#sort();
		}

		this.#notify();
	}

	#isFull(): boolean {
		const held = this.#held;
		const {length} = this.#arrived;
		return held !== undefined && !this.buffer.hasRoomBehind(held, length, this.#arrivedCharacters);
	}

	/** Whoever writes is read no further; what is behind in a file or a connection waits there. */
	async #room(): Promise<void> {
		await new Promise<void>(resolve => {
			this.#goOn = resolve;
		});
		this.#goOn = undefined;
	}

	#sort(): void {
		const arrived = this.#arrived;
		this.#arrived = [];
		this.#arrivedCharacters = 0;
		this.buffer.add(arrived);
	}

	/** Goes on a little before the last line; what was read then is left out. */
	#again(): void {
		this.#sort();
		const delayMs = retryMs[Math.min(this.#failures++, retryMs.length - 1)] ?? 0;
		const {query, clock} = this.#options;
		this.#cancelRetry = clock.after(delayMs, () => {
			const {tail, ...rest} = query;
			const last = this.buffer.get(this.buffer.end - 1);
			if (last === undefined) {
				void this.#read(query, new Map());
			} else {
				const sinceAt = Math.max(query.sinceAt ?? 0, last.at - againMs);
				void this.#read({...rest, sinceAt}, this.#since(sinceAt));
			}
		});
	}

	#since(at: number): Map<string, number> {
		const seen = new Map<string, number>();
		for (let number = this.buffer.end - 1; number >= this.buffer.first; number--) {
			const entry = this.buffer.get(number);
			if (entry === undefined || entry.at < at) {
				break;
			}

			if ('text' in entry) {
				const key = keyOf(entry);
				seen.set(key, (seen.get(key) ?? 0) + 1);
			}
		}

		return seen;
	}

	#notify(): void {
		if (this.#isWaiting) {
			return;
		}

		this.#isWaiting = true;
		this.#cancelNotify = this.#options.clock.after(notifyMs, () => {
			this.#isWaiting = false;
			this.#sort();
			this.#options.changed();
		});
	}
}

function takeOne(seen: Map<string, number>, key: string): boolean {
	const count = seen.get(key) ?? 0;
	if (count > 1) {
		seen.set(key, count - 1);
	} else {
		seen.delete(key);
	}

	return count > 0;
}

function keyOf({at, instanceId, stream, text}: LogLine): string {
	return `${at} ${instanceId} ${stream} ${text}`;
}
