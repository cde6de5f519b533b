import type {Ui} from '../ui.ts';

type Kept<T> = {
	readonly key: string;
	readonly value: T;
	readonly world: unknown;
	readonly madeAtMs: number;
	readonly costMs: number;
};

/** What takes a look at the whole cluster is made once a second, and takes no more than a twentieth of the time. */
const leastMs = 1000;
const restFactor = 20;

type Options = {
	/** Another answer for another key, at once. */
	keyOf?(ui: Ui): string;
	/** Made anew after so long also where nothing has changed: time alone makes a difference. */
	readonly staleMs?: number;
};

/**
 * A function of the cluster whose last answer is kept for a while, for frames that ask each time. A frame with an old answer
 * is followed by one with a new one.
 */
export function slowly<T>(
	make: (ui: Ui) => T,
	{keyOf = () => '', staleMs = Number.POSITIVE_INFINITY}: Options = {},
): (ui: Ui) => T {
	const kept = new WeakMap<Ui, Kept<T>>();
	return ui => {
		const key = keyOf(ui);
		const known = kept.get(ui);
		const {world} = ui;
		const nowMs = ui.clock.monotonicMs();
		if (known?.key === key) {
			const restMs = known.world === world ? staleMs : Math.max(leastMs, known.costMs * restFactor);
			const leftMs = known.madeAtMs + restMs - nowMs;
			if (leftMs > 0) {
				ui.context.ages.again(leftMs);
				return known.value;
			}
		}

		const value = make(ui);
		const madeAtMs = ui.clock.monotonicMs();
		kept.set(ui, {key, value, world, madeAtMs, costMs: madeAtMs - nowMs});
		ui.context.ages.again(staleMs);
		return value;
	};
}
