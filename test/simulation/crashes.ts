import {ClusterError} from '../../source/core/error.ts';
import type {Effect} from '../../source/orchestrator/simulated/effects.ts';
import {createMemoryDisk, type MemoryDisk} from '../helpers/memory-disk.ts';

/** Where a daemon dies: at its so-and-so-many-th write or effect from now, before it or after it. */
export type CrashPlan = {readonly at: 'write' | 'effect'; readonly count: number; readonly isAfter: boolean};

/** Counts what a daemon does to disk and world, and lets it die or fail at it. */
export class Crashes {
	readonly disk: MemoryDisk = createMemoryDisk();
	/** Of all daemons so far. */
	readonly counts = {write: 0, effect: 0};
	/** The daemon died in the midst of its work: it does nothing more, although it may not know it yet. */
	isCrashed = false;
	isDiskFull = false;
	readonly #crashed: () => void;
	#plan: CrashPlan | undefined;

	/** `crashed`: called in the midst of the daemon's work. */
	constructor(crashed: () => void) {
		this.#crashed = crashed;
		this.disk.onWrite = () => this.#onWrite();
	}

	plan(plan: CrashPlan | undefined): void {
		this.#plan = plan && {...plan, count: this.counts[plan.at] + plan.count};
	}

	/** What a dead process does has no effect. */
	gate(_: Effect, run: () => void): void {
		if (this.isCrashed) {
			return;
		}

		const fate = this.#count('effect');
		if (fate !== 'crash before') {
			run();
		}
	}

	#onWrite(): 'crash before' | 'crash after' | undefined {
		if (this.isCrashed) {
			return 'crash before';
		}

		if (this.isDiskFull) {
			throw new ClusterError('storage', 'The disk is full.');
		}

		return this.#count('write');
	}

	#count(what: CrashPlan['at']): 'crash before' | 'crash after' | undefined {
		const count = ++this.counts[what];
		if (this.#plan?.at !== what || this.#plan.count !== count) {
			return undefined;
		}

		const {isAfter} = this.#plan;
		this.isCrashed = true;
		this.#plan = undefined;
		this.#crashed();
		return isAfter ? 'crash after' : 'crash before';
	}
}
