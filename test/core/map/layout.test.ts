import {expect, test} from 'vitest';
import type {ClusterMap, MapCell} from '../../../source/core/map/cluster-map.ts';
import {layOutMap} from '../../../source/core/map/layout.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';

const marks = {
	failed: 'X',
	unhealthy: 'x',
	pending: '?',
	starting: 's',
	stopping: 'o',
	done: 'd',
	empty: '-',
	down: '!',
};

function mark({load, condition}: MapCell): string {
	return condition === 'healthy'
		? load === undefined
			? '·'
			: String(Math.min(9, Math.floor(load * 10)))
		: marks[condition];
}

function drawn({tiles, cells, rows}: ClusterMap): string {
	const lines = Array.from({length: rows}, () => [] as string[]);
	const write = (row: number, column: number, text: string) => {
		for (const [index, character] of [...text].entries()) lines[row]![column + index] = character;
	};

	for (const {row, column, name, labelWidth} of tiles) write(row, column, name.slice(0, Math.max(0, labelWidth - 1)));
	for (const cell of cells) write(cell.row, cell.column, mark(cell));
	return lines.map(line => Array.from(line, character => character ?? ' ').join('')).join('\n');
}

/** Figures are tenths of the load; `·`: not measured, `x` unhealthy, `X` failed, `s` starting, `?` pending, `!` down. */
function check(name: string, cluster: string, [columns, rows]: [number, number], ...expected: string[]) {
	test(name, () => {
		expect(drawn(layOutMap(readCluster(cluster), {columns, rows}, 'cpus')).split('\n')).toEqual(expected);
	});
}

function running(count: number, node: string, service = 'web'): string {
	return Array.from({length: count}, (_, index) => `instance ${service}.${index + 1} on ${node} running`).join('\n');
}

check(
	'a cell for each instance, with a space behind it where there is room',
	`
	node n1 · node n2 · service web replicas 5 limit cpus 1
	instance web.1 on n1 running uses cpus 0.5 · instance web.2 on n2 running healthy uses cpus 0.25
	instance web.3 on n1 running unhealthy uses cpus 0.9 · instance web.4 on n2 failed · instance web.5 on n2 starting
	`,
	[20, 5],
	'n1 5 x',
	'',
	'n2 2 X s',
);
check(
	'by service on a node, nodes as people count',
	`
	node n10 · node n2 · service b replicas 1 · service a replicas 2
	instance b.1 on n2 running uses cpus 0.1 · instance a.1 on n2 running uses cpus 0.2 · instance a.2 on n10 running
	`,
	[20, 2],
	'n2  2 1',
	'n10 ·',
);
check('as wide as it must be', `node n1 · service web replicas 8\n${running(8, 'n1')}`, [12, 1], 'n1 ········');
check('on several lines', `node n1 · service web replicas 8\n${running(8, 'n1')}`, [8, 2], 'n1 ·····', '   ···');
check(
	'side by side, when there are more nodes than lines',
	`
	node n1 · node n2 · node n3 · service web replicas 4
	instance web.1 on n1 running · instance web.2 on n2 running · instance web.3 on n2 running · instance web.4 on n3 running
	`,
	[24, 2],
	'n1 ·         n2 · ·',
	'n3 ·',
);
check(
	'one for several instances, the worst of them and the mean of their load',
	`
	node n1 · service web replicas 20 limit cpus 1
	${running(19, 'n1').replaceAll('running', 'running uses cpus 0.4')}
	instance web.20 on n1 running unhealthy
	`,
	[8, 1],
	'n1 444x',
);
check(
	'what is nowhere, what is empty, what is gone',
	`
	node n1 · node n2 down · node n3 · service web replicas 2
	instance web.1 on n1 running · instance web.2 because "no room"
	`,
	[20, 4],
	'n1      ·',
	'n2      !',
	'n3      -',
	'no node ?',
);
check(
	'what has ended well is not shown',
	'node n1 · service sums job 1 · instance sums.1 on n1 completed',
	[9, 1],
	'n1 -',
);
check('no node at all', '', [20, 4], '');
check(
	'not even a line for each node: a cell for each',
	Array.from({length: 12}, (_, index) => `node n${index + 1}${index === 3 ? ' down' : ' uses cpus 4'}`).join(' · '),
	[6, 2],
	'---!--',
	'------',
);
check(
	'nor a cell',
	Array.from({length: 12}, (_, index) => `node n${index + 1}${index === 3 ? ' down' : ''}`).join(' · '),
	[3, 2],
	'-!-',
	'---',
);
check('in no room at all', 'node n1 · node n2', [0, 0], '-');

test.each([
	[1, 50_000, 80, 20],
	[12, 200, 80, 20],
	[12, 50_000, 80, 20],
	[12, 50_000, 200, 46],
	[100, 10_000, 120, 36],
	[1000, 50_000, 80, 20],
	[1000, 50_000, 200, 46],
])('%i nodes with %i instances stay within %i columns and %i rows', (nodeCount, count, columns, rows) => {
	const nodes = Array.from({length: nodeCount}, (_, index) => aNode(`node-${index}`));
	const instances = Array.from({length: count}, (_, index) =>
		anInstance(`web.${index}`, {
			nodeId: `node-${index % nodeCount}-id`,
			status: {state: 'running', at: 0, health: 'healthy', endpoints: []},
		}),
	);
	const map = layOutMap({now: 0, services: [aService('web')], nodes, instances}, {columns, rows}, 'cpus');
	expect(map.rows).toBeLessThanOrEqual(rows);
	const places = new Set(map.cells.map(({row, column}) => `${row} ${column}`));
	expect(places.size).toBe(map.cells.length);
	expect(Math.max(...map.cells.map(({column}) => column))).toBeLessThan(columns);
	const shown = map.cells.reduce((sum, {from, to}) => sum + to - from, 0);
	expect(shown).toBe(map.of === 'nodes' ? nodeCount : count);
	expect(Math.max(...map.cells.map(({from, to}) => to - from))).toBeLessThanOrEqual(map.perCell);
});
