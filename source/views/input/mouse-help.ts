import type {KeymapGroup} from '../keymap.ts';

const row = (key: string, help: string) => ({keys: [key], hint: key, help, press() {}});

/** For help and docs: what a mouse does is in mouse.ts. */
export const mouseHelp: KeymapGroup = {
	title: 'mouse',
	rows: [
		row(
			'click',
			'Select a row, a cell of a picture, or a field; on the selected one, go in (a choice goes on to the next); on a title, sort; on a hint, press its key; on a crumb, go back there',
		),
		row('right click', 'Mark a row, or not any more; so does ctrl with a click'),
		row('wheel', 'Move by three rows or lines'),
		row(
			'shift',
			'With it the terminal selects text; `:mouse off` gives it the mouse for good, `--no-mouse` or MUSTER_MOUSE=off from the start',
		),
	],
};
