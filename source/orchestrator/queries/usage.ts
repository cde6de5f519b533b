import type {Clock} from '../../core/clock.ts';
import type {Usage} from '../../core/model/index.ts';

type Figures = Readonly<Record<string, Usage>>;

/** Where figures of instances and nodes come from, by id. */
export type UsageSource = {
	get(id: string): Usage | undefined;
	/** Called with each new set; the answer ends it. */
	subscribe(listener: (figures: Figures) => void): () => void;
};

/** Between two tellings of one stream. */
const intervalMs = 1000;

/** The newest figures of what `isWanted`, at most once a second; `wake` says that there are some to take. */
export function usageOf(source: UsageSource, clock: Clock, isWanted: (id: string) => boolean, wake: () => void) {
	let waiting: Record<string, Usage> = {};
	let toldAt = Number.NEGATIVE_INFINITY;
	let cancel: (() => void) | undefined;
	let isDue = false;

	function due(): void {
		cancel = undefined;
		isDue = true;
		wake();
	}

	const unsubscribe = source.subscribe(figures => {
		const wanted = Object.entries(figures).filter(([id]) => isWanted(id));
		if (wanted.length === 0) return;
		Object.assign(waiting, Object.fromEntries(wanted));
		cancel ??= clock.after(Math.max(0, toldAt + intervalMs - clock.monotonicMs()), due);
	});

	return {
		take(): Figures | undefined {
			if (!isDue) return undefined;
			const figures = waiting;
			isDue = false;
			toldAt = clock.monotonicMs();
			waiting = {};
			return figures;
		},
		end() {
			unsubscribe();
			cancel?.();
		},
	};
}
