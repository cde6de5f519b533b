import {expect, test} from 'vitest';
import {mapScreen} from '../../../source/views/map/screen.ts';
import {spanText} from '../../../source/views/widgets/line.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';
import {openUi, type UiHarness} from '../../helpers/ui.ts';

const usage = {cpus: 0.5, memoryBytes: 100 * 2 ** 20, at: 0};

function running(name: string, node: string, health: 'healthy' | 'unhealthy' = 'healthy') {
	return anInstance(name, {
		nodeId: `${node}-id`,
		nodeName: node,
		usage,
		status: {state: 'running', at: 0, health, endpoints: [], ...(health === 'unhealthy' && {healthMessage: '503'})},
	});
}

async function open(objects: Parameters<typeof openUi>[0] = small, size = {columns: 40, rows: 12}): Promise<UiHarness> {
	const harness = await openUi(objects, {size});
	harness.press(':', 'm', 'a', 'p', 'enter');
	return harness;
}

const small = [
	aNode('n1'),
	aNode('n2'),
	aNode('n3', {status: {state: 'down', at: 0, fencing: false}}),
	aService('web'),
	running('web.1', 'n1'),
	running('web.2', 'n1', 'unhealthy'),
	running('web.3', 'n2'),
];

function lines({ui}: UiHarness): readonly string[] {
	return mapScreen.draw(ui, ui.room).map(line => line.map(spanText).join('').trimEnd());
}

/** The name under the cursor after these keys. */
function check(name: string, keys: readonly string[], expected: string) {
	test(name, async () => {
		const harness = await open();
		harness.press(...keys);
		expect(harness.selected).toBe(expected);
	});
}

check('begins with the first', [], 'web.1');
check('moves', ['right', 'down', 'k'], 'web.1');
check('to the next node', ['tab'], 'web.3');
check('to a node without instances', ['tab', 'tab'], 'n3');
check('to what is wrong', ['n'], 'web.2');
check('and on', ['n', 'n'], 'n3');
check('and back', ['n', 'n', 'N'], 'web.2');
check('to the end', ['G'], 'n3');

test('says what is under the cursor', async () => {
	const harness = await open();
	expect(lines(harness).at(-1)).toBe(' web.1 on n1 · healthy · cpu 50 % · 100 MiB');
	harness.press('n');
	expect(lines(harness).at(-1)).toBe(' web.2 on n1 · unhealthy · cpu 50 % · 100 MiB · 503');
	harness.press('n');
	expect(lines(harness).at(-1)).toBe(' n3 · down, active · down');
});

test('enter goes to the instance, or to those of a node', async () => {
	const harness = await open();
	harness.press('enter');
	expect([harness.ui.place.screen, harness.ui.place.about?.name]).toEqual(['describe', 'web.1']);
	harness.press('esc', 'G', 'enter');
	expect([harness.ui.place.screen, harness.ui.place.about?.name]).toEqual(['instances', 'n3']);
});

test('logs only of an instance', async () => {
	const harness = await open();
	harness.press('G', 'l');
	expect(harness.message).toContain('A cell with one instance');
	harness.press('g', 'l');
	expect(harness.ui.place.screen).toBe('logs');
});

test('the cursor stays on its instance when others come and go', async () => {
	const harness = await open();
	harness.press('right');
	expect(harness.selected).toBe('web.2');
	harness.cluster.put(aNode('n0'), running('web.9', 'n0'));
	await harness.advance(2000);
	expect(harness.selected).toBe('web.2');
	harness.cluster.drop('web.1-id');
	await harness.advance(2000);
	expect(harness.selected).toBe('web.2');
});

test('several instances in a cell: said above, and enter shows all of the node', async () => {
	const many = Array.from({length: 900}, (_, index) => running(`web.${index + 1}`, 'n1'));
	const harness = await open([aNode('n1'), aService('web'), ...many]);
	expect(lines(harness)[0]).toContain('a cell is');
	expect(lines(harness).at(-1)).toMatch(/^ n1 · \d+ instances · ready, active · healthy · 50 %$/);
	expect(harness.selected).toBe('n1');
	harness.press('enter');
	expect(harness.ui.place.screen).toBe('instances');
});

test('more nodes than lines: a cell for each', async () => {
	const harness = await open(
		Array.from({length: 150}, (_, index) => aNode(`node-${index}`, {usage})),
		{columns: 60, rows: 10},
	);
	expect(lines(harness)[0]).toContain('a cell is a node');
	expect(lines(harness).at(-1)).toBe(' node-0 · ready, active · empty · 13 %');
	harness.press('down');
	expect(harness.selected).toBe('node-58');
});

test('memory instead of CPU', async () => {
	const harness = await open();
	expect(lines(harness)[0]).toMatch(/^ CPU/);
	harness.press('m');
	expect(lines(harness)[0]).toMatch(/^ memory/);
});
