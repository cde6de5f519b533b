import type {Instance, Node} from '../model/index.ts';
import type {InstanceCondition} from '../pulse/pulse.ts';

/** What the height of a cell tells: use, as a share of what may be used. */
export type MapFigure = 'cpus' | 'memoryBytes';

/** The worst of those in a cell; `empty`: a node without instances; `down`: a node that is not there. */
export type CellCondition = InstanceCondition | 'empty' | 'down';

/** One cell on the screen: an instance, several of one node, or (with more nodes than lines) nodes. */
export type MapCell = {
	readonly row: number;
	readonly column: number;
	/** Its place among the tiles, and so its node. */
	readonly tile: number;
	/** Which of the map's `order` it stands for; of a cell of nodes, which tiles. */
	readonly from: number;
	readonly to: number;
	/** 0 to 1 and above; absent: nobody measured it. */
	readonly load: number | undefined;
	readonly condition: CellCondition;
};

/** A node's part of the map. Without a node: what waits for one. */
export type MapTile = {
	readonly node: Node | undefined;
	readonly name: string;
	readonly row: number;
	readonly column: number;
	/** Of the name, before the first cell of each line; 0: names are not shown. */
	readonly labelWidth: number;
};

export type ClusterMap = {
	/** What a cell is. */
	readonly of: 'instance' | 'instances' | 'nodes';
	/** How many a cell stands for at most. */
	readonly perCell: number;
	/** Columns that a cell takes. */
	readonly cellWidth: 1 | 2;
	readonly tiles: readonly MapTile[];
	/** By row, then by column. */
	readonly cells: readonly MapCell[];
	/** The instances shown, node by node, in a node service by service. */
	readonly order: readonly Instance[];
	/** Lines that it takes. */
	readonly rows: number;
};

export type MapSize = {readonly columns: number; readonly rows: number};
