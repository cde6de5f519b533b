import {expect, test} from 'vitest';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {instancesScreen} from '../../source/views/instances/screen.ts';
import {shownColumns} from '../../source/views/list/columns-shown.ts';
import {nodesScreen} from '../../source/views/nodes/screen.ts';
import type {TableScreen} from '../../source/views/screen.ts';
import {servicesScreen} from '../../source/views/services/screen.ts';
import {shareCell} from '../../source/views/widgets/cells.ts';
import {aNode, anInstance, aService} from '../helpers/objects.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {tableText, worldOf} from '../helpers/table-text.ts';
import {openUi} from '../helpers/ui.ts';

// What is used, of what may be, now and of late; in the columns of a wide terminal.

const service = aService('web', {
	spec: serviceSpec({
		template: {
			image: 'nodejs',
			limit: {cpus: 2, memoryBytes: 1_000_000_000},
			reserve: {cpus: 0.5, memoryBytes: 100_000_000},
		},
	}),
	status: {desired: 3, running: 3, healthy: 3, completed: 0, ports: []},
});
const traffic = {requestsPerSecond: 12.34, errorsPerSecond: 0.5, latencyP99Ms: 1234};
const instances = [
	anInstance('web.1', {nodeId: 'n1-id', usage: {at: 0, cpus: 0.5, memoryBytes: 950_000_000, ...traffic}}),
	anInstance('web.2', {nodeId: 'n1-id', usage: {at: 0, cpus: 0.25, requestsPerSecond: 2000}}),
	anInstance('web.3'),
];
const nodes = [aNode('n1', {usage: {at: 0, cpus: 3, memoryBytes: 2 ** 32}})];
const world = {services: [service], instances, nodes};

/** The cells under the titles, in a list of 240 columns. */
function cells(
	screen: Parameters<typeof tableText>[0],
	titles: readonly string[],
	shown: Parameters<typeof tableText>[1] = world,
): readonly string[] {
	const [head = '', ...rows] = tableText(screen, shown, {columns: 240}).split('\n');
	const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map(({0: title, index}) => ({
		title,
		index,
		end: index + title.length,
	}));
	return rows.map(row =>
		titles
			.map(title => {
				const column = starts.find(start => start.title === title);
				const before = Math.max(0, ...starts.filter(start => start.end < (column?.end ?? 0)).map(({end}) => end));
				return column === undefined ? 'no column' : row.slice(before, column.end).trim();
			})
			.join(' | '),
	);
}

test('of instances: what each uses, of its limit and of its reservation; what was not measured is absent', () => {
	expect(cells(instancesScreen as never, ['REQ/S', 'P99', 'ERR/S', 'CPU/L', 'MEM/L', 'CPU/R', 'MEM/R'])).toEqual([
		'12 | 1.2 s | 0.5 | 25 % | 95 % | 100 % | 950 %',
		'2k | – | – | 13 % | – | 50 % | –',
		'– | – | – | – | – | – | –',
	]);
});

test('of services: all that were measured together, of as many limits', () => {
	expect(cells(servicesScreen as never, ['REQ/S', 'P99', 'ERR/S', 'CPU/L', 'CPU/R'])).toEqual([
		'2.0k | 1.2 s | 0.5 | 19 % | 75 %',
	]);
});

test('where there are several containers, of what they may use together; without a limit for all, of none', () => {
	const bounds = {limit: {cpus: 5}, reserve: {cpus: 1, memoryBytes: 200_000_000}};
	const changed = {...world, instances: instances.map(one => ({...one, bounds}))};
	const titles = ['CPU/L', 'MEM/L', 'CPU/R', 'MEM/R'];
	expect(cells(instancesScreen as never, titles, changed)[0]).toBe('10 % | – | 50 % | 475 %');
	expect(cells(servicesScreen as never, titles, changed)).toEqual(['8 % | – | 38 % | 238 %']);
});

test('of nodes: parts of what each has, and what its instances answer', () => {
	expect(cells(nodesScreen as never, ['CPU %', 'MEM %', 'REQ/S', 'P99'])).toEqual(['75 % | 50 % | 2.0k | 1.2 s']);
});

test('what comes near a limit stands out', () => {
	const roles = [0.5, 0.75, 0.89, 0.9, 2].map(share => {
		const cell = shareCell(share);
		return typeof cell === 'string' ? 'plain' : cell.role;
	});
	expect(roles).toEqual(['plain', 'warning', 'warning', 'bad', 'bad']);
	expect(shareCell(2, false)).toBe('200 %');
});

test('what was used of late is drawn beside it', () => {
	const own = worldOf(world);
	for (let at = 0; at < 600_000; at += 10_000) {
		own.trends.usage.record(at, () => ({
			instances: [],
			nodes: [],
			serviceUsage: new Map([['web-id', {at, cpus: at / 200_000, requestsPerSecond: 600_000 - at}]]),
		}));
	}

	const text = tableText(servicesScreen, {...world, trends: own.trends, now: 599_999}, {columns: 240});
	expect(text).toContain('▁▁▁▂▂▃▃▃▄▄▅▅▅▆▆▇▇▇██  ███▇▇▆▆▆▅▅▄▄▄▃▃▂▂▂▁▁');
});

test('an engine that counts no requests has no columns for them, unless they were chosen', async () => {
	const cluster = createScriptedCluster([service, ...instances, ...nodes]);
	Object.assign(cluster.facets, {traffic: undefined});
	const {ui} = await openUi([], {cluster, size: {columns: 240, rows: 24}});
	for (const screen of [servicesScreen, instancesScreen, nodesScreen]) {
		const shown = (on: boolean) => {
			Object.assign(cluster.facets, {traffic: on || undefined});
			return shownColumns(ui, screen as TableScreen).map(({title}) => title);
		};
		const left = new Set(shown(false));
		expect(shown(true).filter(title => !left.has(title))).toEqual(['REQ/S', 'P99', 'ERR/S', 'REQ/S OF LATE']);
	}

	Object.assign(cluster.facets, {traffic: undefined});
	ui.memory.chooseColumns('services', ['NAME', 'P99']);
	expect(shownColumns(ui, servicesScreen).map(({title}) => title)).toEqual(['NAME', 'P99']);
});
