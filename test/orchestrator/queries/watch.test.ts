import {expect, test} from 'vitest';
import type {Change, Query} from '../../../source/core/backend.ts';
import type {Kind, Usage} from '../../../source/core/model/index.ts';
import {createOrchestratorBackend} from '../../../source/orchestrator/orchestrator-backend.ts';
import type {UsageSource} from '../../../source/orchestrator/queries/usage.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import type {StoreTransaction} from '../../../source/orchestrator/store/store.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {aNode, anEvent, anInstance} from '../../helpers/objects.ts';
import {settle} from '../../helpers/scripted-backend.ts';

function createUsage() {
	const figures = new Map<string, Usage>();
	const listeners = new Set<(figures: Readonly<Record<string, Usage>>) => void>();
	const source: UsageSource = {
		get: id => figures.get(id),
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
	return {
		source,
		listeners,
		measure(id: string, cpus: number) {
			figures.set(id, {at: 0, cpus});
			for (const listener of listeners) listener({[id]: {at: 0, cpus}});
		},
	};
}

function open() {
	const clock = createManualClock(0);
	const store = createMemoryStore({keptChanges: 50});
	let listeners = 0;
	const {subscribe} = store;
	store.subscribe = listener => {
		const end = subscribe(listener);
		listeners++;
		return () => {
			listeners--;
			end();
		};
	};
	const usage = createUsage();
	const unused = () => {
		throw new Error('not of this test');
	};
	const orchestrator = {
		store,
		applyService: unused,
		applyNode: unused,
		applyStored: unused,
		applyPool: unused,
		remove: unused,
	};
	const backend = createOrchestratorBackend(orchestrator, {clock, usage: usage.source});
	const write = (run: (tx: StoreTransaction) => void) => store.transact(false, clock.now(), run);

	/** Reads a watch in the background: what it told in short, how it ended. */
	function follow<K extends Kind>(query: Query<K>, since = String(store.revision)) {
		const ending = new AbortController();
		const told: string[] = [];
		const state = {told, ended: undefined as string | undefined, abort: () => ending.abort()};
		void (async () => {
			try {
				for await (const change of backend.watch(query, since, ending.signal)) told.push(short(change));
				state.ended = 'done';
			} catch (error) {
				state.ended = String((error as {code?: string}).code);
			}
		})();
		return state;
	}

	return {clock, store, usage, backend, write, follow, listeners: () => listeners};
}

function short(change: Change<Kind>): string {
	switch (change.type) {
		case 'put':
			return `${change.revision} put ${change.object.id}`;
		case 'remove':
			return `${change.revision} remove ${change.id}`;
		case 'bookmark':
			return `${change.revision} bookmark`;
		case 'usage':
			return `usage ${Object.entries(change.usage).map(([id, {cpus}]) => `${id}=${cpus}`)}`;
	}
}

test('tells what was and what comes, with a bookmark between', async () => {
	const {write, follow} = open();
	write(tx => tx.put('node', aNode('n1')));
	write(tx => tx.put('node', aNode('n2')));
	const watch = follow({kind: 'node'}, '1');
	await settle();
	expect(watch.told).toEqual(['2 put n2-id', '2 bookmark']);
	write(tx => tx.remove('node', 'n1-id'));
	await settle();
	expect(watch.told.slice(2)).toEqual(['3 remove n1-id']);
});

test('within a commit all but the last change carry the revision before it', async () => {
	const {write, follow} = open();
	const watch = follow({kind: 'node'});
	write(tx => {
		tx.put('node', aNode('n1'));
		tx.put('event', anEvent('e1'));
		tx.put('node', aNode('n2'));
		tx.put('event', anEvent('e2'));
	});
	await settle();
	expect(watch.told).toEqual(['0 bookmark', '0 put n1-id', '1 put n2-id']);
});

test('an object that comes into a query or leaves it', async () => {
	const {write, follow} = open();
	const placed = follow({kind: 'instance', nodeId: 'n1-id'});
	await settle();
	write(tx => tx.put('instance', anInstance('web.1')));
	write(tx => tx.put('instance', anInstance('web.1', {nodeId: 'n1-id'})));
	write(tx => tx.put('instance', anInstance('web.2', {nodeId: 'n2-id'})));
	write(tx => tx.put('instance', anInstance('web.1', {nodeId: 'n2-id'})));
	write(tx => tx.remove('instance', 'web.1-id'));
	await settle();
	expect(placed.told.slice(1)).toEqual(['2 put web.1-id', '4 remove web.1-id']);
});

test.each(['', 'x', '-1', '7', '1e3'])('goes on from no revision %j', async since => {
	const {follow} = open();
	const watch = follow({kind: 'node'}, since);
	await settle();
	expect(watch.ended).toBe('expired');
});

test('a revision that is too old has expired', async () => {
	const {write, follow} = open();
	for (let index = 0; index < 200; index++) write(tx => tx.put('node', aNode(`n${index % 5}`)));
	const old = follow({kind: 'node'}, '10');
	const young = follow({kind: 'node'}, '190');
	await settle();
	expect([old.ended, young.ended, young.told.length]).toEqual(['expired', undefined, 11]);
});

test('a reader that is too slow is told so, and nothing is left out for the others', async () => {
	const {write, backend, follow} = open();
	const quick = follow({kind: 'node'});
	const slow = backend.watch({kind: 'node'}, '0', new AbortController().signal)[Symbol.asyncIterator]();
	await slow.next();
	for (let round = 0; round < 70; round++) {
		for (let index = 0; index < 1000; index++) write(tx => tx.put('node', aNode('n1')));
		await settle();
	}

	expect([quick.ended, quick.told.length]).toEqual([undefined, 70_001]);
	await expect(slow.next()).rejects.toMatchObject({code: 'expired'});
});

test('a quiet stream is told where it stands', async () => {
	const {write, follow, clock} = open();
	const watch = follow({kind: 'service'});
	await settle();
	for (let index = 0; index < 3; index++) {
		write(tx => tx.put('node', aNode('n1')));
		clock.advance(1000);
	}

	await settle();
	expect(watch.told).toEqual(['0 bookmark']);
	clock.advance(2000);
	await settle();
	expect(watch.told).toEqual(['0 bookmark', '3 bookmark']);
	clock.advance(60_000);
	await settle();
	expect(watch.told.length).toBe(2);
});

test('figures come at most once a second, of what the query shows', async () => {
	const {write, follow, clock, usage, backend} = open();
	write(tx => {
		tx.put('node', aNode('n1'));
		tx.put('node', aNode('n2'));
	});
	const watch = follow({kind: 'node', name: 'n1'});
	await settle();
	for (let cpus = 1; cpus <= 25; cpus++) {
		usage.measure('n1-id', cpus);
		usage.measure('n2-id', cpus);
		clock.advance(100);
		await settle();
	}

	expect(watch.told.slice(1)).toEqual(['usage n1-id=1', 'usage n1-id=11', 'usage n1-id=21']);
	const {items} = await backend.list({kind: 'node', name: 'n1'});
	expect(items[0]).toMatchObject({usage: {cpus: 25}});
});

test.each(['its signal', 'the backend'])('ends promptly with %s, leaving nothing behind', async by => {
	const {write, follow, clock, usage, backend, listeners} = open();
	write(tx => tx.put('node', aNode('n1')));
	const before = listeners();
	const watch = follow({kind: 'node'});
	await settle();
	usage.measure('n1-id', 1);
	write(tx => tx.put('event', anEvent('e1')));
	if (by === 'its signal') watch.abort();
	else backend.close();
	await settle();
	expect([watch.ended, clock.waiting, usage.listeners.size, listeners()]).toEqual(['done', 0, 0, before]);
});

test('a signal that has aborted already opens nothing', async () => {
	const {backend, clock} = open();
	const told: unknown[] = [];
	for await (const change of backend.watch({kind: 'node'}, '0', AbortSignal.abort())) told.push(change);
	expect([told, clock.waiting]).toEqual([[], 0]);
});

test('events: at most so many, the newest', async () => {
	const {write, backend} = open();
	for (let index = 1; index <= 5; index++) write(tx => tx.put('event', anEvent(`e${index}`, {createdAt: index})));
	const ids = async (limit?: number) => {
		const {items} = await backend.list({kind: 'event', ...(limit !== undefined && {limit})});
		return items.map(({id}) => id);
	};
	expect([await ids(2), await ids(0), (await ids()).length, (await ids(9)).length]).toEqual([['e4', 'e5'], [], 5, 5]);
});
