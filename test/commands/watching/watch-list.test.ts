import {expect, test} from 'vitest';
import type {Listing} from '../../../source/commands/output/listings.ts';
import type {Call} from '../../../source/commands/verb.ts';
import type {Beside} from '../../../source/commands/watching/beside.ts';
import {onScreen, watchList} from '../../../source/commands/watching/watch-list.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {Kind, Objects, Service} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

/** Names of services, watched; what is drawn is kept, the newest last. */
function watched(
	isTTY: boolean,
	{
		format = 'table',
		isThere = true,
		objects = readCluster('service web · service api').services,
		beside,
	}: {format?: string; isThere?: boolean; objects?: ReadonlyArray<Objects[Kind]>; beside?: Beside<Service>} = {},
) {
	const clock = createManualClock();
	const cluster = createScriptedCluster(objects);
	if (!isThere) cluster.disconnect();
	const drawn: string[] = [];
	const told: string[] = [];
	const stop = new AbortController();
	const stdout = {isTTY, rows: 10, columns: 80, write: (text: string) => drawn.push(text.replace('\x1b[H\x1b[J', ''))};
	const stderr = {write: (text: string) => told.push(text)};
	const host = {...clock, stdout, stderr, interrupted: stop.signal};
	const listing: Listing<Service> = {columns: () => [{title: 'NAME', value: ({name}) => name}], shape: one => one};
	const ended = watchList({host} as unknown as Call, cluster, {
		query: {kind: 'service'},
		...(beside && {beside}),
		keep: () => true,
		compare: (a, b) => a.name.localeCompare(b.name),
		printing: {host, listing, context: 'x', format, headers: false, noColor: true} as never,
	}).then(String, (thrown: unknown) => toClusterError(thrown).code);
	return {
		cluster,
		drawn,
		told,
		ended,
		stop: () => stop.abort(),
		async turn(seconds: number) {
			for (let step = 0; step < seconds * 10; step++) {
				await settle();
				clock.advance(100);
			}

			await settle();
		},
	};
}

// An API server that was started again ended it after 10 s, and the table was gone with its context.
test('on a terminal the last state stays through an outage, and says how old it is', async () => {
	const list = watched(true);
	await list.turn(1);
	list.cluster.disconnect();
	await list.turn(30);
	expect(list.drawn.at(-1)).toMatch(/^As it was (29|30)s ago: .+\napi *\nweb *\n+$/);
	list.cluster.connect();
	await list.turn(2);
	expect(list.drawn.at(-1)).toMatch(/^api *\nweb *\n+$/);
	list.stop();
	expect(await list.ended).toBe('130');
});

// It ended with 5 after 10 s, and who had piped it on had to begin anew.
test.each(['table', 'ndjson'])(
	'into a pipe (%s) it goes on through an outage, and says so once beside it',
	async format => {
		const list = watched(false, {format});
		await list.turn(1);
		const before = list.drawn.length;
		list.cluster.disconnect();
		await list.turn(1);
		expect(list.told).toEqual([]);
		await list.turn(30);
		const waits =
			'The watch waits: the scripted cluster cannot be reached. It goes on by itself; what changes meanwhile is told then.\n';
		expect(list.told).toEqual([waits]);
		expect(list.drawn).toHaveLength(before);
		list.cluster.put(...readCluster('service batch').services);
		list.cluster.connect();
		await list.turn(2);
		expect(list.told).toEqual([waits, 'It goes on.\n']);
		expect(list.drawn).toHaveLength(before + 1);
		expect(list.drawn.at(-1)).toContain('batch');
		list.stop();
		expect(await list.ended).toBe('130');
	},
);

test('an engine that has never answered is not waited for', async () => {
	const list = watched(false, {isThere: false});
	await list.turn(30);
	expect(await list.ended).toBe('unreachable');
	expect([list.drawn, list.told]).toEqual([[], []]);
});

test('what other objects say of those that are watched is followed from when it is wanted', async () => {
	const {services, instances, nodes} = readCluster('node n1 · service web\ninstance web.1 on n1 starting because "x"');
	const beside: Beside<Service> = {
		wants: all => all.some(({name}) => name === 'sick'),
		shown: (all, {instances: found}) =>
			all.map(one => ({...one, name: `${one.name}: ${[...found].map(({status}) => status.reason).join()}`})),
	};
	const list = watched(false, {beside, objects: [...services, ...instances, ...nodes]});
	await list.turn(1);
	expect(list.drawn.at(-1)?.trim()).toBe('web');
	list.cluster.put({...services[0]!, name: 'sick'});
	await list.turn(1);
	expect(list.drawn.at(-1)?.trim()).toMatch(/^sick: x$/);
	list.cluster.put({...instances[0]!, status: {...instances[0]!.status, reason: 'y'}});
	await list.turn(1);
	expect(list.drawn.at(-1)?.trim()).toBe('sick: y');
	list.stop();
	expect(await list.ended).toBe('130');
});

// Lines that wrapped pushed the heading out of a narrow terminal.
test('as many lines as there is room for, the wide ones with the rows that they take', () => {
	const shown = (text: string, rows: number) => onScreen(text, {rows, columns: 10}).replace('\x1b[H\x1b[J', '');
	expect(shown('a\nb\nc', 4)).toBe('a\nb\nc\n');
	expect(shown('a\nb\nc', 3)).toBe('a\nb\n');
	expect(shown(`NAME\n${'x'.repeat(11)}\ny\nz`, 5)).toBe(`NAME\n${'x'.repeat(11)}\ny\n`);
	expect(shown('\x1b[31m0123456789\x1b[0m\nb', 3)).toBe('\x1b[31m0123456789\x1b[0m\nb\n');
});
