import {expect, test} from 'vitest';
import type {Node} from '../../../source/core/model/index.ts';
import {nodesScreen} from '../../../source/views/nodes/screen.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {tableText} from '../../helpers/table-text.ts';

function check(name: string, node: string, expected: string, parts: Partial<Node> = {}) {
	test(name, () => {
		const world = readCluster(`at 3m\nnode ${node}`);
		const nodes = world.nodes.map(one => ({...one, ...parts}));
		const text = tableText(nodesScreen, {...world, nodes}, {columns: 100});
		expect(text.split('\n')[1]?.replace(/ +/g, ' ').trim()).toBe(expected);
	});
}

check('ready', 'n1', 'n1 ready active 0 – – – – 0/8 cpu 0 B/16 GiB 3m');
check('in use', 'n1', 'n1 ready active 7 150 % 1 GiB 19 % 6 % 0.5/8 cpu 0 B/16 GiB 3m', {
	instances: 7,
	usage: {cpus: 1.5, memoryBytes: 2 ** 30, at: 0},
	reserved: {cpus: 0.5, memoryBytes: 0},
});
check('down says why', 'n1 down', 'n1 down active 0 ✗ not heard of for 4 s 3m', {
	status: {state: 'down', at: 0, fencing: false, message: 'not heard of for 4 s'},
});
check('being fenced', 'n1 fencing', 'n1 down active 0 ✗ being fenced 3m');
check('draining', 'n1 draining deadline 5m', 'n1 ready draining 3 draining, 3 instances to go, 2m left 3m', {
	instances: 3,
});
check('drained', 'n1 drained', 'n1 ready drained 0 – – – – 0/8 cpu 0 B/16 GiB 3m');
check('cordoned', 'n1 cordoned', 'n1 ready cordoned 0 – – – – 0/8 cpu 0 B/16 GiB 3m');
check('being removed', 'n1 removing', 'n1 ready active 2 being removed, 2 instances left 3m', {instances: 2});

test('by what a node says of itself it is not sorted anew with every change of its instances', () => {
	const again = nodesScreen.columns.filter(({sortsByWorld}) => sortsByWorld).map(({title}) => title);
	expect(again).not.toContain('CPU');
	expect(again).not.toContain('MEM');
	expect(again).toContain('REQ/S');
});

// In the second minute, and after a hundred days, the narrow column said 11… for minutes, or for ever.
test('an age is never cut, however narrow the list', () => {
	for (let columns = 40; columns <= 100; columns++) {
		const world = readCluster('at 118s\nnode node-1 role worker');
		const line = tableText(nodesScreen, world, {columns}).split('\n')[1]?.trim() ?? '';
		expect(line).toMatch(/ 118s$|^[^…]*$/);
	}
});
