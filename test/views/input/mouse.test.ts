import {expect, test} from 'vitest';
import {frameLines} from '../../../source/views/frame.ts';
import {point} from '../../../source/views/input/mouse.ts';
import {type MouseReport, MouseReports} from '../../../source/views/input/mouse-reports.ts';
import type {Ui} from '../../../source/views/ui.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {smallCluster} from '../../helpers/small-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** Reads (`␛` for escape) → what is told, and what is left as keys. */
function check(name: string, chunks: readonly string[], expected: string) {
	test(name, () => {
		const reports = new MouseReports();
		const told: string[] = [];
		const tell = ({type, row, column}: MouseReport) => told.push(`${type} ${row},${column}`);
		const keys = chunks.map(chunk => reports.take(chunk.replaceAll('␛', '\x1b'), tell)).join('');
		expect(`${told.join(' ')} | ${keys.replaceAll('\x1b', '␛')}`).toBe(expected);
	});
}

check('a press', ['␛[<0;10;5M'], 'click 4,9 | ');
check('its release is nothing', ['␛[<0;10;5M␛[<0;10;5m'], 'click 4,9 | ');
check('the right button marks', ['␛[<2;1;1M'], 'mark 0,0 | ');
check('so does ctrl', ['␛[<16;1;1M'], 'mark 0,0 | ');
check('the middle one is nothing', ['␛[<1;1;1M'], ' | ');
check('the wheel', ['␛[<64;3;3M␛[<65;3;3M'], 'wheel-up 2,2 wheel-down 2,2 | ');
check('a wheel to the side is nothing', ['␛[<66;3;3M'], ' | ');
check('a mouse that moves is nothing', ['␛[<35;3;3M'], ' | ');
check('among keys', ['j␛[<0;1;1Mk␛[Al'], 'click 0,0 | jk␛[Al');
check('in pieces', ['j␛[<0', ';1;', '1Mk'], 'click 0,0 | jk');
check('in pieces from its beginning', ['␛[', '<0;1;1M'], 'click 0,0 | ');
check('an escape alone is a key', ['␛'], ' | ␛');
check('another sequence in pieces stays one', ['␛[', 'A'], ' | ␛[A');
check('no report', ['␛[<0;1;1X', '␛[<99999999999999999999999999'], ' | ␛[<0;1;1X␛[<99999999999999999999999999');

const cluster = 'service api replicas 1 · service batch replicas 1 · service web replicas 3 · node n1';

test('a click selects, a second one goes in, a click on a crumb comes back', async () => {
	const {ui} = await openUi(readCluster(cluster).services);
	const click = (row: number, column: number) => {
		frameLines(ui);
		point(ui, {type: 'click', row, column});
	};
	click(3, 5);
	expect(ui.target?.name).toBe('batch');
	click(3, 40);
	expect(ui.state.places.map(({screen}) => screen)).toEqual(['services', 'instances']);
	const [header = ''] = frameLines(ui);
	click(0, header.indexOf('services ›'));
	expect(ui.state.places.map(({screen}) => screen)).toEqual(['services']);
});

test('a click below the rows, beside the titles or on a panel is nothing', async () => {
	const {ui, press} = await openUi(readCluster(cluster).services);
	const state = () => [ui.state.places.length, ui.target?.name, ui.place.sort, ui.state.overlay?.type];
	frameLines(ui);
	point(ui, {type: 'click', row: 15, column: 5});
	point(ui, {type: 'click', row: 1, column: 0});
	point(ui, {type: 'click', row: 22, column: 3});
	point(ui, {type: 'click', row: 99, column: 999});
	expect(state()).toEqual([1, 'api', undefined, undefined]);
	press('ctrl-d');
	point(ui, {type: 'click', row: 3, column: 5});
	expect(state()).toEqual([1, 'api', undefined, 'panel']);
});

test('a click on a hint presses its key', async () => {
	const {ui} = await openUi(readCluster(cluster).services);
	const lines = frameLines(ui);
	const column = lines.at(-1)?.indexOf('d describe') ?? -1;
	point(ui, {type: 'click', row: lines.length - 1, column});
	expect(ui.screen.id).toBe('describe');
});

async function openSmall(keys: string) {
	const harness = await openUi(smallCluster(1_000_000_000_000), {size: {columns: 100, rows: 30}});
	harness.press(...keys.split(' ').map(key => (key === 'space' ? ' ' : key)));
	await harness.advance(1);
	return harness;
}

/** On the first place where a text is drawn. */
function clickOn(ui: Ui, text: string): void {
	const lines = frameLines(ui);
	const row = lines.findIndex(line => line.includes(text));
	expect(row, `${text} in\n${lines.join('\n')}`).not.toBe(-1);
	point(ui, {type: 'click', row, column: lines[row]?.indexOf(text) ?? 0});
}

test('troubles: a click selects, a second one goes there', async () => {
	const {ui} = await openSmall(': t r enter');
	const titles = () => frameLines(ui).map(line => line.slice(0, 1) + line.slice(2, 3));
	clickOn(ui, 'web');
	expect([titles().indexOf('▸!'), ui.screen.id]).toEqual([3, 'troubles']);
	clickOn(ui, 'TROUBLE');
	expect(ui.screen.id).toBe('troubles');
	clickOn(ui, 'web');
	expect(ui.state.places.map(({screen}) => screen)).toEqual(['troubles', 'instances']);
});

test('map: a click on a cell selects it, one on a node its first, a second one goes in', async () => {
	const {ui} = await openSmall(': m a p enter');
	const at = () => (ui.screen.type === 'picture' ? ui.screen.status?.(ui) : '');
	expect(at()).toMatch(/^1\//);
	const lines = frameLines(ui);
	const row = lines.findIndex(line => line.includes('n1'));
	const first = lines[row]?.indexOf('◉') ?? 0;
	point(ui, {type: 'click', row, column: first + 2});
	expect(at()).toMatch(/^2\//);
	clickOn(ui, 'n2');
	expect(ui.target?.kind === 'instance' && ui.target.nodeName).toBe('n2');
	point(ui, {type: 'click', row: 28, column: 60});
	expect(ui.screen.id).toBe('map');
	clickOn(ui, '◉');
	expect(ui.screen.id).toBe('describe');
});

test('pulse: a click on a line, and a second one', async () => {
	const {ui} = await openSmall(': p u l s e enter');
	clickOn(ui, 'BUSIEST');
	expect(ui.screen.id).toBe('pulse');
	clickOn(ui, '3 ready');
	expect([
		frameLines(ui)
			.find(line => line.startsWith('▸'))
			?.slice(1)
			.trim()
			.slice(0, 5),
		ui.screen.id,
	]).toEqual(['nodes', 'pulse']);
	clickOn(ui, '3 ready');
	expect(ui.screen.id).toBe('nodes');
});

test('a form: a click goes to a field, one on a choice to the next, one on a hint does it', async () => {
	const {ui, press} = await openSmall('n');
	const form = () => (ui.state.overlay?.type === 'form' ? ui.state.overlay : undefined);
	const focused = () => form()?.fields[form()?.index ?? 0];
	clickOn(ui, ' replicas ');
	expect(focused()?.name).toBe('replicas');
	press('7');
	clickOn(ui, ' mode ');
	expect([focused()?.name, focused()?.line.text]).toEqual(['mode', '']);
	clickOn(ui, '▸ mode ');
	expect(focused()?.line.text).toBe('replicated');
	clickOn(ui, 'Create a service');
	expect(focused()?.name).toBe('mode');
	clickOn(ui, '↵ create');
	expect(form()?.isRefused).toBe(true);
	clickOn(ui, 'esc leave');
	clickOn(ui, 'esc leave');
	expect(form()).toBeUndefined();
});

test('a question is answered by a click on its hints, and by nothing else', async () => {
	const {ui, cluster} = await openSmall('ctrl-d');
	clickOn(ui, 'Remove');
	expect(ui.state.overlay?.type).toBe('panel');
	clickOn(ui, 'esc leave');
	expect([ui.state.overlay, cluster.writes]).toEqual([undefined, []]);
	const again = await openSmall('ctrl-d');
	clickOn(again.ui, '↵ ');
	await again.advance(1);
	expect(again.cluster.writes).toEqual(['remove service api']);
});

test('the columns to show are chosen by clicks', async () => {
	const {ui} = await openSmall('W');
	const items = () => (ui.state.overlay?.type === 'choices' ? ui.state.overlay.items : []);
	clickOn(ui, '✓ IMAGE');
	expect(items().find(({title}) => title === 'IMAGE')?.isOn).toBe(true);
	clickOn(ui, '✓ IMAGE');
	expect(items().find(({title}) => title === 'IMAGE')?.isOn).toBe(false);
});
