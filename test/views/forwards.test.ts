import {expect, test} from 'vitest';
import type {Tunnel} from '../../source/core/backend.ts';
import {noPorts} from '../../source/views/ports.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {openUi} from '../helpers/ui.ts';

async function open({connect = true} = {}) {
	const {services, nodes, instances} = readCluster(
		'service web replicas 1 · node n1 ready · instance web.1 on n1 running',
	);
	const objects = [...services, ...nodes, ...instances];
	const reached: string[] = [];
	const facets = {
		async connect({name}: {name: string}, port: number): Promise<Tunnel> {
			reached.push(`${name}:${port}`);
			throw new Error('nothing listens there');
		},
	};
	const cluster = createScriptedCluster(objects, connect ? facets : {});
	const listening = new Map<number, (connection: Tunnel) => void>();
	const harness = await openUi(objects, {
		cluster,
		ports: {
			...noPorts,
			async listen(_, port, accept) {
				const bound = port || 40_000 + listening.size;
				listening.set(bound, accept);
				return {port: bound, close: () => listening.delete(bound)};
			},
		},
	});
	await harness.advance(200);
	const screen = () => {
		const {ui} = harness;
		const shown = ui.screen.type === 'picture' ? ui.screen.draw(ui, {columns: 100, rows: 10}) : [];
		return shown.map(spans =>
			spans
				.map(span => (typeof span === 'string' ? span : span.text))
				.join('')
				.trimEnd(),
		);
	};
	const type = (text: string) => harness.press(...text);
	return {...harness, listening, screen, type, reached};
}

test('ports lead to a service until they are stopped', async () => {
	const {press, type, advance, listening, screen, ui} = await open();
	press('F');
	type('8080:80 :9');
	press('enter');
	await advance(200);
	expect([...listening.keys()]).toEqual([8080, 40_001]);
	expect(ui.state.message?.text).toBe('✓ 127.0.0.1:8080 → web port 80 and 1 more · :forwards lists and stops');
	press(':');
	type('pf');
	press('enter');
	await advance(0);
	expect(screen()).toEqual([
		'  LOCAL                           PORT  TO   INSTANCE  OPEN  TOTAL  AGE',
		'▸ 127.0.0.1:8080 127.0.0.1:40001  80 9  web  web.1     0     0      0s',
	]);
	press('ctrl-d');
	await advance(0);
	expect([listening.size, screen()[1]]).toEqual([
		0,
		' No ports lead anywhere. F on a service or an instance starts one.',
	]);
});

test('they end with the dashboard', async () => {
	const {press, type, advance, listening, ui} = await open();
	press('enter', 'F');
	type('8080:80');
	press('enter');
	await advance(200);
	expect(listening.size).toBe(1);
	ui.close();
	expect(listening.size).toBe(0);
});

test('a connection that fails is told', async () => {
	const {press, type, advance, listening, ui, reached} = await open();
	press('F');
	type('8080:80');
	press('enter');
	await advance(200);
	const connection = {output: (async function* () {})(), write() {}, drained: async () => {}, end() {}, close() {}};
	listening.get(8080)?.(connection);
	await advance(200);
	expect([ui.state.message?.text, reached]).toEqual(['web: nothing listens there', ['web.1:80']]);
});

test('what is no port keeps the line open, and an engine without it says so', async () => {
	const {press, type, advance, listening, ui} = await open();
	press('F');
	type('80x');
	press('enter');
	await advance(200);
	expect([ui.state.overlay?.type, listening.size]).toEqual(['prompt', 0]);
	const other = await open({connect: false});
	other.press('F');
	expect(other.ui.state.message?.text).toMatch(/cannot lead ports/);
});
