import type {CellCondition, ClusterMap, MapCell, MapTile} from '../../core/map/cluster-map.ts';
import type {Instance} from '../../core/model/index.ts';
import {displayWidth, shorten, stripControl, truncate} from '../../core/text/text.ts';
import {formatBytes} from '../../core/text/units.ts';
import {unreadText} from '../live/waiting.ts';
import type {PictureScreen} from '../screen.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import {emptyLines} from '../widgets/empty-lines.ts';
import type {Span} from '../widgets/line.ts';
import {level} from '../widgets/meter.ts';
import {mapKeymap} from './keymap.ts';
import {cellIndex, figureOf, mapOf, marginColumns, moveTo} from './layout.ts';

type Line = readonly Span[];

export const mapScreen: PictureScreen = {
	type: 'picture',
	id: 'map',
	aliases: ['m'],
	keymap: mapKeymap,
	draw,
	target(ui) {
		const map = mapOf(ui);
		const {instance, tile} = under(map, map.cells[cellIndex(ui)]);
		return ui.find(instance) ?? ui.find(tile?.node);
	},
	status(ui) {
		const {cells} = mapOf(ui);
		return cells.length === 0 ? '' : `${cellIndex(ui) + 1}/${cells.length}`;
	},
	click,
};

/** On a cell, or on the name of a node: its first one. */
function click(ui: Ui, {row, column}: {readonly row: number; readonly column: number}): boolean {
	const {tiles, cells, cellWidth} = mapOf(ui);
	const [line, at] = [row - firstCellLine, column - marginColumns];
	const named = tiles.findIndex(
		tile => tile.labelWidth > 0 && tile.row === line && at >= tile.column && at < tile.column + tile.labelWidth,
	);
	const index = cells.findIndex(cell =>
		named === -1 ? cell.row === line && at >= cell.column && at < cell.column + cellWidth : cell.tile === named,
	);
	if (index === -1 || index === cellIndex(ui)) {
		return index !== -1;
	}

	moveTo(ui, index);
	return false;
}

/** Above the cells are the legend and an empty line. */
const firstCellLine = 2;

const roles: Readonly<Record<CellCondition, Role>> = {
	healthy: 'good',
	starting: 'busy',
	stopping: 'busy',
	pending: 'waiting',
	unhealthy: 'bad',
	failed: 'bad',
	done: 'done',
	empty: 'dim',
	down: 'bad',
};

/** What is not healthy has a glyph of its own, so that no colour is needed to see it. */
const glyphs: Readonly<Record<Exclude<CellCondition, 'healthy'>, string>> = {
	starting: '◌',
	stopping: '◦',
	pending: '?',
	unhealthy: '✗',
	failed: '✗',
	done: ' ',
	empty: '–',
	down: '✗',
};

function draw(ui: Ui): readonly Line[] {
	const map = mapOf(ui);
	if (map.cells.length === 0) {
		return emptyLines(unreadText(ui, ['node', 'instance']) ?? 'No node yet.', ui.room.columns);
	}

	const {rows} = ui.room;
	const selected = cellIndex(ui);
	const body = cellLines(map, selected, ui.theme.name === 'none');
	const space = Math.max(1, rows - body.length - 3);
	const details = detailLine(ui, map, map.cells[selected]);
	return [legend(ui, map), [], ...body, ...Array.from({length: space}, () => []), details].slice(0, Math.max(0, rows));
}

function legend(ui: Ui, map: ClusterMap): Line {
	const figure = figureOf(ui) === 'cpus' ? 'CPU' : 'memory';
	const of = map.of === 'nodes' ? 'a node' : 'an instance';
	const cell = map.perCell === 1 ? `a cell is ${of}` : `a cell is ${map.perCell} ${map.of}, the worst shown`;
	return [
		{role: 'title', text: ` ${figure}`},
		{role: 'dim', text: ` ▁ little █ all · ✗ unwell ◌ starting ? waits · ${cell}`},
	];
}

/** The names and cells of each line, from the left; where neither is, spaces. */
function cellLines({tiles, cells, rows}: ClusterMap, selected: number, isColourless: boolean): readonly Line[] {
	const pieces: Array<Array<{readonly column: number; readonly span: Span; readonly width: number}>> = Array.from(
		{length: rows},
		() => [],
	);
	for (const tile of tiles.filter(({labelWidth}) => labelWidth > 0)) {
		const text = shorten(stripControl(tile.name), tile.labelWidth - 1);
		pieces[tile.row]?.push({column: tile.column, span: {role: tileRole(tile), text}, width: displayWidth(text)});
	}

	for (const [index, cell] of cells.entries()) {
		const span =
			index === selected ? cursorSpan(cell, isColourless) : {role: roles[cell.condition], text: glyphOf(cell)};
		pieces[cell.row]?.push({column: cell.column, span, width: 1});
	}

	return pieces.map(line => joined(line.sort((a, b) => a.column - b.column)));
}

function joined(pieces: ReadonlyArray<{readonly column: number; readonly span: Span; readonly width: number}>): Line {
	const spans: Span[] = [' '];
	let at = 0;
	for (const {column, span, width} of pieces) {
		const last = spans.at(-1);
		const gap = ' '.repeat(Math.max(0, column - at));
		// Neighbours of one kind are one piece: what is written for a colour would outweigh the cells.
		if (typeof last === 'object' && typeof span === 'object' && last.role === span.role && span.role !== 'match') {
			spans[spans.length - 1] = {role: last.role, text: `${last.text}${gap}${span.text}`};
		} else {
			spans.push(gap, span);
		}

		at = column + width;
	}

	return spans;
}

function glyphOf({condition, load}: MapCell): string {
	return condition === 'healthy' || (condition === 'empty' && load !== undefined)
		? load === undefined
			? '·'
			: level(load)
		: glyphs[condition as Exclude<CellCondition, 'healthy'>];
}

function cursorSpan(cell: MapCell, isColourless: boolean): Span {
	return {role: 'match', text: isColourless ? '◉' : glyphOf(cell)};
}

function tileRole({node}: MapTile): Role {
	if (node === undefined) {
		return 'waiting';
	}

	return node.status.state === 'ready' ? (node.availability === 'active' ? 'dim' : 'waiting') : 'bad';
}

function under(map: ClusterMap, cell: MapCell | undefined) {
	const instance =
		cell !== undefined && map.of !== 'nodes' && cell.to - cell.from === 1 ? map.order[cell.from] : undefined;
	return {instance, tile: cell && map.tiles[cell.tile]};
}

function detailLine(ui: Ui, map: ClusterMap, cell: MapCell | undefined): Line {
	if (cell === undefined) {
		return [];
	}

	const {instance, tile} = under(map, cell);
	const current = ui.find(instance);
	if (current?.kind === 'instance') {
		return [
			' ',
			{role: 'title', text: current.name},
			` on ${current.nodeName ?? 'no node'} · `,
			...instanceSpans(current),
		];
	}

	const count = cell.to - cell.from;
	const what =
		map.of === 'nodes'
			? count > 1
				? `${count} nodes from ${tile?.name ?? ''} on`
				: (tile?.name ?? '')
			: `${tile?.name ?? ''}${count > 0 ? ` · ${count} instances` : ''}`;
	const state = tile?.node === undefined ? '' : ` · ${tile.node.status.state}, ${tile.node.availability}`;
	const load = cell.load === undefined ? '' : ` · ${Math.round(cell.load * 100)} %`;
	return [' ', {role: 'title', text: truncate(what, 60)}, `${state} · `, conditionSpan(cell.condition), load];
}

function conditionSpan(condition: CellCondition): Span {
	return {role: roles[condition], text: condition};
}

function instanceSpans({status, usage}: Instance): readonly Span[] {
	const {state, health, reason, healthMessage} = status;
	const word = state === 'running' && health !== 'none' ? health : state;
	const why = reason ?? (health === 'unhealthy' ? healthMessage : undefined);
	const figures = [
		...(usage?.cpus === undefined ? [] : [`cpu ${Math.round(usage.cpus * 100)} %`]),
		...(usage?.memoryBytes === undefined ? [] : [formatBytes(usage.memoryBytes)]),
	];
	return [
		{role: roles[wordCondition(word)], text: word},
		...figures.map(figure => ` · ${figure}`),
		...(why === undefined ? [] : [` · ${why}`]),
	];
}

function wordCondition(word: string): CellCondition {
	return word === 'running' || word === 'healthy'
		? 'healthy'
		: word === 'unhealthy' || word === 'failed' || word === 'rejected' || word === 'lost'
			? 'failed'
			: word === 'pending'
				? 'pending'
				: 'starting';
}
