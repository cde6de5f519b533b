// The screens load it on use; here it is there, so that a turn of the loop is enough however busy the machine is.
import 'yaml';
import {expect, test} from 'vitest';
import type {Change, NamespaceFacet} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import type {Resource} from '../../../source/core/model/index.ts';
import type {ResourceFacet, ResourceTable, ResourceType} from '../../../source/core/resource/facet.ts';
import {bodyLines} from '../../../source/views/body.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {aBoat as boatOf, boats} from '../../helpers/scripted-resources.ts';
import {openUi} from '../../helpers/ui.ts';

const aBoat = (name: string, size: string, more: Partial<Resource> = {}) =>
	boatOf(name, [size, 'long ago'], {createdAt: 1_000_000_000_000 - 60_000, ...more});

/** A dashboard on an engine with kinds beyond the model; `rows` is what it lists next. */
async function open({known = Promise.resolve(), types = (): readonly ResourceType[] => [boats]} = {}) {
	let rows: ResourceTable['rows'] = [aBoat('one', '9', {labels: {sails: '3'}}), aBoat('two\u001b[2J', '14')];
	let wake = () => {};
	let changes: Array<Change<'resource'>> = [];
	let revision = 1;
	let failure: ClusterError | undefined;
	const done: string[] = [];
	const followed = new Set<AbortSignal>();
	const resources: Partial<ResourceFacet> = {
		types: async () => {
			await known;
			return types();
		},
		async table(type, {name}) {
			if (!types().some(({name: known}) => known === type))
				throw new ClusterError('not-found', `the cluster has no kind ${type}`);
			if (failure !== undefined) throw failure;
			const columns = [
				{title: 'NAME', wide: false, numeric: false},
				{title: 'SIZE', wide: false, numeric: true},
				{title: 'AGE', wide: false, numeric: false},
			];
			return {type: boats, columns, rows: rows.filter(row => name === undefined || row.name === name), revision: '1'};
		},
		describe: async ({type, name}) => [`Name: ${name}`, `Kind: ${type}`],
		read: async ({name}, {reveals}) => ({name, reveals}),
		async *watch(_, __, since, signal) {
			if (failure !== undefined) throw failure;
			followed.add(signal);
			signal.addEventListener('abort', () => {
				followed.delete(signal);
				wake();
			});
			yield {type: 'bookmark', revision: since};
			while (!signal.aborted) {
				if (failure !== undefined) throw failure;
				yield* changes.splice(0);
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		},
		async remove({type, name, scope}) {
			done.push(`remove ${type} ${name} in ${scope}`);
		},
		async label({type, name, scope}, labels) {
			done.push(`label ${type} ${name} in ${scope}: ${JSON.stringify(labels)}`);
		},
	};
	const namespaces: NamespaceFacet = {current: 'shop', list: async () => ['default', 'shop']};
	const cluster = createScriptedCluster([]);
	Object.assign(cluster.facets, {resources, namespaces});
	const harness = await openUi([], {cluster});
	/** As on a screen, which draws after each key. */
	const press = async (...keys: readonly string[]) => {
		harness.press(...keys);
		await harness.advance(100);
		bodyLines(harness.ui, {columns: 60, rows: 12});
		await harness.advance(0);
	};
	return {
		ui: harness.ui,
		done,
		followed,
		get message() {
			return harness.message;
		},
		get hasLeft() {
			return harness.hasLeft;
		},
		async go(words: string) {
			await press(':', ...words, 'enter');
		},
		press,
		async change(next: ResourceTable['rows']) {
			revision++;
			const gone = rows.filter(({id}) => !next.some(row => row.id === id));
			changes = [
				...gone.map(({id}) => ({type: 'remove', id, revision: String(revision)}) as const),
				...next.map(
					row => ({type: 'put', object: {...row, revision: String(revision)}, revision: String(revision)}) as const,
				),
			];
			rows = next;
			wake();
			await harness.advance(100);
		},
		/** Without a word of it. */
		growOld(next: ResourceTable['rows']) {
			rows = next;
		},
		async fail(error: ClusterError | undefined) {
			failure = error;
			wake();
			await harness.advance(100);
		},
		advance: harness.advance,
		disconnect: () => cluster.disconnect(),
		get lines() {
			return bodyLines(harness.ui, {columns: 60, rows: 12})
				.map(line => line.trimEnd())
				.filter(line => line !== '');
		},
	};
}

test('a kind is a list in the columns of the engine, kept up to date; ages are told as time goes on', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	expect(dashboard.lines).toEqual(['  NAME ↑  SIZE  AGE', '▸ one        9  60s', '  two       14  60s']);
	await dashboard.change([aBoat('three', '9')]);
	expect(dashboard.lines).toEqual(['  NAME ↑  SIZE  AGE', '▸ three      9  60s']);
	await dashboard.change([]);
	expect(dashboard.lines).toEqual([' No boats here.']);
});

test('a kind that came while the dashboard ran is known when the bar is opened next', async () => {
	let types = [boats];
	const dashboard = await open({types: () => types});
	await dashboard.go('skiffs');
	expect(dashboard.ui.place.screen).toBe('services');
	await dashboard.press('esc');
	types = [boats, {...boats, name: 'skiffs', kind: 'Skiff', shortNames: []}];
	await dashboard.advance(5000);
	await dashboard.go('skiffs');
	expect(dashboard.ui.place).toMatchObject({screen: 'resources', about: {name: 'skiffs'}});
});

test('a kind that is typed before all kinds are known is waited for; one that is none is said then', async () => {
	const known = Promise.withResolvers<void>();
	const dashboard = await open({known: known.promise});
	await dashboard.go('boat');
	expect(dashboard.message).toBe('boat …');
	known.resolve();
	await dashboard.advance(100);
	expect(dashboard.ui.place).toMatchObject({screen: 'resources', about: {name: 'boats'}});

	const unknown = Promise.withResolvers<void>();
	const other = await open({known: unknown.promise});
	await other.go('ship');
	unknown.resolve();
	await other.advance(100);
	expect(other.message).toMatch(/^✗ no screen is called ship/);
});

test('its rows are filtered by text and label, and sorted by numbers as numbers', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	await dashboard.press('o', 's');
	expect(dashboard.ui.listing.ids).toEqual(['one', 'two\u001b[2J']);
	await dashboard.press('O');
	expect(dashboard.ui.listing.ids).toEqual(['two\u001b[2J', 'one']);
	await dashboard.press('/', ...'-l sails=3', 'enter');
	expect(dashboard.ui.listing.ids).toEqual(['one']);
	await dashboard.press('esc', '/', ...'^shop two', 'enter');
	expect(dashboard.ui.listing.ids).toEqual(['two\u001b[2J']);
});

// It said "Say which kind in the command bar", also to who pressed esc on the list of a kind.
test('without a kind all kinds are listed: enter goes to the list of one, esc comes back', async () => {
	const dashboard = await open({
		types: () => [
			boats,
			{...boats, name: 'events', kind: 'Event', apiVersion: 'v1', shortNames: ['ev']},
			{...boats, name: 'events', kind: 'Event', apiVersion: 'events.example/v1', namespaced: false},
			{...boats, name: 'reviews', kind: 'Review', verbs: ['create']},
		],
	});
	await dashboard.go('resources');
	const table = () =>
		dashboard.lines.map(line =>
			line
				.trim()
				.split(/\s{2,}/)
				.join(' | '),
		);
	expect(table()).toEqual([
		'NAME ↑ | SHORT NAMES | KIND | API VERSION',
		'▸ boats | Boat | example.org/v1',
		'events | ev | Event | v1',
		'events.events.example | Event | events.example…',
	]);
	await dashboard.press('e');
	expect(dashboard.message).toContain('It has no manifest.');
	await dashboard.press('/', ...'boat', 'enter', 'enter');
	expect(dashboard.ui.listing.ids).toEqual(['one', 'two\u001b[2J']);
	await dashboard.press('esc');
	expect(table()[1]).toMatch(/^▸ boats \| Boat/);
});

test('one object is described and shown as YAML without its secrets; esc goes back to the list', async () => {
	// Loaded on use: on a busy machine that takes longer than a turn of the clock.
	await import('yaml');
	const dashboard = await open();
	await dashboard.go('get boats one');
	expect(dashboard.lines).toEqual([' Name: one', ' Kind: boats.example.org']);
	await dashboard.press('esc', 'y');
	expect(dashboard.lines).toEqual([' name: one', ' reveals: false']);
	await dashboard.press('esc');
	expect(dashboard.ui.place).toMatchObject({screen: 'resources', about: {name: 'boats'}});
	await dashboard.change([aBoat('two', '3')]);
	await dashboard.go('get boats one');
	expect(dashboard.message).toBe('There is no Boat one here.');
});

test('what is none is said, and asked for again', async () => {
	const dashboard = await open();
	await dashboard.go('get ships');
	expect(dashboard.lines).toEqual([' ✗ the cluster has no kind ships']);
});

test('one is removed when confirmed, and so are all that are marked', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	await dashboard.press('ctrl-d');
	expect(dashboard.done).toEqual([]);
	expect(dashboard.lines.join('\n')).toContain('Remove the Boat one in shop?');
	expect(dashboard.lines.join('\n')).toContain('muster -n shop resource rm boats.example.org one');
	await dashboard.press('enter');
	expect(dashboard.done).toEqual(['remove boats.example.org one in shop']);
	await dashboard.change([aBoat('a', '1'), aBoat('b', '2'), aBoat('c', '3')]);
	await dashboard.press('g', ' ', 'j', ' ', 'ctrl-d');
	expect(dashboard.lines.join('\n')).toContain('muster -n shop resource rm boats.example.org a b');
	await dashboard.press('enter');
	expect(dashboard.done.slice(1)).toEqual(['remove boats.example.org a in shop', 'remove boats.example.org b in shop']);
});

test('what cannot be read any more stays, and says since when', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	await dashboard.fail(new ClusterError('unreachable', 'the API server does not answer'));
	await dashboard.advance(5000);
	expect(dashboard.ui.listing.ids).toEqual(['one', 'two\u001b[2J']);
	expect(dashboard.message).toBe('as it was 5s ago: the API server does not answer');
	await dashboard.fail(undefined);
	await dashboard.advance(8000);
	expect(dashboard.message).not.toContain('as it was');
});

test('where all of the cluster is out of reach, that is told once', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	dashboard.disconnect();
	await dashboard.fail(new ClusterError('unreachable', 'the scripted cluster cannot be reached'));
	expect(dashboard.ui.collections.connection().state).toBe('stale');
	expect(dashboard.message).toMatch(/^as it was 0s ago: the scripted cluster cannot be reached$/);
});

test('what tells how long ago something was is read again, though nothing has changed', async () => {
	const dashboard = await open();
	await dashboard.change([aBoat('one', '3 (58s ago)')]);
	await dashboard.go('get boats');
	dashboard.growOld([aBoat('one', '3 (2m ago)')]);
	await dashboard.advance(9000);
	expect(dashboard.lines.at(-1)).toContain('58s ago');
	await dashboard.advance(2000);
	expect(dashboard.lines.at(-1)).toContain('2m ago');
	expect(dashboard.followed.size).toBe(1);
});

test('an age goes on by itself where it is known when it was told', async () => {
	const dashboard = await open();
	await dashboard.change([aBoat('one', '3 (58s ago)', {toldAt: 1_000_000_000_000})]);
	await dashboard.go('get boats');
	dashboard.growOld([aBoat('one', 'read again')]);
	await dashboard.advance(60_000);
	dashboard.ui.refresh();
	expect(dashboard.lines.at(-1)).toContain('118s ago');
});

test('a kind is followed only while it is shown, or what was left for it', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	expect(dashboard.followed.size).toBe(1);
	await dashboard.press('d');
	expect(dashboard.followed.size).toBe(1);
	await dashboard.go('events');
	expect(dashboard.followed.size).toBe(0);
});

test('another namespace is another dashboard', async () => {
	const dashboard = await open();
	await dashboard.go('ns');
	expect([dashboard.message, dashboard.hasLeft]).toEqual(['Shown is the namespace shop.  0 all  1 shop', false]);
	await dashboard.go('ns default');
	expect([dashboard.ui.wish, dashboard.hasLeft]).toEqual([{namespace: 'default', screen: 'services'}, true]);
	await dashboard.go('namespace all');
	expect(dashboard.ui.wish).toEqual({allNamespaces: true, screen: 'services'});
});

test(':ns lists the namespaces, and enter goes to the one under the cursor, on the screen that was shown before', async () => {
	const namespaces = {...boats, name: 'namespaces', kind: 'Namespace', namespaced: false};
	const dashboard = await open({types: () => [namespaces, boats]});
	await dashboard.go('ns');
	expect(dashboard.ui.place).toMatchObject({screen: 'resources', about: {name: 'namespaces'}});
	expect(dashboard.message).toContain('Shown is the namespace shop.');
	await dashboard.change([aBoat('default', '', {title: 'Namespace', type: 'namespaces'})]);
	await dashboard.press('enter');
	expect([dashboard.hasLeft, dashboard.ui.wish]).toEqual([true, {screen: 'services', namespace: 'default'}]);
});
