import type {ChildProcess} from 'node:child_process';
import {identify, isRunning, type ProcessIdentity} from '../../backends/local/system/process-identity.ts';
import type {Clock} from '../../core/clock.ts';

export type KeptProcess = {
	/** Of the process that runs now. */
	readonly identity: ProcessIdentity | undefined;
	/** Starts it no more; what runs goes on. */
	release(): void;
};

export type KeepOptions = {
	readonly clock: Clock;
	/** One that an earlier daemon started and that still runs. */
	readonly find: () => ProcessIdentity | undefined;
	/** One that has taken the place of the one that ended, and was started by that. */
	readonly successor?: () => ProcessIdentity | undefined;
	readonly start: () => ChildProcess;
	readonly log: (message: string) => void;
};

const maxDelayMs = 5000;
/** One that ran for so long did not end because of its start. */
const soundAfterMs = 5000;
/** A process that is not this one's child has to be looked at. */
const lookEveryMs = 200;

/** Keeps a process running: the one that is there already, or a new one; at once when it ends, later when it keeps ending. */
export function keepProcess({clock, find, successor, start, log}: KeepOptions): KeptProcess {
	let identity = find();
	let isKept = true;
	let failures = 0;
	let startedMs = clock.monotonicMs();
	let cancelTimer = () => {};

	const later = (delayMs: number, run: () => void) => {
		cancelTimer = clock.after(delayMs, () => {
			if (isKept) {
				run();
			}
		});
	};

	const watch = (adopted: ProcessIdentity) => {
		if (isRunning(adopted)) {
			later(lookEveryMs, () => watch(adopted));
		} else {
			ended(`process ${adopted.pid} is gone`);
		}
	};

	const ended = (how: string) => {
		identity = isKept ? successor?.() : undefined;
		if (!isKept) {
			return;
		}

		if (identity) {
			startedMs = clock.monotonicMs();
			log(`${how}; process ${identity.pid} has taken over`);
			watch(identity);
			return;
		}

		failures = clock.monotonicMs() - startedMs >= soundAfterMs ? 1 : failures + 1;
		const delayMs = restartDelayMs(failures);
		log(`${how}; starting it again in ${delayMs} ms`);
		later(delayMs, launch);
	};

	const launch = () => {
		startedMs = clock.monotonicMs();
		try {
			const child = start();
			const {pid} = child;
			identity = pid === undefined ? undefined : identify(pid);
			child.once('error', error => ended(`cannot be started: ${error.message}`));
			child.once('exit', (code, signal) => ended(`process ${pid} ended (${signal ?? code})`));
		} catch (error) {
			ended(`cannot be started: ${(error as Error).message}`);
		}
	};

	if (identity) {
		watch(identity);
	} else {
		launch();
	}

	return {
		get identity() {
			return identity;
		},
		release() {
			isKept = false;
			cancelTimer();
		},
	};
}

/** The first end is mended at once, so that a kill costs nothing; then 100 ms, doubled each time. */
export function restartDelayMs(failures: number): number {
	return failures <= 1 ? 0 : Math.min(maxDelayMs, 100 * 2 ** (failures - 2));
}
