import type {Clock} from '../core/clock.ts';
import type {Instant} from '../core/model/index.ts';

/** A smaller difference is the rounding of both clocks, or that they do not go equally fast. */
const leastJumpMs = 1000;
const mostAheadMs = 24 * 60 * 60 * 1000;

export type SteadyClock = Clock & {
	/** What it was at a moment that somebody tells by the wall clock as it is now. */
	ofWall(at: Instant): Instant;
};

/**
 * A clock that follows the wall clock forward and goes on evenly when that is set back: what comes later has a later time.
 * `latest`: what an earlier process has written is from until then, so this one begins there where the wall clock is behind
 * it. Not where that is more than a day ahead: it came from a clock that was altogether wrong.
 */
export function steadyClock(clock: Clock, latest: Instant = Number.NEGATIVE_INFINITY): SteadyClock {
	const found = clock.now();
	let wall = latest - found > mostAheadMs ? found : Math.max(found, latest);
	let wallAtMs = clock.monotonicMs();
	let aheadMs = 0;

	/** What is told twice is the same both times, so this moves only with the clock. */
	const look = (steady: Instant, found: Instant) => {
		if (Math.abs(steady - found - aheadMs) >= leastJumpMs) {
			aheadMs = steady - found;
		}
	};

	function now(): Instant {
		const nowMs = clock.monotonicMs();
		const steady = wall + Math.floor(nowMs - wallAtMs);
		const found = clock.now();
		if (found <= steady) {
			look(steady, found);
			return steady;
		}

		wall = found;
		wallAtMs = nowMs;
		look(found, found);
		return found;
	}

	return {
		now,
		monotonicMs: () => clock.monotonicMs(),
		after: (delayMs, callback) => clock.after(delayMs, callback),
		ofWall(at) {
			now();
			return at + aheadMs;
		},
	};
}
