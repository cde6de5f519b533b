import type {Clock} from '../../core/clock.ts';

/** The clock of one daemon: nothing that was due on it happens once the daemon is dead. */
export type DaemonClock = Clock & {
	/** Nothing more happens on it. */
	stop(): void;
	/** The daemon does not come to run: what falls due is done, in its order, when it goes on. */
	stall(forMs: number): void;
};

/** `failed`: what the daemon's own work threw. */
export function createDaemonClock(clock: Clock, failed: (thrown: unknown) => void): DaemonClock {
	let isAlive = true;
	let stallEndsMs = Number.NEGATIVE_INFINITY;
	const missed: Array<() => void> = [];

	function run(callback: () => void): void {
		try {
			callback();
		} catch (thrown) {
			if (isAlive) {
				failed(thrown);
			}
		}
	}

	function goOn(): void {
		if (clock.monotonicMs() >= stallEndsMs) {
			for (let callback = missed.shift(); callback && isAlive; callback = missed.shift()) {
				run(callback);
			}
		}
	}

	return {
		now: () => clock.now(),
		monotonicMs: () => clock.monotonicMs(),
		after(delayMs, callback) {
			let isCancelled = false;
			const cancel = clock.after(delayMs, () => {
				if (!isAlive) {
					return;
				}

				if (clock.monotonicMs() < stallEndsMs) {
					missed.push(() => {
						if (!isCancelled) {
							callback();
						}
					});
				} else {
					run(callback);
				}
			});
			return () => {
				isCancelled = true;
				cancel();
			};
		},
		stop() {
			isAlive = false;
			missed.length = 0;
		},
		stall(forMs) {
			stallEndsMs = Math.max(stallEndsMs, clock.monotonicMs() + forMs);
			clock.after(forMs, goOn);
		},
	};
}
