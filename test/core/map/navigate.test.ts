import {expect, test} from 'vitest';
import type {ClusterMap} from '../../../source/core/map/cluster-map.ts';
import {layOutMap} from '../../../source/core/map/layout.ts';
import {cellOf, type Direction, keyOf, nextCell, nextTile, nextUnwell} from '../../../source/core/map/navigate.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/*
 *     n1 a1 a2 a3    n2 b1
 *     n3 -           n4 c1 c2
 */
const map = layOutMap(
	readCluster(`
		node n1 · node n2 · node n3 · node n4 · service a replicas 3 · service b replicas 1 · service c replicas 2
		instance a.1 on n1 running · instance a.2 on n1 running · instance a.3 on n1 running unhealthy
		instance b.1 on n2 running · instance c.1 on n4 running · instance c.2 on n4 failed
	`),
	{columns: 30, rows: 2},
	'cpus',
);

function name(of: ClusterMap, index: number | undefined): string {
	const key = index === undefined ? undefined : keyOf(of, index);
	return key?.replace('-id', '') ?? 'none';
}

function check(from: string, moves: string, expected: string) {
	test(`from ${from} ${moves} to ${expected}`, () => {
		let index = cellOf(map, `${from}-id`, 0);
		for (const move of moves.split(' ')) {
			if (move === 'node' || move === 'back') {
				index = nextTile(map, index, move === 'node' ? 1 : -1);
			} else if (move === 'fault' || move === 'former') {
				index = nextUnwell(map, index, move === 'fault' ? 1 : -1) ?? -1;
			} else {
				index = nextCell(map, index, move as Direction);
			}
		}

		expect(name(map, index)).toBe(expected);
	});
}

check('a.1', 'right', 'a.2');
check('a.3', 'right', 'b.1');
check('b.1', 'right', 'n3');
check('a.1', 'left', 'a.1');
check('c.2', 'right', 'c.2');
check('a.3', 'down', 'n3');
check('b.1', 'down', 'c.1');
check('c.2', 'up', 'b.1');
check('c.2', 'down', 'c.2');
check('a.2', 'up', 'a.2');
check('a.2', 'node', 'b.1');
check('c.1', 'node', 'a.1');
check('a.1', 'back', 'c.1');
check('a.1', 'fault', 'a.3');
check('a.3', 'fault', 'c.2');
check('c.2', 'fault', 'a.3');
check('a.3', 'former', 'c.2');

test('the cursor stays on its object, and near where it was when that is gone', () => {
	expect(cellOf(map, 'c.1-id', 0)).toBe(5);
	expect(cellOf(map, 'gone', 3)).toBe(3);
	expect(cellOf(map, undefined, 99)).toBe(6);
});

test('cells of nodes', () => {
	const nodes = Array.from({length: 12}, (_, index) => `node n${index + 1}${index === 7 ? ' down' : ''}`);
	const wide = layOutMap(readCluster(nodes.join(' · ')), {columns: 4, rows: 3}, 'cpus');
	expect(name(wide, cellOf(wide, 'n6-id', 0))).toBe('n6');
	expect(name(wide, nextCell(wide, cellOf(wide, 'n6-id', 0), 'down'))).toBe('n10');
	expect(name(wide, nextUnwell(wide, 0, 1))).toBe('n8');
	expect(name(wide, nextTile(wide, 11, 1))).toBe('n1');
	const narrow = layOutMap(readCluster(nodes.join(' · ')), {columns: 3, rows: 2}, 'cpus');
	expect(cellOf(narrow, 'n6-id', 0)).toBe(2);
});

test('nothing wrong, nothing there', () => {
	const quiet = layOutMap(readCluster('node n1'), {columns: 30, rows: 2}, 'cpus');
	expect(nextUnwell(quiet, 0, 1)).toBeUndefined();
	const empty = layOutMap(readCluster(''), {columns: 30, rows: 2}, 'cpus');
	expect([nextCell(empty, 0, 'down'), nextTile(empty, 0, 1), keyOf(empty, 0)]).toEqual([0, 0, undefined]);
});
