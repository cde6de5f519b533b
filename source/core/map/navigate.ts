import type {CellCondition, ClusterMap, MapCell} from './cluster-map.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The cell next to one; at an edge, itself. Left and right go on in the lines before and after. */
export function nextCell({cells}: ClusterMap, index: number, direction: Direction): number {
	if (direction === 'left' || direction === 'right') {
		return clamp(index + (direction === 'left' ? -1 : 1), cells);
	}

	const {row = 0, column = 0} = cells[index] ?? {};
	const rowThere =
		direction === 'up' ? cells.findLast(cell => cell.row < row)?.row : cells.find(cell => cell.row > row)?.row;
	return rowThere === undefined ? clamp(index, cells) : nearest(cells, rowThere, column);
}

/** The first cell of the next node, or of the one before; at the ends it begins anew. */
export function nextTile({cells, tiles}: ClusterMap, index: number, by: 1 | -1): number {
	const tile = cells[index]?.tile ?? 0;
	const members = [...new Set(cells.map(cell => cell.tile))].sort((a, b) => a - b);
	const place = members.indexOf(tile);
	const wanted = members[(place + by + members.length) % members.length];
	const found = cells.findIndex(cell => cell.tile === wanted);
	return found === -1 ? clamp(index, tiles) : found;
}

const unwell: readonly CellCondition[] = ['down', 'failed', 'unhealthy', 'pending'];

export function isUnwell({condition}: MapCell): boolean {
	return unwell.includes(condition);
}

/** The next cell that something is wrong in, or the one before; at the ends it begins anew. Undefined: there is none. */
export function nextUnwell({cells}: ClusterMap, index: number, by: 1 | -1): number | undefined {
	for (let step = 1; step <= cells.length; step++) {
		const at = (((index + by * step) % cells.length) + cells.length) % cells.length;
		const cell = cells[at];
		if (cell !== undefined && isUnwell(cell)) {
			return at;
		}
	}

	return undefined;
}

/** What the cursor stays on: an instance, or a node, by id. */
export function keyOf(map: ClusterMap, index: number): string | undefined {
	const cell = map.cells[index];
	if (cell === undefined) {
		return undefined;
	}

	const instance = map.of === 'nodes' || cell.from === cell.to ? undefined : map.order[cell.from];
	return instance?.id ?? map.tiles[cell.tile]?.node?.id;
}

/** Where an instance or a node is; where it is gone, `otherwise`. */
export function cellOf(map: ClusterMap, key: string | undefined, otherwise: number): number {
	const {cells, order, tiles} = map;
	const place = key === undefined ? -1 : order.findIndex(({id}) => id === key);
	const tile = key === undefined ? -1 : tiles.findIndex(({node}) => node?.id === key);
	const found =
		map.of === 'nodes'
			? cells.findIndex(({from, to}) => from <= tile && tile < to)
			: cells.findIndex(cell =>
					place === -1 ? cell.tile === tile && tile !== -1 : cell.from <= place && place < cell.to,
				);
	return found === -1 ? clamp(otherwise, cells) : found;
}

function nearest(cells: readonly MapCell[], row: number, column: number): number {
	let best = -1;
	let distance = Number.POSITIVE_INFINITY;
	for (const [index, cell] of cells.entries()) {
		const away = Math.abs(cell.column - column);
		if (cell.row === row && away < distance) {
			best = index;
			distance = away;
		}
	}

	return best;
}

function clamp(index: number, items: readonly unknown[]): number {
	return Math.max(0, Math.min(index, items.length - 1));
}
