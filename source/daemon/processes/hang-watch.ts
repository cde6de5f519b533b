import {type ProcessIdentity, signalProcess} from '../../backends/local/system/process-identity.ts';
import type {Clock} from '../../core/clock.ts';
import {leaseMs} from '../../core/lease.ts';

const lookEveryMs = 1000;

export type HangWatch = {
	/** How long nothing has been heard; time in which this process was held up itself does not count. */
	readonly silentMs: number;
	/** It has said something. */
	heard(): void;
	stop(): void;
};

/** Kills a process that is there and says nothing for a whole lease: it hangs or was stopped, and a new one takes its place. */
export function watchForHang(
	clock: Clock,
	process: () => ProcessIdentity | undefined,
	log: (message: string) => void,
): HangWatch {
	let heardMs = clock.monotonicMs();
	let lookedMs = heardMs;
	let watched = process()?.pid;
	let cancel = clock.after(lookEveryMs, look);

	function look(): void {
		const nowMs = clock.monotonicMs();
		const identity = process();
		const wasHeldUp = nowMs - lookedMs >= 2 * lookEveryMs;
		if (identity?.pid !== watched || wasHeldUp) {
			heardMs = nowMs;
		}

		lookedMs = nowMs;
		watched = identity?.pid;
		if (identity && nowMs - heardMs > leaseMs) {
			log(`process ${identity.pid} has been silent for ${Math.round(nowMs - heardMs)} ms: it is killed`);
			signalProcess(identity, 'SIGKILL');
			heardMs = nowMs;
		}

		cancel = clock.after(lookEveryMs, look);
	}

	return {
		get silentMs() {
			return clock.monotonicMs() - heardMs;
		},
		heard() {
			heardMs = clock.monotonicMs();
		},
		stop: () => cancel(),
	};
}
