import type {Ui} from '../ui.ts';

/** After so long without a key nobody is in the middle of something. */
const quietMs = 1000;
const lookMs = 250;

/** How many keys came, and when the last one did. */
const keys = new WeakMap<Ui, {readonly count: number; readonly atMs: number}>();

/** A key or a paste has come. */
export function keyPressed(ui: Ui): void {
	keys.set(ui, {count: countOf(ui) + 1, atMs: ui.clock.monotonicMs()});
}

function countOf(ui: Ui): number {
	return keys.get(ui)?.count ?? 0;
}

function isQuiet(ui: Ui): boolean {
	return ui.clock.monotonicMs() - (keys.get(ui)?.atMs ?? 0) >= quietMs;
}

export type Answer = (notice: string, open: () => void) => void;

/**
 * For what opens by itself when something outside has answered: at once where no key was pressed since this was called, else
 * when nothing lies over the screen and the keys are quiet, since they were meant for something else. `notice` says so
 * until then.
 */
export function answering(ui: Ui): Answer {
	const before = countOf(ui);
	return (notice, open) => {
		if (countOf(ui) === before && ui.state.overlay === undefined) {
			open();
			return;
		}

		ui.say('warning', `${notice}: it is shown when nothing is typed.`);
		let cancel = () => {};
		ui.onClose(() => cancel());
		const look = () => {
			if (ui.state.overlay === undefined && isQuiet(ui)) {
				open();
			} else {
				cancel = ui.clock.after(lookMs, look);
			}
		};
		look();
	};
}
