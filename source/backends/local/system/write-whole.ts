import {closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync} from 'node:fs';

/** Whole and on the disk, or not at all; for its owner only. */
export function writeWhole(file: string, content: string | Uint8Array): void {
	const unfinished = `${file}.${process.pid}.new`;
	try {
		const descriptor = openSync(unfinished, 'w', 0o600);
		try {
			writeSync(descriptor, typeof content === 'string' ? Buffer.from(content) : content);
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}

		renameSync(unfinished, file);
	} catch (error) {
		rmSync(unfinished, {force: true});
		throw error;
	}
}
