import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** The container's command runs. */
const started = 'started';
const lookEveryMs = 100;

/** Says how far the container of this order is; without a text: it runs. */
export function tellPhase(orderFile: string, text: string = started): void {
	const file = fileOf(orderFile);
	writeFileSync(`${file}.new`, text, {mode: 0o600});
	renameSync(`${file}.new`, file);
}

/** Before a container is made, or made anew. */
export function beginPhase(orderFile: string): void {
	tellPhase(orderFile, 'is being made');
}

/**
 * Calls `told` with each text until the container runs, then `runs`, once; the answer ends it. Of one that an older version
 * has started nothing is told: it runs.
 */
export function watchPhase(orderFile: string, told: (text: string) => void, runs: () => void): () => void {
	let last = '';
	let timer: NodeJS.Timeout | undefined;
	const look = () => {
		const text = read(fileOf(orderFile));
		if (text === started || text === undefined) {
			runs();
			return;
		}

		if (text !== last) {
			last = text;
			told(text);
		}

		timer = setTimeout(look, lookEveryMs);
	};

	look();
	return () => clearTimeout(timer);
}

/** How far it has come, or why it came no further; undefined: it runs, or nothing is known. */
export function readPhase(orderFile: string): string | undefined {
	const text = read(fileOf(orderFile));
	return text === started ? undefined : text;
}

function fileOf(orderFile: string): string {
	return path.join(path.dirname(orderFile), 'phase');
}

function read(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
