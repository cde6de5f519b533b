import {wrappedCount} from '../../core/text/text.ts';
import type {LogBuffer, LogEntry} from '../../live/log-buffer.ts';
import type {Pattern} from '../text/pattern.ts';

/** Which lines are shown, and how. Another object is another look. */
export type LogLook = {
	readonly filter: Pattern | undefined;
	readonly stderrOnly: boolean;
	/** Columns that a text is wrapped at; undefined: it is not. */
	readonly wrapAt: number | undefined;
};

/** A row of the screen: an entry, and which piece of it. */
export type LogRow = {readonly number: number; readonly entry: LogEntry; readonly piece: number};

const everything: LogLook = {filter: undefined, stderrOnly: false, wrapAt: undefined};

/**
 * The rows that a buffer makes on a screen. A line is looked at once, when it comes; all of them only when another look is
 * asked for.
 */
export class LogView {
	readonly #buffer: LogBuffer;
	#look = everything;
	#search: Pattern | undefined;
	/** Of the lines that are shown: their numbers, and the row that each begins at, counted from the first one ever. */
	#numbers: number[] = [];
	#starts: number[] = [];
	#endRow = 0;
	/** Numbers of those that the search finds. */
	#found: number[] = [];
	/** The numbers below have been looked at. */
	#seen = 0;

	constructor(buffer: LogBuffer) {
		this.#buffer = buffer;
	}

	/** Rows that can be shown now. */
	get count(): number {
		return this.#endRow - this.#base;
	}

	/** Lines that are shown. */
	get shown(): number {
		return this.#numbers.length;
	}

	get found(): readonly number[] {
		return this.#found;
	}

	get #base(): number {
		return this.#starts[0] ?? this.#endRow;
	}

	look(look: LogLook): void {
		const {filter, stderrOnly, wrapAt} = this.#look;
		if (look.filter !== filter || look.stderrOnly !== stderrOnly || look.wrapAt !== wrapAt) {
			this.#look = look;
			this.#reset(this.#buffer.first);
		}
	}

	search(pattern: Pattern | undefined): void {
		if (pattern !== this.#search) {
			this.#search = pattern;
			this.#found = this.#numbers.filter(number => this.#isFound(this.#buffer.get(number)));
		}
	}

	/** Takes in what has come, and lets go what the buffer has dropped. */
	sync(): void {
		const revised = this.#buffer.takeRevised();
		if (revised < this.#seen) {
			this.#reset(revised);
		}

		const gone = indexOf(this.#numbers, this.#buffer.first);
		if (gone > 0) {
			// What is gone has had its rows: those of the others are still counted from the first one ever.
			this.#numbers.splice(0, gone);
			this.#starts.splice(0, gone);
			this.#found.splice(0, indexOf(this.#found, this.#buffer.first));
		}

		for (let number = Math.max(this.#seen, this.#buffer.first); number < this.#buffer.end; number++) {
			this.#take(number);
		}

		this.#seen = this.#buffer.end;
	}

	at(row: number): LogRow | undefined {
		const absolute = this.#base + row;
		const index = indexOf(this.#starts, absolute + 1) - 1;
		const number = this.#numbers[index];
		const entry = number === undefined ? undefined : this.#buffer.get(number);
		return number === undefined || entry === undefined
			? undefined
			: {number, entry, piece: absolute - (this.#starts[index] ?? 0)};
	}

	/** The row that a line begins at, or else the next one that is shown. */
	rowOf(number: number): number {
		const index = indexOf(this.#numbers, number);
		return (this.#starts[index] ?? this.#endRow) - this.#base;
	}

	/** Forgets the lines from a number on. */
	#reset(from: number): void {
		const kept = indexOf(this.#numbers, from);
		this.#endRow = kept < this.#starts.length ? (this.#starts[kept] ?? 0) : this.#endRow;
		this.#numbers.length = kept;
		this.#starts.length = kept;
		this.#found.length = indexOf(this.#found, from);
		this.#seen = Math.min(this.#seen, from);
	}

	#take(number: number): void {
		const entry = this.#buffer.get(number);
		if (entry === undefined || !this.#isShown(entry)) {
			return;
		}

		const {wrapAt} = this.#look;
		this.#numbers.push(number);
		this.#starts.push(this.#endRow);
		this.#endRow += wrapAt === undefined || 'mark' in entry ? 1 : wrappedCount(entry.text, wrapAt);
		if (this.#isFound(entry)) {
			this.#found.push(number);
		}
	}

	#isShown(entry: LogEntry): boolean {
		const {filter, stderrOnly} = this.#look;
		return (
			'mark' in entry ||
			((!stderrOnly || entry.stream === 'stderr') && (filter === undefined || filter.matches(entry.text)))
		);
	}

	#isFound(entry: LogEntry | undefined): boolean {
		return this.#search !== undefined && entry !== undefined && 'text' in entry && this.#search.matches(entry.text);
	}
}

/** Of numbers in order, the index of the first that is not below. */
export function indexOf(numbers: readonly number[], wanted: number): number {
	let low = 0;
	let high = numbers.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((numbers[middle] ?? 0) < wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
