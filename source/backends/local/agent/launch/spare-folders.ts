import {closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';

/**
 * Folders for instances to come, made while there is nothing to do. To make files costs a file system much more than to use
 * them (0.1 to 0.5 ms each was seen on ext4, five for an instance), and with them at hand the start of many is a tenth quicker.
 */
export type SpareFolders = {
	/** Gives one this place; false when there is none left. */
	take(folder: string): boolean;
};

/** What a node may be asked to start at once, most of the time. */
const maxSpare = 40;
/** After the last that was taken. */
const restMs = 1000;
/** Between two that are made: a tenth of a core for a second or two. */
const paceMs = 25;
const files = ['notes', 'stdout.log', 'stderr.log'];
/** One that is being made: what a killed agent left of it is removed. */
const unfinished = 'unfinished';

/** `mayAct`: asked before anything is made. */
export function createSpareFolders(folder: string, mayAct: () => boolean): SpareFolders {
	const ready = takeOver(folder);
	let count = 0;
	let notBeforeMs = performance.now() + restMs;

	const work = () => {
		const isTime = performance.now() >= notBeforeMs && ready.length < maxSpare && mayAct();
		if (isTime) {
			attempt();
		}

		setTimeout(work, isTime ? paceMs : restMs).unref();
	};

	const attempt = () => {
		try {
			const name = `${process.pid}-${count++}`;
			make(path.join(folder, unfinished));
			renameSync(path.join(folder, unfinished), path.join(folder, name));
			ready.push(name);
		} catch {
			// A full disk, or a folder that goes away: instances make their own, and say what is wrong.
			notBeforeMs = performance.now() + 10 * restMs;
		}
	};

	work();
	return {
		take(to) {
			notBeforeMs = performance.now() + restMs;
			const name = ready.pop();
			try {
				if (name !== undefined) {
					renameSync(path.join(folder, name), to);
				}

				return name !== undefined;
			} catch {
				return false;
			}
		},
	};
}

/** What earlier agents had ready. */
function takeOver(folder: string): string[] {
	try {
		rmSync(path.join(folder, unfinished), {recursive: true, force: true});
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function make(folder: string): void {
	mkdirSync(path.join(folder, 'work'), {recursive: true, mode: 0o700});
	for (const file of files) {
		closeSync(openSync(path.join(folder, file), 'a', 0o600));
	}
}
