import {appendFileSync, existsSync, readFileSync} from 'node:fs';

/**
 * When a log was written: beside `stdout.log` lies `stdout.log.index`, records of sixteen bytes: the log's length, and when
 * it had that (milliseconds since 1970). What ends at or before that length, and behind the record before, is of that time.
 */
export type LogIndex = {
	/** When the line that ends at this offset was written; undefined behind the last record. */
	timeAt(endOffset: number): number | undefined;
	/** What was written at or after this moment starts no earlier; the whole length when there is no such thing. */
	offsetSince(at: number): number;
	/** The length in the last record. */
	readonly end: number;
	/** Of a copy: where in the log it began. */
	readonly base: number;
};

export const recordBytes = 16;

export function indexPath(log: string): string {
	return `${log}.index`;
}

export function appendRecord(log: string, length: number, at: number): void {
	const record = Buffer.allocUnsafe(recordBytes);
	record.writeDoubleLE(length, 0);
	record.writeDoubleLE(at, 8);
	appendFileSync(indexPath(log), record, {mode: 0o600});
}

/** One that is missing is empty. */
export function readIndex(log: string): LogIndex {
	const bytes = readWhole(indexPath(log));

	const count = Math.floor(bytes.length / recordBytes);
	const lengthOf = (record: number) => bytes.readDoubleLE(record * recordBytes);
	const timeOf = (record: number) => bytes.readDoubleLE(record * recordBytes + 8);
	return {
		timeAt(endOffset) {
			const record = firstWhere(count, each => lengthOf(each) >= endOffset);
			return record < count ? timeOf(record) : undefined;
		},
		offsetSince(at) {
			const record = firstWhere(count, each => timeOf(each) >= at);
			return record === 0 ? 0 : Math.max(0, lengthOf(record - 1));
		},
		end: count === 0 ? 0 : Math.max(0, lengthOf(count - 1)),
		base: count === 0 ? 0 : Math.max(0, -lengthOf(0)),
	};
}

/** Nothing where there is no such file; asked first, for an error costs ten times as much, and new logs have none. */
function readWhole(file: string): Buffer {
	try {
		return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
	} catch {
		return Buffer.alloc(0);
	}
}

/** The index of a copy that begins at `base`: lengths from there; its first record holds where that was, as less than none. */
export function rebased(file: string, base: number): Buffer {
	const index = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
	const count = Math.floor(index.length / recordBytes);
	const first = firstWhere(count, record => index.readDoubleLE(record * recordBytes) > base);
	const kept = Buffer.from(index.subarray(first * recordBytes, count * recordBytes));
	for (let at = 0; at < kept.length; at += recordBytes) {
		kept.writeDoubleLE(kept.readDoubleLE(at) - base, at);
	}

	const head = Buffer.alloc(recordBytes);
	head.writeDoubleLE(-base, 0);
	return Buffer.concat([head, kept]);
}

/** The first of `count` for which it holds, where it holds for all behind it too; `count` when for none. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
	let low = 0;
	let high = count;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(middle)) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return low;
}
