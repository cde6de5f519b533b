import {toClusterError} from '../../core/error.ts';
import {errorText} from '../errands/running.ts';
import type {Ui} from '../ui.ts';

/** Gives the terminal back to the shell that muster was started from, until that continues it. */
export function suspend(ui: Ui): void {
	if (ui.terminal.isGiven) {
		return;
	}

	void ui.terminal
		.handOver(async () => ui.ports.stop())
		.then(
			() => ui.refresh(),
			(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
		);
}

/** Draws every line anew: taking the terminal back does, and mends its modes. Otherwise only what differs is drawn. */
export function redraw(ui: Ui): void {
	if (!ui.terminal.isGiven) {
		void ui.terminal.handOver(async () => {}).then(() => ui.refresh());
	}
}
