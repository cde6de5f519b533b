import type {MapSize} from './cluster-map.ts';

/** How the tiles of the nodes are put on the screen. */
export type Arrangement = {
	readonly perCell: number;
	readonly cellWidth: 1 | 2;
	/** Tiles side by side. */
	readonly across: number;
	readonly tileWidth: number;
	readonly labelWidth: number;
	/** Cells in a line of a tile. */
	readonly cellsAcross: number;
	/** An empty line between two rows of tiles. */
	readonly gapRows: 0 | 1;
};

const gapColumns = 2;
const minCellsAcross = 2;
const maxLabel = 14;
const scale = [1, 2, 5];

/**
 * The largest cells with which all nodes fit: first one for each instance with a space behind it, then without, then one for
 * 2, 5, 10, 20, … instances. Of tiles as few side by side as will do. Undefined: not even a line for each node fits.
 */
export function arrange(counts: readonly number[], longestName: number, size: MapSize): Arrangement | undefined {
	const labelWidth = Math.min(maxLabel, longestName) + 1;
	const most = counts.reduce((max, count) => Math.max(max, count), 1);
	for (let step = 0; step === 0 || perCellAt(step - 1) < most; step++) {
		for (const cellWidth of step === 0 ? ([2, 1] as const) : ([1] as const)) {
			const found = tilesFor(counts, {perCell: perCellAt(step), cellWidth, labelWidth}, size);
			if (found !== undefined) {
				return found;
			}
		}
	}

	return undefined;
}

function perCellAt(step: number): number {
	return (scale[step % 3] ?? 1) * 10 ** Math.floor(step / 3);
}

function tilesFor(
	counts: readonly number[],
	cells: Pick<Arrangement, 'perCell' | 'cellWidth' | 'labelWidth'>,
	{columns, rows}: MapSize,
): Arrangement | undefined {
	const {perCell, cellWidth, labelWidth} = cells;
	for (let across = 1; across <= counts.length; across++) {
		const tileWidth = Math.floor((columns - (across - 1) * gapColumns) / across);
		const cellsAcross = Math.floor((tileWidth - labelWidth) / cellWidth);
		if (cellsAcross < minCellsAcross) {
			return undefined;
		}

		const heights = tileRows(counts, perCell, cellsAcross, across);
		const height = heights.reduce((sum, one) => sum + one, 0);
		if (height <= rows) {
			const gapRows = height + heights.length - 1 <= rows ? 1 : 0;
			return {...cells, across, tileWidth, cellsAcross, gapRows};
		}
	}

	return undefined;
}

/** How many lines each row of tiles takes. */
export function tileRows(
	counts: readonly number[],
	perCell: number,
	cellsAcross: number,
	across: number,
): readonly number[] {
	const heights: number[] = [];
	for (const [index, count] of counts.entries()) {
		const row = Math.floor(index / across);
		const lines = Math.max(1, Math.ceil(Math.ceil(count / perCell) / cellsAcross));
		heights[row] = Math.max(heights[row] ?? 0, lines);
	}

	return heights;
}

/** Where a tile begins, from the left. */
export function tileColumn({across, tileWidth}: Arrangement, index: number): number {
	return (index % across) * (tileWidth + gapColumns);
}
