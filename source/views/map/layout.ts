import type {ClusterMap, MapFigure} from '../../core/map/cluster-map.ts';
import {layOutMap} from '../../core/map/layout.ts';
import {cellOf, keyOf} from '../../core/map/navigate.ts';
import {slowly} from '../live/slowly.ts';
import type {Ui} from '../ui.ts';

/** Above the cells: what they mean. Below: what is under the cursor. */
export const legendRows = 1;
export const detailRows = 1;
export const marginColumns = 1;

const figures = new WeakMap<Ui, MapFigure>();

/** What the height of a cell tells. */
export function figureOf(ui: Ui): MapFigure {
	return figures.get(ui) ?? 'cpus';
}

export function toggleFigure(ui: Ui): void {
	figures.set(ui, figureOf(ui) === 'cpus' ? 'memoryBytes' : 'cpus');
	ui.refresh();
}

/** The cells as they fit into the room there is, anew once a second. */
export const mapOf: (ui: Ui) => ClusterMap = slowly(
	ui => {
		const {columns, rows} = ui.room;
		const size = {columns: columns - 2 * marginColumns, rows: Math.max(1, rows - legendRows - detailRows - 2)};
		return layOutMap(ui.worldNow, size, figureOf(ui));
	},
	{keyOf: ui => `${ui.room.columns} ${ui.room.rows} ${figureOf(ui)}`},
);

const found = new WeakMap<ClusterMap, {readonly cursor: unknown; readonly index: number}>();

/** The cell under the cursor; looked for once for each layout and cursor. */
export function cellIndex(ui: Ui): number {
	const map = mapOf(ui);
	const {cursor} = ui.place;
	const known = found.get(map);
	if (known !== undefined && known.cursor === cursor) {
		return known.index;
	}

	const index = cellOf(map, cursor?.key, cursor?.index ?? 0);
	found.set(map, {cursor, index});
	return index;
}

export function moveTo(ui: Ui, index: number): void {
	ui.updatePlace({cursor: {key: keyOf(mapOf(ui), index), index}});
}
