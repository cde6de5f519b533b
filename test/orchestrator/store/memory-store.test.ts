import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import type {Store, StoreChange} from '../../../source/orchestrator/store/store.ts';
import {createMemoryDisk} from '../../helpers/memory-disk.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';

function names(objects: Iterable<{readonly name: string}>): string[] {
	return [...objects].map(({name}) => name);
}

function short(changes: readonly StoreChange[] | undefined): string[] | undefined {
	return changes?.map(change =>
		change.type === 'put' ? `${change.revision} put ${change.object.id}` : `${change.revision} remove ${change.id}`,
	);
}

/** Each name in a transaction of its own. */
function putNodes(store: Store, ...nodes: readonly string[]): void {
	for (const name of nodes) {
		store.transact(false, 1, tx => tx.put('node', aNode(name)));
	}
}

test('a put object is frozen and carries revision and time of its commit', () => {
	const store = createMemoryStore();
	const put = store.transact(true, 7, tx => tx.put('node', aNode('n1')));
	expect(store.get('node', 'n1-id')).toBe(put);
	expect(put).toMatchObject({revision: '1', updatedAt: 7, createdAt: 0});
	expect(store.revision).toBe(1);
	expect(Object.isFrozen(put.spec.labels)).toBe(true);
});

test('names lead to living objects, services being removed among them', () => {
	const store = createMemoryStore();
	store.transact(true, 1, tx => tx.put('service', aService('web', {removing: true})));
	expect(store.byName('service', 'web')?.id).toBe('web-id');
	store.transact(true, 1, tx => tx.remove('service', 'web-id'));
	expect(store.byName('service', 'web')).toBeUndefined();
	store.transact(true, 1, tx => tx.put('service', aService('web', {id: 'other'})));
	expect(store.byName('service', 'web')?.id).toBe('other');
});

test('a name cannot be held twice', () => {
	const store = createMemoryStore();
	putNodes(store, 'n1');
	expect(() => store.transact(true, 1, tx => tx.put('node', aNode('n1', {id: 'x'})))).toThrow(
		/name of node n1 is held/,
	);
	expect(store.byName('node', 'n1')?.id).toBe('n1-id');
	expect(names(store.all('node'))).toEqual(['n1']);
});

test('instances are found by service and by node, also after they were placed', () => {
	const store = createMemoryStore();
	store.transact(true, 1, tx => {
		tx.put('instance', anInstance('web.1'));
		tx.put('instance', anInstance('web.2', {nodeId: 'n1-id'}));
		tx.put('instance', anInstance('api.1', {nodeId: 'n1-id'}));
	});
	expect(names(store.instancesOfService('web-id'))).toEqual(['web.1', 'web.2']);
	expect(names(store.instancesOnNode('n1-id'))).toEqual(['web.2', 'api.1']);
	store.transact(true, 1, tx => tx.put('instance', anInstance('web.1', {nodeId: 'n1-id'})));
	store.transact(true, 1, tx => tx.remove('instance', 'api.1-id'));
	expect(names(store.instancesOnNode('n1-id'))).toEqual(['web.2', 'web.1']);
	expect(names(store.instancesOfService('api-id'))).toEqual([]);
	expect(store.count('instance')).toBe(2);
});

test('who reads many may write while going on', () => {
	const store = createMemoryStore();
	putNodes(store, 'n1', 'n2');
	store.transact(true, 1, tx => {
		for (const node of tx.all('node')) {
			tx.put('node', aNode(`${node.name}-copy`));
		}
	});
	expect(store.count('node')).toBe(4);
});

test('reads within a transaction see its writes', () => {
	const store = createMemoryStore();
	store.transact(true, 1, tx => {
		tx.put('node', aNode('n1'));
		expect(tx.byName('node', 'n1')).toBeDefined();
		tx.remove('node', 'n1-id');
		expect(tx.get('node', 'n1-id')).toBeUndefined();
	});
	expect(store.revision).toBe(0);
});

test('a transaction that throws leaves everything as it was', () => {
	const store = createMemoryStore();
	store.transact(true, 1, tx => {
		tx.put('node', aNode('n1'));
		tx.put('instance', anInstance('web.1', {nodeId: 'n1-id'}));
	});
	const before = store.get('node', 'n1-id');
	const told: unknown[] = [];
	store.subscribe(changes => told.push(changes));
	const fail = () =>
		store.transact(true, 1, tx => {
			tx.put('node', aNode('n1', {id: 'n1-id', name: 'renamed'}));
			tx.put('node', aNode('n1', {id: 'new'}));
			tx.remove('instance', 'web.1-id');
			throw new Error('no');
		});
	expect(fail).toThrow('no');
	expect(store.get('node', 'n1-id')).toBe(before);
	expect(store.byName('node', 'n1')).toBe(before);
	expect(names(store.instancesOnNode('n1-id'))).toEqual(['web.1']);
	expect([store.revision, store.count('node'), told.length]).toEqual([1, 1, 0]);
});

test('a transaction that cannot be written leaves everything as it was', () => {
	const disk = createMemoryDisk();
	const store = createMemoryStore({persistence: disk});
	putNodes(store, 'n1');
	disk.onWrite = () => {
		throw new ClusterError('storage', 'full');
	};
	expect(() => putNodes(store, 'n2')).toThrow('full');
	expect(() => store.transact(true, 1, tx => tx.remove('node', 'n1-id'))).toThrow('full');
	expect(names(store.all('node'))).toEqual(['n1']);
	disk.onWrite = undefined;
	putNodes(store, 'n3');
	expect([names(store.all('node')), store.revision]).toEqual([['n1', 'n3'], 2]);
});

test('transactions do not nest', () => {
	const store = createMemoryStore();
	expect(() => store.transact(true, 1, () => putNodes(store, 'n1'))).toThrow(/do not nest/);
	putNodes(store, 'n1');
	expect(store.count('node')).toBe(1);
});

test('a transaction tells the last state of each object once, nothing of what came and went', () => {
	const store = createMemoryStore();
	const told: StoreChange[] = [];
	store.subscribe(changes => told.push(...changes));
	store.transact(true, 1, tx => {
		tx.put('node', aNode('n1'));
		tx.put('node', aNode('n2'));
		tx.put('node', aNode('n3'));
		tx.remove('node', 'n2-id');
		tx.put('node', aNode('n1', {generation: 2}));
	});
	store.transact(true, 1, tx => {
		tx.put('node', aNode('n1'));
		tx.remove('node', 'n1-id');
		tx.remove('node', 'unknown');
	});
	expect(short(told)).toEqual(['1 put n3-id', '1 put n1-id', '2 remove n1-id']);
	expect(told.at(-1)).toMatchObject({kind: 'node', object: {generation: 2}});
	expect(short(store.changesSince(0))).toEqual(short(told));
});

test('listeners hear the commits in their order, also when one of them commits', () => {
	const store = createMemoryStore();
	const first: string[] = [];
	const second: string[] = [];
	store.subscribe(changes => {
		first.push(...(short(changes) ?? []));
		if (store.count('node') === 1) putNodes(store, 'n2');
	});
	const end = store.subscribe(changes => second.push(...(short(changes) ?? [])));
	putNodes(store, 'n1');
	end();
	putNodes(store, 'n3');
	expect(first).toEqual(['1 put n1-id', '2 put n2-id', '3 put n3-id']);
	expect(second).toEqual(['1 put n1-id', '2 put n2-id']);
});

test('changes are told from any kept revision, and only from those', () => {
	const store = createMemoryStore({keptChanges: 2});
	putNodes(store, 'n1', 'n2', 'n3', 'n4');
	expect(short(store.changesSince(2))).toEqual(['3 put n3-id', '4 put n4-id']);
	expect(store.changesSince(4)).toEqual([]);
	expect(store.changesSince(5)).toBeUndefined();
	putNodes(store, 'n5');
	expect(short(store.changesSince(3))).toEqual(['4 put n4-id', '5 put n5-id']);
	expect(store.changesSince(2)).toBeUndefined();
});

test('a transaction larger than the log is dropped whole', () => {
	const store = createMemoryStore({keptChanges: 2});
	putNodes(store, 'n1');
	store.transact(true, 1, tx => {
		for (let index = 0; index < 5; index++) {
			tx.put('node', aNode(`m${index}`));
		}
	});
	expect(store.changesSince(1)).toBeUndefined();
	expect(store.changesSince(2)).toEqual([]);
});

test('after an opening nobody can go on from a revision of before', () => {
	const disk = createMemoryDisk();
	const first = createMemoryStore({persistence: disk});
	putNodes(first, 'n1', 'n2');
	const second = createMemoryStore({persistence: disk});
	expect(second.revision).toBeGreaterThan(first.revision);
	expect([second.changesSince(1), second.changesSince(2)]).toEqual([undefined, undefined]);
	expect(second.changesSince(second.revision)).toEqual([]);
	expect(second.get('node', 'n2-id')).toStrictEqual(first.get('node', 'n2-id'));
});
