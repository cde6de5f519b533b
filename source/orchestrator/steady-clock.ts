import type {Clock} from '../core/clock.ts';

/** A clock that follows the wall clock forward and goes on evenly when that is set back: what comes later has a later time. */
export function steadyClock(clock: Clock): Clock {
	let wall = clock.now();
	let wallAtMs = clock.monotonicMs();

	return {
		now() {
			const nowMs = clock.monotonicMs();
			const steady = wall + Math.floor(nowMs - wallAtMs);
			const found = clock.now();
			if (found <= steady) {
				return steady;
			}

			wall = found;
			wallAtMs = nowMs;
			return found;
		},
		monotonicMs: () => clock.monotonicMs(),
		after: (delayMs, callback) => clock.after(delayMs, callback),
	};
}
