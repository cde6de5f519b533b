import {expect, test} from 'vitest';
import {pulseScreen} from '../../../source/views/pulse/screen.ts';
import {spanText} from '../../../source/views/widgets/line.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';
import {openUi, type UiHarness} from '../../helpers/ui.ts';

function used(cpus: number) {
	return anInstance('web.1', {
		nodeId: 'n1-id',
		usage: {cpus, requestsPerSecond: 12, at: 0},
		status: {state: 'running', at: 0, health: 'healthy', endpoints: []},
	});
}

async function open(): Promise<UiHarness> {
	const status = {desired: 1, running: 1, healthy: 1, completed: 0, ports: []};
	const objects = [
		aNode('n1', {usage: {cpus: 1, at: 0}}),
		aService('web', {status}),
		aService('idle', {status: {...status, desired: 0}}),
		used(0.4),
	];
	const harness = await openUi(objects, {size: {columns: 100, rows: 24}});
	harness.press(':', 'p', 'u', 'l', 's', 'e', 'enter');
	return harness;
}

function line(harness: UiHarness, label: string): string {
	const found = pulseScreen.draw(harness.ui, harness.ui.room).map(spans => spans.map(spanText).join('').trimEnd());
	return found.find(text => text.slice(1).trim().startsWith(label)) ?? 'not there';
}

test('how many of what, and what is used', async () => {
	const harness = await open();
	expect(line(harness, 'services')).toBe('▸ services    1 well · 1 idle');
	expect(line(harness, 'nodes')).toBe('  nodes       1 ready');
	expect(line(harness, 'cpu')).toMatch(/^ {2}cpu {9}25 %, 0 % reserved +▂$/);
	expect(line(harness, 'requests')).toMatch(/^ {2}requests {4}12\/s/);
	expect(line(harness, 'memory')).toBe('not there');
	expect(line(harness, 'web')).toMatch(/40 % +– +12/);
});

test('goes to what a line is about', async () => {
	const harness = await open();
	harness.press('j', 'enter');
	expect(harness.ui.place.screen).toBe('nodes');
	harness.press('esc', 'G', 'enter');
	expect([harness.ui.place.screen, harness.ui.place.about?.name]).toEqual(['instances', 'web']);
	harness.press('esc', 'd');
	expect([harness.ui.place.screen, harness.ui.place.about?.name]).toEqual(['describe', 'web']);
});

test('keeps the past, also of when nobody looked; what was not measured is a gap', async () => {
	const harness = await open();
	harness.press(':', 's', 'v', 'c', 'enter');
	for (let minute = 0; minute < 3; minute++) {
		await harness.advance(60_000);
		harness.cluster.put(aNode('n1', {usage: {cpus: minute + 1, at: 0}, revision: String(minute)}));
		await harness.advance(200);
	}

	harness.press(':', 'p', 'u', 'l', 's', 'e', 'enter');
	await harness.advance(1200);
	const samples = line(harness, 'cpu').slice(37).trim();
	expect(samples.replaceAll(' ', '').length).toBeGreaterThanOrEqual(3);
	expect(samples).toContain(' ');
});

test('looks back ten minutes at first, an hour later on, or as one likes', async () => {
	const harness = await open();
	expect(line(harness, 'the last')).toContain('the last ten minutes');
	harness.press('t');
	expect(line(harness, 'the last')).toContain('the last hour');
	harness.press('t');
	expect(line(harness, 'the last')).toContain('the last ten minutes');
});
