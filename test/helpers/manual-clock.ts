import type {Clock} from '../../source/core/clock.ts';

export type ManualClock = Clock & {
	/** Turns the clock on, and runs what falls due in the order of its moments (at the same one: of its arming). */
	advance(milliseconds: number): void;
	/** Turns it on as for a process that was stopped: what fell due runs with the next turn, late. */
	holdUp(milliseconds: number): void;
	/** Turns it on to the next moment that something waits for; false when nothing waits. */
	advanceToNext(): boolean;
	/** The wall clock jumps, the monotonic one does not. */
	setWallClock(now: number): void;
	/** How many timers wait. */
	readonly waiting: number;
};

type Timer = {readonly at: number; readonly order: number; readonly callback: () => void};

/** A clock that stands until it is turned; it begins at `startAt` on the wall and 0 on the monotonic clock. */
export function createManualClock(startAt = Date.UTC(2026, 0, 1)): ManualClock {
	let elapsedMs = 0;
	let wallOffset = startAt;
	let armed = 0;
	const timers = new Set<Timer>();

	function next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of timers) {
			if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
		}

		return first;
	}

	function run(timer: Timer): void {
		timers.delete(timer);
		elapsedMs = Math.max(elapsedMs, timer.at);
		timer.callback();
	}

	return {
		now: () => wallOffset + elapsedMs,
		monotonicMs: () => elapsedMs,
		after(delayMs, callback) {
			const timer = {at: elapsedMs + Math.max(0, delayMs), order: armed++, callback};
			timers.add(timer);
			return () => {
				timers.delete(timer);
			};
		},
		advance(milliseconds) {
			const end = elapsedMs + milliseconds;
			for (let timer = next(); timer && timer.at <= end; timer = next()) {
				run(timer);
			}

			elapsedMs = end;
		},
		holdUp(milliseconds) {
			elapsedMs += milliseconds;
		},
		advanceToNext() {
			const timer = next();
			if (timer) run(timer);
			return timer !== undefined;
		},
		setWallClock(now) {
			wallOffset = now - elapsedMs;
		},
		get waiting() {
			return timers.size;
		},
	};
}
