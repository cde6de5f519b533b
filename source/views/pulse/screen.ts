import type {Period} from '../../core/pulse/period.ts';
import {fitWidth} from '../../core/text/text.ts';
import {clickKey, cursorIndex, putCursor} from '../cursor.ts';
import {moveRows} from '../input/move-rows.ts';
import type {KeymapRow} from '../keymap.ts';
import {slowly} from '../live/slowly.ts';
import {refusedText, unreadText} from '../live/waiting.ts';
import {namespaceRows} from '../navigation/namespaces.ts';
import {goInto} from '../navigation/navigation.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import {troublesOf} from '../troubles/finding.ts';
import type {Ui} from '../ui.ts';
import {emptyLines} from '../widgets/empty-lines.ts';
import {type Span, spanText} from '../widgets/line.ts';
import {busiestRows, conditionRows, type PulseRow, trendRows} from './rows.ts';

/** All rows that fit, anew once a second. */
const rowsOf = slowly(makeRows, {keyOf: ui => `${ui.room.columns} ${ui.room.rows} ${periodOf(ui)}`});

const chosen = new WeakMap<Ui, Period>();

function periodOf(ui: Ui): Period {
	return chosen.get(ui) ?? ui.world.trends.usualPeriod(ui.world.now);
}

function togglePeriod(ui: Ui): void {
	chosen.set(ui, periodOf(ui) === 'hour' ? 'minutes' : 'hour');
	ui.refresh();
}

const keymap: readonly KeymapRow[] = [
	{keys: ['enter'], hint: 'go there', help: 'Go to what the line is about', press: goThere},
	{keys: ['d'], go: 'describe', hint: 'describe', help: 'Show all about the service of the line'},
	{keys: ['l'], go: 'logs', hint: 'logs', help: 'Follow the logs of the service of the line'},
	{keys: ['t'], hint: 'period', help: 'Look back ten minutes, or an hour', press: togglePeriod},
	...moveRows(moveBy),
	...namespaceRows,
];

export const pulseScreen: PictureScreen = {
	type: 'picture',
	id: 'pulse',
	aliases: ['pu', 'health'],
	keymap,
	draw,
	target: ui => ui.find(selectedRow(ui)?.to?.about),
	click(ui, {row}) {
		const {key} = rowsOf(ui)[row] ?? {};
		const keys = keysOf(ui);
		return key !== undefined && clickKey(ui, keys, keys.indexOf(key));
	},
};

function makeRows(ui: Ui): readonly PulseRow[] {
	const {world, room} = ui;
	const {columns, rows} = room;
	const {trends, now} = world;
	const pulse = trends.pulse(world);
	const period = periodOf(ui);
	const head = [
		{spans: []},
		...conditionRows(pulse, troublesOf(ui)),
		{spans: []},
		...trendRows(pulse, figure => trends.of(figure, now, period), period, columns),
		{spans: []},
	];
	return [...head, ...busiestRows(world, period, rows - head.length, columns)].slice(0, rows);
}

function draw(ui: Ui, {columns}: Size): ReadonlyArray<readonly Span[]> {
	if (ui.world.nodes.length + ui.world.services.length === 0) {
		return emptyLines(
			unreadText(ui, ['service', 'node']) ?? refusedText(ui, ['service', 'node']) ?? 'Nothing is here yet.',
			columns,
		);
	}

	const selected = selectedRow(ui);
	return rowsOf(ui).map(row => {
		if (row !== selected) {
			return [' ', ...row.spans];
		}

		return [{role: 'selected', text: fitWidth(`▸${row.spans.map(spanText).join('')}`, columns)}];
	});
}

function keysOf(ui: Ui): readonly string[] {
	return rowsOf(ui).flatMap(({key}) => key ?? []);
}

function selectedRow(ui: Ui): PulseRow | undefined {
	const keys = keysOf(ui);
	const key = keys[cursorIndex(ui, keys)];
	return rowsOf(ui).find(row => row.key !== undefined && row.key === key);
}

function moveBy(ui: Ui, by: number): void {
	const keys = keysOf(ui);
	putCursor(ui, keys, cursorIndex(ui, keys) + by);
}

function goThere(ui: Ui): void {
	const {to} = selectedRow(ui) ?? {};
	if (to !== undefined) {
		goInto(ui, to.screen, to.about);
	}
}
