import {spawnSync} from 'node:child_process';
import type {Writable} from 'node:stream';
import {oneByOne} from './one-by-one.ts';

/** What has a terminal in a container: the container's own command, or one that is run besides. */
type HasTerminal = {resize(size: {readonly w: number; readonly h: number}): Promise<unknown>};

/** What is typed here goes there; with a terminal also its size, now and whenever it changes. */
export function typed(input: Writable, terminal: HasTerminal | undefined): void {
	if (terminal) {
		const resize = oneByOne(async () => {
			const {columns: w = 80, rows: h = 24} = process.stdout;
			await terminal.resize({w, h}).catch(() => {});
		});
		process.stdout.on('resize', resize);
		resize();
	}

	process.stdin.pipe(input);
}

/**
 * Before anything comes: what the container's terminal has made of it goes through ours unchanged, and what is typed is not
 * shown twice. Node's own raw mode adds carriage returns.
 */
export function makeRaw(): void {
	const {status} = spawnSync('stty', ['raw', '-echo'], {stdio: ['inherit', 'ignore', 'ignore']});
	if (status !== 0) {
		process.stdin.setRawMode?.(true);
	}
}
