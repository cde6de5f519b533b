import type {LogLine} from '../core/backend.ts';
import type {Instant} from '../core/model/index.ts';

/** Set between lines by who reads them: what comes after it is new. */
export type LogMark = {readonly mark: number; readonly at: Instant};

export type LogEntry = LogLine | LogMark;

export type LogLimits = {
	readonly maxLines: number;
	/** Of all texts together. */
	readonly maxCharacters: number;
};

export const logLimits: LogLimits = {maxLines: 20_000, maxCharacters: 4_000_000};

/** A line that comes after so many younger ones stays behind them. */
const mostOvertaken = 5000;

/**
 * The last lines of logs in the order of their times, in bounded memory. Each has a number for as long as it is kept; the
 * first one kept has as its number how many went before it.
 */
export class LogBuffer {
	readonly #limits: LogLimits;
	#entries: LogEntry[] = [];
	#first = 0;
	#characters = 0;
	#revised = 0;
	#nameLength = 0;
	#containerLength = 0;

	constructor(limits: Partial<LogLimits> = {}) {
		this.#limits = {...logLimits, ...limits};
	}

	get first(): number {
		return this.#first;
	}

	/** The number that the next line gets, if it is the youngest. */
	get end(): number {
		return this.#first + this.#entries.length;
	}

	/** Of the longest name of an instance that has written. */
	get nameLength(): number {
		return this.#nameLength;
	}

	/** Of the longest name of one of several containers; 0: none of the instances has several. */
	get containerLength(): number {
		return this.#containerLength;
	}

	get(number: number): LogEntry | undefined {
		return this.#entries[number - this.#first];
	}

	/** Whether the line with this number stays when more than so many come. */
	hasRoomBehind(number: number, lines: number, characters: number): boolean {
		const {maxLines, maxCharacters} = this.#limits;
		return this.end - number + lines < maxLines && this.#characters + characters < maxCharacters;
	}

	/** Lines as they have arrived; those of several instances overtake each other. */
	add(arrived: readonly LogLine[]): void {
		if (arrived.length === 0) {
			return;
		}

		const added = isInOrder(arrived) ? arrived : arrived.toSorted(byTime);
		const from = this.#placeOf(added[0]?.at ?? 0);
		if (from === this.#entries.length) {
			for (const line of added) {
				this.#entries.push(line);
			}
		} else {
			const overtaken = this.#entries.splice(from);
			for (const line of merged(overtaken, added)) {
				this.#entries.push(line);
			}

			this.#revised = Math.min(this.#revised, this.#first + from);
		}

		for (const {text, instanceName, container = ''} of added) {
			this.#characters += text.length;
			this.#nameLength = Math.max(this.#nameLength, instanceName.length);
			this.#containerLength = Math.max(this.#containerLength, container.length);
		}

		this.#drop();
	}

	/** Behind what has arrived until now. */
	mark(mark: number, at: Instant): void {
		this.#entries.push({mark, at: Math.max(at, this.#entries.at(-1)?.at ?? at)});
	}

	/** The lowest number at which another line stands than at the last call, or the end of then. */
	takeRevised(): number {
		const revised = this.#revised;
		this.#revised = this.end;
		return revised;
	}

	/** Behind the last line that is not younger. */
	#placeOf(at: Instant): number {
		const {length} = this.#entries;
		let index = length;
		while (index > 0 && length - index < mostOvertaken && (this.#entries[index - 1]?.at ?? 0) > at) {
			index--;
		}

		return index;
	}

	/** A tenth at once: moving the rest for each line would cost as much as all lines. */
	#drop(): void {
		const {maxLines, maxCharacters} = this.#limits;
		if (this.#entries.length <= maxLines * 1.1 && this.#characters <= maxCharacters * 1.1) {
			return;
		}

		let count = Math.max(0, this.#entries.length - maxLines);
		let characters = this.#characters;
		for (const [index, entry] of this.#entries.entries()) {
			if (index >= count && characters <= maxCharacters) {
				count = index;
				break;
			}

			characters -= 'text' in entry ? entry.text.length : 0;
		}

		this.#entries.splice(0, count);
		this.#characters = characters;
		this.#first += count;
	}
}

function isInOrder(lines: readonly LogLine[]): boolean {
	return lines.every(({at}, index) => index === 0 || at >= (lines[index - 1]?.at ?? at));
}

function byTime(a: LogEntry, b: LogEntry): number {
	return a.at - b.at;
}

/** Two orders as one; of the same time, what was there before comes first. */
function merged(before: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
	const all: LogEntry[] = [];
	let next = 0;
	for (const entry of before) {
		for (let line = added[next]; line !== undefined && line.at < entry.at; line = added[++next]) {
			all.push(line);
		}

		all.push(entry);
	}

	return [...all, ...added.slice(next)];
}
