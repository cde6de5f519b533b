import {expect, test} from 'vitest';
import type {ComponentHealth} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {troublesOf} from '../../../source/views/troubles/finding.ts';
import {selectedTrouble} from '../../../source/views/troubles/keymap.ts';
import {troublesScreen} from '../../../source/views/troubles/screen.ts';
import {spanText} from '../../../source/views/widgets/line.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi, type UiHarness} from '../../helpers/ui.ts';

const start = 1_000_000_000_000;
const desired = {desired: 2, running: 1, healthy: 0, completed: 0, ports: []};

function ill(name: string, slot: number) {
	return anInstance(`${name}.${slot}`, {
		nodeId: 'n1-id',
		status: {state: 'running', at: start, health: 'unhealthy', healthMessage: '503', endpoints: []},
	});
}

async function open(
	objects = [aNode('n1'), aService('web', {status: desired}), ill('web', 1), ill('web', 2)],
	options = {},
) {
	const harness = await openUi(objects, options);
	harness.press(':', 't', 'r', 'enter');
	return harness;
}

function text({ui}: UiHarness): string {
	return troublesScreen
		.draw(ui, ui.room)
		.map(line => line.map(spanText).join('').trimEnd())
		.join('\n');
}

test('enter goes where the cause is, esc comes back', async () => {
	const harness = await open();
	expect(text(harness)).toContain('web has unhealthy instances');
	harness.press('enter');
	expect([harness.ui.place.screen, harness.ui.place.about?.name]).toEqual(['instances', 'web']);
	harness.press('esc');
	expect(harness.ui.place.screen).toBe('troubles');
});

test('a remedy asks first; nothing is done without the answer', async () => {
	const harness = await open();
	harness.press('a');
	expect(harness.ui.state.overlay?.type).toBe('panel');
	expect(harness.cluster.writes).toEqual([]);
	harness.press('esc');
	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual([]);
	harness.press('a', 'enter');
	await harness.advance(100);
	expect(harness.cluster.writes).toEqual(['apply service web {"forceUpdate":1}']);
});

test('nothing is done in read-only mode', async () => {
	const harness = await open(undefined, {readOnly: true});
	harness.press('a', 'enter');
	await harness.advance(100);
	expect(harness.message).toContain('read-only');
	expect(harness.cluster.writes).toEqual([]);
});

test('what has no remedy by key says so', async () => {
	const harness = await open([aNode('n1', {status: {state: 'down', at: start, fencing: false, message: 'silent'}})]);
	harness.press('a');
	expect(harness.message).toContain('Nothing can be done about it by a key.');
	expect(harness.ui.state.overlay).toBeUndefined();
});

test('the cursor stays on its trouble when worse ones come', async () => {
	const harness = await open();
	harness.press('G');
	const before = selectedTrouble(harness.ui)?.id;
	harness.cluster.put(aNode('n2', {status: {state: 'down', at: start, fencing: false}}));
	await harness.advance(3000);
	expect(troublesOf(harness.ui).length).toBe(2);
	expect(selectedTrouble(harness.ui)?.id).toBe(before);
	harness.cluster.drop('web-id');
	await harness.advance(3000);
	expect(selectedTrouble(harness.ui)?.title).toBe('Node n2 is down');
});

test('is looked for once a second at most, and comes up by itself', async () => {
	const harness = await open();
	await harness.advance(1500);
	const before = troublesOf(harness.ui);
	for (let change = 0; change < 5; change++) {
		harness.cluster.put(ill('web', 3 + change));
		await harness.advance(100);
	}

	expect(troublesOf(harness.ui)).toBe(before);
	await harness.advance(1000);
	await harness.advance(100);
	expect(troublesOf(harness.ui)[0]?.count).toBe(7);
});

test('asks after the control plane while it is looked at, and no longer', async () => {
	let asked = 0;
	const failed: ComponentHealth = {name: 'store', state: 'failed', message: 'the disk is full'};
	const cluster = createScriptedCluster([aNode('n1')], {
		async health() {
			asked++;
			return [failed];
		},
	});
	const harness = await openUi([], {cluster});
	await harness.advance(20_000);
	expect(asked).toBe(0);
	harness.press(':', 't', 'r', 'enter');
	await harness.advance(2000);
	expect(asked).toBe(1);
	expect(text(harness)).toContain('The store has failed');
	await harness.advance(5000);
	expect(asked).toBe(2);
	harness.press(':', 's', 'v', 'c', 'enter');
	await harness.advance(20_000);
	expect(asked).toBeLessThanOrEqual(3);
});

test('all is well', async () => {
	const harness = await open([aNode('n1')]);
	expect(text(harness)).toContain('Nothing is wrong.');
	harness.press('enter', 'a', 'j', 'G', 'd');
	expect(harness.ui.place.screen).toBe('troubles');
});

test('text from a cluster cannot leave its line', async () => {
	const evil = aService('web', {status: {...desired, message: 'x'}});
	const harness = await open([
		aNode('n1'),
		evil,
		anInstance('web.1', {
			status: {
				state: 'pending',
				at: start,
				health: 'none',
				endpoints: [],
				reason: '\u{1B}]0;owned\u{7}no\nroom\u{1B}[2J',
			},
		}),
	]);
	const drawn = text(harness);
	expect(drawn).toContain('no room');
	expect(drawn).not.toMatch(/[\u{1B}\u{7}]/u);
});

test('nothing is said to be right of a cluster that is not heard of', async () => {
	const harness = await open([aNode('n1')]);
	expect(text(harness)).toContain('Nothing is wrong.');
	harness.cluster.disconnect();
	await harness.advance(100);
	expect(text(harness)).toContain('Nothing was wrong when the cluster was heard of last.');
});

test('who may not see the services is not told that nothing is wrong', async () => {
	const cluster = createScriptedCluster([aNode('n1')]);
	const {list} = cluster;
	cluster.list = async (query, ...more) => {
		if (query.kind === 'service') throw new ClusterError('not-allowed', 'you may not list them');
		return list(query, ...more);
	};
	const harness = await openUi([], {cluster});
	harness.press(':', ...'troubles', 'enter');
	await harness.advance(100);
	expect(text(harness).replaceAll(/\s+/g, ' ')).toContain(
		'Nothing is wrong in what may be seen. services may not be seen: you may not list them',
	);
});
