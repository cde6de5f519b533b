import {expect, test} from 'vitest';
import type {Service} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {openUi} from '../../helpers/ui.ts';

const text = `
	node n1 · node n2
	service api replicas 2 · service logs global · service web replicas 3
	instance api.1 on n1 running · instance api.2 on n2 running
	instance web.1 on n1 running · instance web.2 on n2 running · instance web.3 on n1 running
`;

async function open(options = {}) {
	const {services, nodes, instances} = readCluster(text);
	return openUi([...services, ...nodes, ...instances], options);
}

test('strokes close together are one change, made after a pause', async () => {
	const {press, advance, cluster} = await open();
	press('+', '+', '+');
	await advance(600);
	press('-');
	await advance(600);
	expect(cluster.writes).toEqual([]);
	await advance(100);
	expect(cluster.writes).toEqual(['apply service api {"replicas":4}']);
});

test('the pending change is shown with what it brings', async () => {
	const harness = await open();
	harness.press('G', '+', '+');
	expect(harness.message).toMatch(/^web 3 → 5.*enter now · esc drop$/);
	expect(harness.hints).toMatch(/^↵ now {2}esc drop/);
});

test('enter makes it at once, and not again', async () => {
	const {press, advance, cluster} = await open();
	press('+', 'enter');
	await advance(0);
	expect(cluster.writes).toEqual(['apply service api {"replicas":3}']);
	await advance(5000);
	expect(cluster.writes.length).toBe(1);
});

test('esc drops it', async () => {
	const {press, advance, cluster, ui} = await open();
	press('+', 'esc');
	await advance(5000);
	expect([cluster.writes, ui.state.scaling]).toEqual([[], undefined]);
});

test('there and back again is no change', async () => {
	const {press, advance, cluster} = await open();
	press('+', '-');
	await advance(5000);
	expect(cluster.writes).toEqual([]);
});

test('a change of another service makes the pending one first', async () => {
	const {press, advance, cluster} = await open();
	press('+', 'G', '-');
	await advance(0);
	expect(cluster.writes).toEqual(['apply service api {"replicas":3}']);
	await advance(700);
	expect(cluster.writes).toEqual(['apply service api {"replicas":3}', 'apply service web {"replicas":2}']);
});

test('moving on does not lose it', async () => {
	const {press, advance, cluster, ui} = await open();
	press('+', 'j', ':');
	expect(ui.state.overlay?.type).toBe('prompt');
	await advance(700);
	expect(cluster.writes).toEqual(['apply service api {"replicas":3}']);
});

test('down to nothing asks first', async () => {
	const {press, advance, cluster, ui} = await open();
	press('-', '-', '-', '-');
	await advance(700);
	expect(ui.state.overlay).toMatchObject({type: 'panel', question: expect.stringContaining('Scale api to 0')});
	expect(cluster.writes).toEqual([]);
	press('x', 'esc');
	await advance(0);
	expect([cluster.writes, ui.state.overlay]).toEqual([[], undefined]);
	press('-', '-', 'enter', 'y');
	await advance(0);
	expect(cluster.writes).toEqual(['apply service api {"replicas":0}']);
});

test('a global service says why it is not scaled', async () => {
	const harness = await open();
	harness.press('j', '+');
	expect([harness.selected, harness.message]).toEqual(['logs', expect.stringContaining('global service')]);
});

test('read-only changes nothing', async () => {
	const harness = await open({readOnly: true});
	harness.press('+', '+');
	expect(harness.message).toContain('read-only');
	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual([]);
});

test('set to a number, checked as it is typed', async () => {
	const harness = await open();
	harness.press('S', 'x');
	expect(harness.message).toContain('is not a whole number');
	harness.press('enter');
	expect(harness.ui.state.overlay?.type).toBe('prompt');
	harness.press('ctrl-u', '7', 'enter');
	await harness.advance(0);
	expect(harness.cluster.writes).toEqual(['apply service api {"replicas":7}']);
	expect(harness.message).toContain('api');
});

test('a service that goes meanwhile is not created again', async () => {
	const {press, advance, cluster, ui} = await open();
	press('+');
	cluster.drop('api-id');
	await advance(700);
	expect([cluster.writes, ui.state.message?.text]).toEqual([[], 'api is gone.']);
});

test('a refusal of the engine is told with what to do', async () => {
	const harness = await open();
	harness.cluster.disconnect();
	harness.press('+', 'enter');
	await harness.advance(0);
	expect(harness.message).toContain('✗ the scripted cluster cannot be reached');
});

test('keys go on while the engine does not answer', async () => {
	const harness = await open();
	harness.cluster.hold();
	harness.press('+', 'enter');
	await harness.advance(60_000);
	expect(harness.message).toContain('muster service scale api=');
	harness.press('j', 'j');
	expect(harness.selected).toBe('web');
	harness.cluster.answer();
	await harness.advance(0);
	expect(harness.message).toContain('api: 2 of 3 running');
});

test('a stroke before the cluster has told the change before it goes on from there', async () => {
	const {press, advance, cluster, ui} = await open();
	press('+', 'enter', '+');
	expect(ui.state.scaling?.to).toBe(4);
	press('-', 'enter');
	await advance(0);
	expect(cluster.writes).toEqual(['apply service api {"replicas":3}']);
	press('+', 'enter');
	await advance(0);
	expect(cluster.writes.at(-1)).toBe('apply service api {"replicas":4}');
});

test('what failed, or somebody else changed since, is not gone on from', async () => {
	const refused = await open({readOnly: true});
	refused.press('+', 'enter');
	await refused.advance(0);
	expect(refused.ui.state.scaled).toBeUndefined();
	const {press, advance, cluster, ui} = await open();
	press('+', 'enter');
	await advance(100);
	const api = ui.find({kind: 'service', id: 'api-id'});
	cluster.put({...(api as Service), updatedAt: ui.clock.now(), spec: {...(api as Service).spec, replicas: 1}});
	await advance(100);
	press('+');
	expect(ui.state.scaling?.to).toBe(2);
});

test('a leap is asked about first, by S and by a key that is held', async () => {
	const {press, advance, cluster, ui} = await open();
	press('S', ...'300', 'enter');
	await advance(1000);
	const {overlay} = ui.state;
	expect([overlay?.type === 'panel' && overlay.question, cluster.writes]).toEqual(['Scale api from 2 to 300?', []]);
	press('esc', ...Array.from({length: 150}, () => '+'), 'enter');
	await advance(1000);
	expect([ui.state.overlay?.type, cluster.writes]).toEqual(['panel', []]);
	press('enter');
	await advance(1000);
	expect(cluster.writes).toEqual(['apply service api {"replicas":152}']);
});

test('what was said before a line was typed does not stand in its way', async () => {
	const harness = await open();
	harness.press('~');
	expect(harness.message).toContain('~ is no key here');
	harness.press('/', ...'web', 'enter');
	expect(harness.message).toBe('/web · 1 of 3');
});
