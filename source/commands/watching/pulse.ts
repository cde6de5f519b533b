import type {Clock} from '../../core/clock.ts';

export type Pulse = {
	/** Something has changed. */
	news(): void;
	/** Whoever waits hears of it by `next` throwing. */
	fail(error: unknown): void;
	/** Comes back soon after news, many at once, and after a second at most for what comes by time alone. */
	next(atMostMs?: number): Promise<void>;
};

const tickMs = 1000;
/** Who takes long to look looks less often: a tenth of the time is spent on it. */
const periodPerLook = 10;

/** Says when to look again: at most every `restMs`. */
export function createPulse(clock: Clock, signal: AbortSignal, restMs: number): Pulse {
	let hasNews = false;
	let wake: (() => void) | undefined;
	let calledMs: number | undefined;
	let failure: {readonly error: unknown} | undefined;

	/** Until the time is over, or something wakes it: the signal always, and news where they are waited for. */
	function rest(delayMs: number, untilNews: boolean): Promise<void> {
		return new Promise(resolve => {
			if (signal.aborted || (untilNews && hasNews)) {
				resolve();
				return;
			}

			const end = () => {
				cancel();
				signal.removeEventListener('abort', end);
				wake = undefined;
				resolve();
			};
			const cancel = clock.after(delayMs, end);
			signal.addEventListener('abort', end);
			wake = untilNews ? end : undefined;
		});
	}

	function news(): void {
		hasNews = true;
		wake?.();
	}

	return {
		news,
		fail(error) {
			failure = {error};
			news();
		},
		async next(atMostMs = tickMs) {
			const lookMs = calledMs === undefined ? 0 : clock.monotonicMs() - calledMs;
			await rest(Math.max(0, Math.min(tickMs, atMostMs)), true);
			const restLeftMs =
				calledMs === undefined ? 0 : calledMs + Math.max(restMs, periodPerLook * lookMs) - clock.monotonicMs();
			if (restLeftMs > 0) {
				await rest(Math.min(restLeftMs, tickMs), false);
			}

			hasNews = false;
			calledMs = clock.monotonicMs();
			if (failure !== undefined) {
				throw failure.error;
			}
		},
	};
}
