import type {Ui} from '../ui.ts';

/** What is asked for again and again while a screen is looked at: nothing tells of its changes. */
export type Polled<T> = {
	/** What was answered last; undefined: nothing yet. */
	of(ui: Ui): T | undefined;
	open(ui: Ui): void;
	close(ui: Ui): void;
	/** Where it is looked at, it is asked at once. */
	again(ui: Ui): void;
};

/** `read` answers failures too, beside what was known before. */
export function polled<T>(everyMs: number, read: (ui: Ui, before: T | undefined) => Promise<T>): Polled<T> {
	const known = new WeakMap<Ui, T>();
	const ends = new WeakMap<Ui, () => void>();

	function open(ui: Ui): void {
		ends.get(ui)?.();
		let isOver = false;
		let cancel = () => {};
		ends.set(ui, () => {
			isOver = true;
			cancel();
		});
		const ask = () => {
			void read(ui, known.get(ui)).then(found => {
				if (!isOver) {
					known.set(ui, found);
					cancel = ui.clock.after(everyMs, ask);
					ui.refresh();
				}
			});
		};
		ask();
	}

	return {
		of: ui => known.get(ui),
		open,
		close(ui) {
			ends.get(ui)?.();
			ends.delete(ui);
		},
		again(ui) {
			if (ends.has(ui)) {
				open(ui);
			}
		},
	};
}
