import {
	closeSync,
	createReadStream,
	createWriteStream,
	existsSync,
	fstatSync,
	ftruncateSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {copyFile} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import {lineStart} from './log-file.ts';
import {indexPath, rebased} from './log-index.ts';

export function rotatedPath(log: string): string {
	return `${log}.1`;
}

/** Of a longer log only its end is kept, so that a flood costs no more than this. */
export const maxCopyBytes = 40 * 2 ** 20;
/** What came while the log was copied is copied at once, with everything else at rest: some milliseconds. */
const maxCatchUpBytes = 4 * 2 ** 20;

/**
 * Moves what a log holds to `.1`, whose former content goes. Who writes to the log keeps it open, so it is copied and
 * emptied; what is written in the instant between the last look and that is lost, and what comes faster than it can be
 * copied. Answers how many bytes that were. Throws when there is no room for the copy; then the log is emptied all the
 * same, or it would fill the disk.
 */
export async function rotate(log: string, maxBytes = maxCopyBytes): Promise<number> {
	const copy = `${log}.1.new`;
	try {
		const base = await copyEnd(log, copy, maxBytes);
		return base + finish(log, copy, base);
	} catch (error) {
		rmSync(copy, {force: true});
		rmSync(indexPath(log), {force: true});
		const descriptor = openSync(log, 'r+');
		ftruncateSync(descriptor);
		closeSync(descriptor);
		throw error;
	}
}

/** Answers where in the log the copy begins: at its beginning, or at that of a line. */
async function copyEnd(log: string, copy: string, maxBytes: number): Promise<number> {
	const {size} = statSync(log);
	if (size <= maxBytes) {
		await copyFile(log, copy);
		return 0;
	}

	const start = lineStart(log, size - maxBytes);
	await pipeline(createReadStream(log, {start, end: size - 1}), createWriteStream(copy, {mode: 0o600}));
	return start;
}

/** Copies what came meanwhile, and empties the log at once. Answers how much was not copied. */
function finish(log: string, copy: string, base: number): number {
	const from = openSync(log, 'r+');
	const to = openSync(copy, 'r+');
	try {
		const buffer = Buffer.allocUnsafe(1 << 16);
		const copied = base + fstatSync(to).size;
		let position = copied;
		for (let count = -1; count !== 0 && position - copied < maxCatchUpBytes; position += count) {
			count = readSync(from, buffer, 0, buffer.length, position);
			writeSync(to, buffer, 0, count, position - base);
		}

		// The index of the copy before would tell wrong times of this one. Whoever follows the log looks for the copy first.
		rmSync(indexPath(rotatedPath(log)), {force: true});
		if (base > 0) {
			moveIndex(log, base);
		}

		renameSync(copy, rotatedPath(log));
		const lost = Math.max(0, fstatSync(from).size - position);
		ftruncateSync(from);
		if (existsSync(indexPath(log))) {
			renameSync(indexPath(log), indexPath(rotatedPath(log)));
		}

		return lost;
	} finally {
		closeSync(from);
		closeSync(to);
	}
}

/** Of a copy that begins within the log. */
function moveIndex(log: string, base: number): void {
	const index = rebased(indexPath(log), base);
	rmSync(indexPath(log), {force: true});
	writeFileSync(indexPath(rotatedPath(log)), index, {mode: 0o600});
}
