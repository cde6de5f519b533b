import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {FoundProcess} from '../kill/processes.ts';
import type {Series} from './growth.ts';

const mib = 2 ** 20;

/** What is bounded, with its bound: a leak of one a second goes beyond it within two minutes. */
const bounds = {
	memory: {unit: 'MiB', share: 0.15, slack: 12, by: 'median'},
	// It keeps the last changes for those who watch, some 10,000 with what they changed: within minutes that is still being filled.
	daemon: {unit: 'MiB', share: 0.15, slack: 32, by: 'median'},
	files: {unit: '', share: 0, slack: 8, by: 'median'},
	// Folders of ended instances are removed when an agent has time.
	disk: {unit: 'MiB', share: 0.25, slack: 8, by: 'least'},
	entries: {unit: '', share: 0.1, slack: 60, by: 'least'},
} as const;

/** Figures of muster's own processes and of their home, sample by sample. */
export class Samples {
	readonly #values = new Map<string, {bound: keyof typeof bounds; values: number[]}>();

	/** The answer is what was found. */
	take(root: string, processes: readonly FoundProcess[]): Readonly<Record<string, number>> {
		for (const {pid, role} of processes) {
			if (/^(daemon|gateway|agent .*)$/.test(role)) {
				this.#add(`memory of ${role}`, role === 'daemon' ? 'daemon' : 'memory', memoryOf(pid));
				this.#add(`open files of ${role}`, 'files', openFilesOf(pid));
			}
		}

		const {bytes, entries} = sizeOf(root);
		this.#add('disk', 'disk', bytes === undefined ? undefined : bytes / mib);
		this.#add('files on the disk', 'entries', entries);
		return Object.fromEntries([...this.#values].map(([name, {values}]) => [name, values.at(-1) ?? 0]));
	}

	get series(): readonly Series[] {
		return [...this.#values].map(([name, {bound, values}]) => ({name, values, ...bounds[bound]}));
	}

	#add(name: string, bound: keyof typeof bounds, value: number | undefined): void {
		if (value !== undefined) {
			const kept = this.#values.get(name) ?? {bound, values: []};
			kept.values.push(value);
			this.#values.set(name, kept);
		}
	}
}

/**
 * What is not of a file: the proportional share of a program's pages grows when another process that runs it ends. Where the kernel
 * does not tell it apart, all.
 */
function memoryOf(pid: number): number | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
		const [, kib] = /^Pss_Anon:\s+(\d+) kB$/m.exec(text) ?? /^Pss:\s+(\d+) kB$/m.exec(text) ?? [];
		return kib === undefined ? undefined : Number(kib) / 1024;
	} catch {
		return undefined;
	}
}

function openFilesOf(pid: number): number | undefined {
	try {
		return readdirSync(`/proc/${pid}/fd`).length;
	} catch {
		return undefined;
	}
}

/** What goes while it is looked at does not count. */
export function sizeOf(folder: string): {readonly bytes: number; readonly entries: number} {
	let bytes = 0;
	let entries = 0;
	for (const name of namesIn(folder)) {
		const whole = path.join(folder, name);
		const found = lstatSync(whole, {throwIfNoEntry: false});
		if (found === undefined) continue;
		const within = found.isDirectory() ? sizeOf(whole) : {bytes: 0, entries: 0};
		bytes += found.blocks * 512 + within.bytes;
		entries += 1 + within.entries;
	}

	return {bytes, entries};
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}
