import {displayWidth, fitWidth, stripControl} from '../../core/text/text.ts';
import {formatAge} from '../../core/text/units.ts';
import {clickLine, cursorIndex, drawnFrom, putCursor, topFor} from '../cursor.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';
import {type Forward, forwardsOf, stopForward} from './forwards.ts';

const keymap: readonly KeymapRow[] = [
	{
		keys: ['ctrl-d'],
		hint: 'stop',
		help: 'Stop it: its connections are ended',
		unavailable: ui => (selected(ui) === undefined ? 'Nothing is selected.' : undefined),
		press(ui) {
			const entry = selected(ui);
			if (entry !== undefined) {
				stopForward(ui, entry);
			}
		},
	},
	...moveRows(moveBy),
];

/** Ports of this machine that lead to instances. */
export const forwardsScreen: PictureScreen = {
	type: 'picture',
	id: 'forwards',
	aliases: ['forward', 'pf', 'port-forward', 'portforward', 'portforwards'],
	keymap,
	draw,
	target: () => undefined,
	status(ui) {
		const {length} = forwardsOf(ui);
		return length === 0 ? '' : `${index(ui) + 1}/${length}`;
	},
	click: (ui, {row}) => clickLine(ui, row, keysOf(ui)),
};

const keysOf = (ui: Ui) => forwardsOf(ui).map(({key}) => key);

function index(ui: Ui): number {
	return cursorIndex(ui, keysOf(ui));
}

function selected(ui: Ui): Forward | undefined {
	return forwardsOf(ui)[index(ui)];
}

function moveBy(ui: Ui, by: number): void {
	putCursor(ui, keysOf(ui), index(ui) + by);
}

const columns = ['LOCAL', 'PORT', 'TO', 'INSTANCE', 'OPEN', 'TOTAL', 'AGE', ''];

function draw(ui: Ui, size: Size): ReadonlyArray<readonly Span[]> {
	const all = forwardsOf(ui);
	if (all.length === 0) {
		return [[], [{role: 'dim', text: ' No ports lead anywhere. F on a service or an instance starts one.'}]];
	}

	const rows = all.map(one => cellsOf(one, ui.clock.now()));
	const widths = columns.map((title, at) => Math.max(...[title, ...rows.map(cells => cells[at] ?? '')].map(lengthOf)));
	const line = (cells: readonly string[]) => cells.map((cell, at) => fitWidth(cell, widths[at] ?? 0)).join('  ');
	const at = index(ui);
	const room = Math.max(1, size.rows - 1);
	const top = topFor(at, all.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	return [
		[{role: 'dim', text: fitWidth(`  ${line(columns)}`, size.columns).trimEnd()}],
		...rows.slice(top, top + room).map((cells, row): readonly Span[] => {
			const text = line(cells);
			return top + row === at
				? [{role: 'selected', text: fitWidth(`▸ ${text}`, size.columns)}]
				: [{role: all[top + row]?.hasEnded ? 'bad' : 'plain', text: fitWidth(`  ${text}`, size.columns).trimEnd()}];
		}),
	];
}

function lengthOf(text: string): number {
	return Math.min(40, displayWidth(text));
}

function cellsOf({name, forward, startedAt, said, hasEnded}: Forward, now: number): string[] {
	return [
		forward.ports.map(({local}) => `${forward.address}:${local}`).join(' '),
		forward.ports.map(({remote}) => String(remote)).join(' '),
		stripControl(name),
		hasEnded ? 'ended' : stripControl(forward.instanceName ?? 'none runs'),
		String(forward.open),
		String(forward.total),
		formatAge(now - startedAt),
		stripControl(said),
	];
}
