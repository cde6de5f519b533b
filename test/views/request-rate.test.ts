import {expect, test} from 'vitest';
import {headerLine} from '../../source/views/widgets/header.ts';
import {aNode} from '../helpers/objects.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {openUi} from '../helpers/ui.ts';

test('what looking costs the control plane stands in the header, and is looked at again by time alone', async () => {
	let made = 12;
	const objects = [aNode('n1')];
	const cluster = createScriptedCluster(objects, {requestRate: () => made});
	const {ui, advance} = await openUi(objects, {cluster});
	await advance(100);
	expect(headerLine(ui)).toContain(' 12 calls/min ');
	made = 6;
	expect(ui.context.ages.changesInMs).toBeLessThanOrEqual(5000);
	expect(headerLine(ui)).toContain(' 6 calls/min ');
});

test.for([
	['+ + +', undefined],
	['+ + -', '2/3 managers'],
	['+ - -', '1/3 managers'],
	['+ -', '1/2 managers'],
] as const)('managers %s: the header says %s', async ([text, said]) => {
	const nodes = text
		.split(' ')
		.map((sign, index) =>
			aNode(`n${index}`, {role: 'manager', manager: {isLeader: index === 0, isReachable: sign === '+'}}),
		);
	const {ui, advance} = await openUi(nodes);
	await advance(100);
	const header = headerLine(ui);
	if (said === undefined) expect(header).not.toContain('managers');
	else expect(header).toContain(` ${said} `);
});

test('an engine that does not count them has no such figure', async () => {
	const {ui, advance} = await openUi([aNode('n1')]);
	await advance(100);
	expect(headerLine(ui)).not.toContain('calls');
});
