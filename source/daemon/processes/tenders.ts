import {isDeepStrictEqual} from 'node:util';
import type {Home} from '../../backends/local/home.ts';
import {type Program, startRole} from '../../backends/local/start-daemon.ts';
import {signalProcess} from '../../backends/local/system/process-identity.ts';
import {findRoleProcesses} from '../../backends/local/system/process-scan.ts';
import {readTended, type Tended, type TendedEntry, tendedStamp, tendLogName} from '../../backends/local/tended.ts';
import type {Clock} from '../../core/clock.ts';
import {type KeptProcess, keepProcess} from './kept-process.ts';

type Parts = {
	readonly home: Home;
	readonly program: Program;
	readonly clock: Clock;
	readonly log: (message: string) => void;
};

type Kept = {readonly entry: TendedEntry; readonly process: KeptProcess};

const lookEveryMs = 2000;

/** Keeps a process for each context that is to be tended: `muster tend CONTEXT`. */
export class Tenders {
	readonly #parts: Parts;
	readonly #kept = new Map<string, Kept>();
	#stamp = '';
	#cancel = () => {};

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	start(): void {
		this.#look();
	}

	/** Starts none any more. They end by themselves when the daemon was stopped on purpose. */
	letGo(): void {
		this.#cancel();
		for (const {process} of this.#kept.values()) process.release();
		this.#kept.clear();
	}

	#look(): void {
		const {home, clock, log} = this.#parts;
		const stamp = tendedStamp(home);
		if (stamp !== this.#stamp) {
			this.#stamp = stamp;
			try {
				this.#follow(readTended(home));
			} catch (error) {
				log((error as Error).message);
			}
		}

		this.#cancel = clock.after(lookEveryMs, () => this.#look());
	}

	#follow(tended: Tended): void {
		for (const [context, {entry, process}] of this.#kept) {
			if (isDeepStrictEqual(entry, tended[context])) continue;
			process.release();
			this.#kept.delete(context);
			if (process.identity) signalProcess(process.identity, 'SIGTERM');
		}

		for (const [context, entry] of Object.entries(tended)) {
			if (!this.#kept.has(context)) this.#kept.set(context, {entry, process: this.#keep(context, entry)});
		}
	}

	#keep(context: string, {env}: TendedEntry): KeptProcess {
		const {home, program, clock, log} = this.#parts;
		return keepProcess({
			clock,
			log: message => log(`tender of ${context}: ${message}`),
			find: () => findRoleProcesses(home.root, ['tend', context])[0],
			start: () => startRole(home, program, ['tend', context], tendLogName(context), env),
		});
	}
}
