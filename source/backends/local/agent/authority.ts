import {leaseMs} from '../../../core/lease.ts';

/**
 * Whether this agent may start, stop or end anything. Not before the daemon has welcomed it; and no more once its own loop
 * was held up for half a lease (stopped, swapped out), for then it may have been fenced: not until it is welcomed anew.
 * While the daemon is gone nobody is fenced, and the agent goes on.
 */
export type Authority = {
	/** Asked right before every effect. */
	mayAct(): boolean;
	/** Called about each second; a call that comes too late is what tells of a hold-up. */
	tick(): void;
	/** The daemon has accepted this agent. */
	grant(): void;
};

/** `suspect`: called once when the authority is lost; a new welcome has to be asked for. */
export function createAuthority(monotonicMs: () => number, suspect: (lateMs: number) => void): Authority {
	let isGranted = false;
	let lastTickMs = monotonicMs();

	const check = () => {
		const gapMs = monotonicMs() - lastTickMs;
		if (isGranted && gapMs > leaseMs / 2) {
			isGranted = false;
			suspect(gapMs);
		}

		return isGranted;
	};

	return {
		mayAct: check,
		tick() {
			check();
			lastTickMs = monotonicMs();
		},
		grant() {
			isGranted = true;
			lastTickMs = monotonicMs();
		},
	};
}
