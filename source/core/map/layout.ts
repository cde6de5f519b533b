import type {ClusterWorld} from '../preview/world.ts';
import {displayWidth, stripControl} from '../text/text.ts';
import {type Arrangement, arrange, tileColumn, tileRows} from './arrange.ts';
import type {CellCondition, ClusterMap, MapCell, MapFigure, MapSize, MapTile} from './cluster-map.ts';
import {allowanceOf, nodeLoad, summarize, worse} from './load.ts';
import {type Group, type Ordered, orderByNode} from './order.ts';

/**
 * All nodes and what runs there, on one screen: a cell for each instance, or for several where they do not fit, or for nodes
 * where not even those do. Linear in the instances.
 */
export function layOutMap(world: ClusterWorld, size: MapSize, figure: MapFigure): ClusterMap {
	const ordered = orderByNode(world.nodes, world.services, world.instances);
	const {groups} = ordered;
	const allowances = new Map(world.services.map(service => [service.id, allowanceOf(service, figure)]));
	const counts = groups.map(({from, to}) => to - from);
	const longestName = groups.reduce((longest, {name}) => Math.max(longest, displayWidth(stripControl(name))), 0);
	const arrangement = arrange(counts, longestName, size);
	const summary = (from: number, to: number) => summarize(ordered.order, from, to, allowances, figure);
	return arrangement === undefined
		? mapOfNodes(ordered, size, figure, summary)
		: mapOfInstances(ordered, arrangement, counts, figure, summary);
}

type Summary = (from: number, to: number) => Pick<MapCell, 'load' | 'condition'>;

function mapOfInstances(
	{groups, order}: Ordered,
	arrangement: Arrangement,
	counts: readonly number[],
	figure: MapFigure,
	summary: Summary,
): ClusterMap {
	const {perCell, cellWidth, across, labelWidth, cellsAcross, gapRows} = arrangement;
	const heights = tileRows(counts, perCell, cellsAcross, across);
	const tops: number[] = [];
	let rows = 0;
	for (const height of heights) {
		tops.push(rows);
		rows += height + gapRows;
	}

	const tiles: MapTile[] = [];
	const cells: MapCell[] = [];
	for (const [index, group] of groups.entries()) {
		const row = tops[Math.floor(index / across)] ?? 0;
		const column = tileColumn(arrangement, index);
		tiles.push({node: group.node, name: group.name, row, column, labelWidth});
		for (let cell = 0; cell === 0 || group.from + cell * perCell < group.to; cell++) {
			const from = group.from + cell * perCell;
			const to = Math.min(group.to, from + perCell);
			cells.push({
				row: row + Math.floor(cell / cellsAcross),
				column: column + labelWidth + (cell % cellsAcross) * cellWidth,
				tile: index,
				from,
				to,
				...(from < to ? summary(from, to) : ofNode(group, figure)),
			});
		}
	}

	cells.sort((a, b) => a.row - b.row || a.column - b.column);
	const of = perCell === 1 ? 'instance' : 'instances';
	return {of, perCell, cellWidth, tiles, cells, order, rows: Math.max(0, rows - gapRows)};
}

/** One cell for each node, or for several. */
function mapOfNodes(
	{groups, order}: Ordered,
	{columns, rows}: MapSize,
	figure: MapFigure,
	summary: Summary,
): ClusterMap {
	const across = Math.max(1, columns);
	const perCell = Math.ceil(groups.length / (across * Math.max(1, rows)));
	const cells: MapCell[] = [];
	const tiles: MapTile[] = [];
	for (let from = 0; from < groups.length; from += perCell) {
		const to = Math.min(groups.length, from + perCell);
		const index = from / perCell;
		const place = {row: Math.floor(index / across), column: index % across};
		const members = groups.slice(from, to);
		tiles.push(...members.map(({node, name}) => ({node, name, ...place, labelWidth: 0})));
		cells.push({...place, tile: from, from, to, ...ofNodes(members, figure, summary)});
	}

	return {of: 'nodes', perCell, cellWidth: 1, tiles, cells, order, rows: Math.ceil(cells.length / across)};
}

function ofNodes(groups: readonly Group[], figure: MapFigure, summary: Summary): Pick<MapCell, 'load' | 'condition'> {
	const loads = groups.flatMap(({node}) => (node && nodeLoad(node, figure)) ?? []);
	const condition = groups
		.map(group => worse(ofNode(group, figure).condition, summary(group.from, group.to).condition))
		.reduce(worse, 'empty');
	return {load: loads.length === 0 ? undefined : loads.reduce((sum, load) => sum + load, 0) / loads.length, condition};
}

/** Of a node by itself. */
function ofNode(
	{node}: Group,
	figure: MapFigure,
): {readonly load: number | undefined; readonly condition: CellCondition} {
	return {
		load: node && nodeLoad(node, figure),
		condition: node === undefined || node.status.state === 'ready' ? 'empty' : 'down',
	};
}
