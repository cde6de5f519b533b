import {expect, test} from 'vitest';
import {frameLines} from '../../source/views/frame.ts';
import {point} from '../../source/views/mouse.ts';
import {type MouseReport, MouseReports} from '../../source/views/mouse-reports.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {openUi} from '../helpers/ui.ts';

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
