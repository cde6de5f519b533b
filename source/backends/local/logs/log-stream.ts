import {statSync} from 'node:fs';
import type {LogLine} from '../../../core/backend.ts';
import {LineSplitter, type SplitLine} from './line-splitter.ts';
import {lastLines, lineStart, readChunk} from './log-file.ts';
import {type LogIndex, readIndex} from './log-index.ts';
import {rotatedPath} from './rotate.ts';

export type StreamSource = {
	readonly instanceId: string;
	readonly instanceName: string;
	readonly stream: 'stdout' | 'stderr';
	readonly file: string;
};

export type StreamStart = {
	/** What was written before is left out. */
	readonly sinceAt?: number;
	/** No more than the last so many lines. */
	readonly tail?: number;
};

/** Between the moment when the rotated copy gets its name and that when the log is emptied lie a few system calls. */
const settleMs = 50;

/** One log of one instance, from what was rotated away to what is being written: line by line, none twice. */
export class LogStream {
	readonly #source: StreamSource;
	readonly #sinceAt: number;
	/** The copy that belongs to what is read now; by this one sees that it was rotated again. */
	#rotated: string | undefined;
	#isInRotated: boolean;
	#position = 0;
	readonly #splitter = new LineSplitter();
	#index: LogIndex;
	#lastAt = 0;
	#notBeforeMs = 0;
	#isAtEnd = false;

	constructor(source: StreamSource, {sinceAt = 0, tail}: StreamStart) {
		this.#source = source;
		this.#sinceAt = sinceAt;
		this.#rotated = copyName(rotatedPath(source.file));
		this.#isInRotated = this.#rotated !== undefined;
		const {offset, lines} = tail === undefined ? {offset: 0, lines: 0} : lastLines(source.file, tail);
		if (tail !== undefined && lines >= tail) {
			this.#isInRotated = false;
			this.#position = offset;
		} else if (tail !== undefined && this.#isInRotated) {
			// One more, for a line may have been cut in two; whoever reads takes the last ones anyway.
			this.#position = lastLines(rotatedPath(source.file), tail - lines + 1).offset;
		}

		this.#index = readIndex(this.#file);
		this.#position = Math.max(this.#position, lineStart(this.#file, this.#index.offsetSince(sinceAt)));
		this.#splitter.goOnAt(this.#position);
	}

	get #file(): string {
		return this.#isInRotated ? rotatedPath(this.#source.file) : this.#source.file;
	}

	/** Nothing was left at the last read; while a rotation is under way, nobody knows. */
	get isAtEnd(): boolean {
		return this.#isAtEnd;
	}

	/** Some of the lines that are there and were not read yet, in order; none when there is nothing new. */
	read(): LogLine[] {
		this.#isAtEnd = false;
		for (;;) {
			this.#noticeRotation();
			const chunk = readChunk(this.#file, this.#position);
			if (chunk && chunk.bytes.length > 0) {
				this.#position += chunk.bytes.length;
				const lines = this.#finish(this.#splitter.take(chunk.bytes), chunk.stat.mtimeMs);
				if (lines.length > 0) {
					return lines;
				}
			} else if (chunk && !this.#isInRotated && chunk.stat.size < this.#position) {
				// Emptied by another hand.
				this.#splitter.flush();
				this.#goTo(false, 0);
			} else if (this.#isInRotated && performance.now() >= this.#notBeforeMs) {
				this.#goTo(false, 0);
			} else {
				this.#isAtEnd = !this.#isInRotated;
				return [];
			}
		}
	}

	/** A last line without its end: when nothing more will come. */
	rest(): LogLine[] {
		return this.#finish(this.#splitter.flush(), Date.now());
	}

	#noticeRotation(): void {
		const found = copyName(rotatedPath(this.#source.file));
		if (found !== undefined && found !== this.#rotated) {
			// What was read as the log is the copy now, byte for byte from its base on; an earlier copy is gone.
			const {base} = readIndex(rotatedPath(this.#source.file));
			this.#goTo(true, this.#isInRotated ? 0 : Math.max(0, this.#position - base));
			this.#rotated = found;
			this.#notBeforeMs = performance.now() + settleMs;
		}
	}

	/** A line that goes on in the next file is kept. */
	#goTo(isInRotated: boolean, position: number): void {
		this.#isInRotated = isInRotated;
		this.#index = readIndex(this.#file);
		this.#position = Math.max(position, lineStart(this.#file, this.#index.offsetSince(this.#sinceAt)));
		if (this.#position !== position) {
			this.#splitter.flush();
		}

		this.#splitter.goOnAt(this.#position);
	}

	/** Time for those that the index covers; the others were written just now, as far as anybody knows. */
	#finish(lines: readonly SplitLine[], changedAt: number): LogLine[] {
		const {instanceId, instanceName, stream} = this.#source;
		return lines.flatMap(({text, end}) => {
			const at = this.#index.timeAt(end) ?? Math.floor(changedAt);
			this.#lastAt = Math.max(this.#lastAt, at);
			return this.#lastAt < this.#sinceAt ? [] : [{at: this.#lastAt, instanceId, instanceName, stream, text}];
		});
	}
}

/** Another for each copy; an inode alone may be used again. */
function copyName(file: string): string | undefined {
	const found = statSync(file, {throwIfNoEntry: false});
	return found && `${found.ino} ${found.mtimeMs}`;
}
