import type {LogLine} from '../../../core/backend.ts';

/** So many lines are held of a log that others are waited for. */
const maxHeld = 10_000;

/** Lines of several logs, brought together by their times. */
export class LineQueue {
	readonly #lines: Array<{readonly line: LogLine; readonly time: string}> = [];
	#error: unknown;
	#wake = () => {};
	#drained = () => {};

	async put(line: LogLine, time: string): Promise<void> {
		this.#lines.push({line, time});
		this.#wake();
		if (this.#lines.length > maxHeld) {
			await new Promise<void>(resolve => {
				this.#drained = resolve;
			});
		}
	}

	fail(error: unknown): void {
		this.#error ??= error;
		this.#wake();
	}

	wake(): void {
		this.#wake();
	}

	async *asTheyCome(isOpen: () => boolean, signal: AbortSignal): AsyncIterable<LogLine> {
		signal.addEventListener('abort', () => this.#wake(), {once: true});
		for (;;) {
			// What is here came at about the same time.
			const now = this.#take();
			for (const {line} of now) yield line;
			if (signal.aborted) return;
			if (this.#error !== undefined) throw this.#error;
			if (now.length === 0 && !isOpen()) return;
			if (this.#lines.length === 0) await this.#news();
		}
	}

	/** Nothing is added any more: the whole can be sorted. More than fits is told as it comes. */
	async allInOrder(isOpen: () => boolean): Promise<LogLine[]> {
		const all: Array<{readonly line: LogLine; readonly time: string}> = [];
		while (isOpen()) {
			all.push(...this.#take());
			if (this.#error !== undefined) throw this.#error;
			if (isOpen() && this.#lines.length === 0) await this.#news();
		}

		all.push(...this.#take());
		if (this.#error !== undefined) throw this.#error;
		return all.toSorted(byTime).map(({line}) => line);
	}

	#take() {
		const taken = this.#lines.splice(0).toSorted(byTime);
		this.#drained();
		return taken;
	}

	#news(): Promise<void> {
		return new Promise(resolve => {
			this.#wake = resolve;
		});
	}
}

/** To the nanosecond, as the kubelet writes them. */
function byTime(a: {readonly time: string}, b: {readonly time: string}): number {
	return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
