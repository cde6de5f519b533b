import type {KeymapRow} from '../keymap.ts';
import type {Ui} from '../ui.ts';

/** More rows than there are. */
const everything = Number.MAX_SAFE_INTEGER;

/** The keys that move a cursor over rows; by pages where `pageOf` says how many rows one has. */
export function moveRows(moveBy: (ui: Ui, by: number) => void, pageOf?: (ui: Ui) => number): readonly KeymapRow[] {
	const row = (keys: KeymapRow['keys'], hint: string, help: string, by: (ui: Ui) => number): KeymapRow => ({
		...{keys, hint, help, quiet: true},
		press: ui => moveBy(ui, by(ui)),
	});
	return [
		row(['j', 'down'], 'down', 'Move the cursor down', () => 1),
		row(['k', 'up'], 'up', 'Move the cursor up', () => -1),
		...(pageOf === undefined
			? []
			: [
					row(['pgdn', 'ctrl-f'], 'page down', 'Move down by a page', ui => pageOf(ui)),
					row(['pgup', 'ctrl-b'], 'page up', 'Move up by a page', ui => -pageOf(ui)),
				]),
		row(['g', 'home'], 'first', 'Go to the first', () => -everything),
		row(['G', 'end'], 'last', 'Go to the last', () => everything),
	];
}
