import type {Facets, LogLine, LogQuery} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {toClusterError} from '../core/error.ts';

export type LogTail = {
	/** The last lines, oldest first. */
	readonly lines: readonly LogLine[];
	/** How many came before them and are no longer kept. */
	readonly dropped: number;
	/** Why nothing comes just now; undefined: lines are read. */
	readonly broken: string | undefined;
	/** The stream was read to its end: none of its instances writes any more. */
	readonly ended: boolean;
	close(): void;
};

export type LogTailOptions = {
	readonly logs: Facets['logs'];
	readonly query: LogQuery;
	readonly clock: Clock;
	/** Called at most each 100 ms. */
	readonly changed: () => void;
	readonly maxLines?: number;
};

const notifyMs = 100;
const retryMs = [500, 1000, 2000, 5000] as const;

/** Follows logs into a bounded buffer; a stream that breaks is opened again where it broke. */
export function openLogTail(options: LogTailOptions): LogTail {
	return new Tail(options);
}

class Tail implements LogTail {
	lines: LogLine[] = [];
	dropped = 0;
	broken: string | undefined;
	ended = false;
	readonly #options: LogTailOptions;
	readonly #maxLines: number;
	readonly #abort = new AbortController();
	#failures = 0;
	#cancelNotify = () => {};
	#cancelRetry = () => {};
	#isWaiting = false;

	constructor(options: LogTailOptions) {
		this.#options = options;
		this.#maxLines = options.maxLines ?? 10_000;
		void this.#read(options.query);
	}

	close(): void {
		this.#abort.abort();
		this.#cancelNotify();
		this.#cancelRetry();
	}

	async #read(query: LogQuery): Promise<void> {
		const {signal} = this.#abort;
		const seen = this.#lastOnes(query.sinceAt);
		try {
			for await (const line of this.#options.logs(query, signal)) {
				if (signal.aborted) {
					return;
				}

				this.broken = undefined;
				this.#failures = 0;
				if (seen.size === 0 || line.at !== query.sinceAt || !seen.delete(keyOf(line))) {
					this.#add(line);
				}
			}

			this.ended = true;
			this.#notify();
		} catch (error) {
			if (!signal.aborted) {
				this.broken = toClusterError(error).message;
				this.#notify();
				this.#again();
			}
		}
	}

	/** Goes on at the moment of the last line; what was written then and is here already is left out. */
	#again(): void {
		const delayMs = retryMs[Math.min(this.#failures++, retryMs.length - 1)] ?? 0;
		const sinceAt = this.lines.at(-1)?.at;
		const {query, clock} = this.#options;
		this.#cancelRetry = clock.after(delayMs, () => {
			const {tail, ...rest} = query;
			void this.#read(sinceAt === undefined ? query : {...rest, sinceAt});
		});
	}

	#lastOnes(at: number | undefined): Set<string> {
		const first = this.lines.findLastIndex(line => line.at !== at) + 1;
		return new Set(this.lines.slice(first).map(keyOf));
	}

	#add(line: LogLine): void {
		this.lines.push(line);
		// A tenth at once: moving the rest for each line would cost as much as all lines.
		if (this.lines.length > this.#maxLines * 1.1) {
			const surplus = this.lines.length - this.#maxLines;
			this.lines.splice(0, surplus);
			this.dropped += surplus;
		}

		this.#notify();
	}

	#notify(): void {
		if (this.#isWaiting) {
			return;
		}

		this.#isWaiting = true;
		this.#cancelNotify = this.#options.clock.after(notifyMs, () => {
			this.#isWaiting = false;
			this.#options.changed();
		});
	}
}

function keyOf({instanceId, stream, text}: LogLine): string {
	return `${instanceId} ${stream} ${text}`;
}
