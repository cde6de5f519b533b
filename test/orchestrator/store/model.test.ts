import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Instance, Node} from '../../../source/core/model/index.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import type {Persistence} from '../../../source/orchestrator/store/persistence.ts';
import {openSqlite} from '../../../source/orchestrator/store/sqlite.ts';
import type {Store, StoreChange} from '../../../source/orchestrator/store/store.ts';
import {createMemoryDisk, SimulatedCrash} from '../../helpers/memory-disk.ts';
import {aNode, anInstance} from '../../helpers/objects.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

// Random transactions against plain maps, with deaths before and after writes and new openings in between.

type Fate = 'crash before' | 'crash after' | undefined;
type Disk = {open(): Persistence; setFate(fate: Fate): void; end(): void};
type Model = Map<string, Instance | Node>;

function memoryDisk(): Disk {
	const disk = createMemoryDisk();
	return {
		open: () => disk,
		setFate(fate) {
			disk.onWrite = () => fate;
		},
		end() {},
	};
}

function sqliteDisk(): Disk {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-store-'));
	let fate: Fate;
	return {
		open() {
			const file = openSqlite(path.join(folder, 'store.db'));
			return {
				...file,
				write(revision, changes, durable) {
					if (fate === 'crash before') throw new SimulatedCrash(fate);
					file.write(revision, changes, durable);
					if (fate === 'crash after') throw new SimulatedCrash(fate);
				},
			};
		},
		setFate(next) {
			fate = next;
		},
		end() {
			rmSync(folder, {recursive: true});
		},
	};
}

function randomObject(random: () => number): Instance | Node {
	const pick = (count: number) => 1 + Math.floor(random() * count);
	return random() < 0.3
		? aNode(`n${pick(4)}`, {generation: pick(9)})
		: anInstance(`s${pick(3)}.${pick(5)}`, random() < 0.5 ? {nodeId: `n${pick(4)}-id`} : {});
}

/** Some puts and removals, made to the store and to the model alike. */
function change(store: Store, model: Model, random: () => number, now: number, fails: boolean): void {
	store.transact(random() < 0.5, now, tx => {
		for (let left = Math.floor(random() * 5); left > 0; left--) {
			const object = randomObject(random);
			if (random() < 0.7) {
				tx.put(object.kind, object);
				model.set(object.id, {...object, revision: String(store.revision + 1), updatedAt: now});
			} else {
				tx.remove(object.kind, object.id);
				model.delete(object.id);
			}
		}

		if (fails) throw new Error('changed its mind');
	});
}

function ids(objects: Iterable<{readonly id: string}>): string[] {
	return [...objects].map(({id}) => id).sort();
}

function compare(store: Store, model: Model): void {
	expect(byId([...store.all('node'), ...store.all('instance')])).toStrictEqual(byId(model.values()));
	for (const owner of ['s1-id', 's2-id', 'n1-id', 'n3-id']) {
		const instances = [...model.values()].filter(object => object.kind === 'instance');
		expect(ids(store.instancesOfService(owner))).toEqual(ids(instances.filter(({serviceId}) => serviceId === owner)));
		expect(ids(store.instancesOnNode(owner))).toEqual(ids(instances.filter(({nodeId}) => nodeId === owner)));
	}

	expect(store.byName('node', 'n2')?.id).toBe(model.get('n2-id')?.id);
	expect(store.byName('service', 's1')).toBeUndefined();
}

function byId(objects: Iterable<{readonly id: string}>): unknown {
	return Object.fromEntries([...objects].sort((a, b) => (a.id < b.id ? -1 : 1)).map(object => [object.id, object]));
}

/** Folds what a store told over what was there before. */
function fold(before: Model, changes: readonly StoreChange[]): Model {
	const after = new Map(before);
	for (const told of changes) {
		if (told.type === 'remove') {
			after.delete(told.id);
		} else {
			after.set(told.object.id, told.object as Instance);
		}
	}

	return after;
}

function run(disk: Disk, seed: number, steps: number): void {
	const random = seededRandom(seed);
	let store = createMemoryStore({persistence: disk.open(), keptChanges: 20});
	let model: Model = new Map();
	let earlier = {revision: store.revision, model};
	for (let step = 1; step <= steps; step++) {
		const next: Model = new Map(model);
		const dice = random();
		const fate: Fate = dice < 0.05 ? 'crash before' : dice < 0.1 ? 'crash after' : undefined;
		disk.setFate(fate);
		const revision = store.revision;
		try {
			change(store, next, random, step, dice > 0.9);
			model = next;
		} catch (error) {
			if (!(error instanceof SimulatedCrash)) {
				expect(String(error)).toBe('Error: changed its mind');
			} else {
				compare(store, model);
				store.close();
				store = createMemoryStore({persistence: disk.open(), keptChanges: 20});
				expect(store.revision).toBeGreaterThanOrEqual(revision);
				expect(store.changesSince(revision) ?? []).toEqual([]);
				model = fate === 'crash after' ? next : model;
				earlier = {revision: store.revision, model};
			}
		}

		compare(store, model);
		const told = store.changesSince(earlier.revision);
		if (told) {
			compare(store, fold(earlier.model, told));
		}

		if (!told || random() < 0.1) earlier = {revision: store.revision, model: new Map(model)};
	}

	store.close();
	disk.end();
}

test('on a simulated disk, 100 seeds', () => {
	for (let seed = 0; seed < 100; seed++) {
		expect(() => run(memoryDisk(), seed, 60), `seed ${seed}`).not.toThrow();
	}
}, 60_000);

test('on SQLite, 10 seeds', () => {
	for (let seed = 0; seed < 10; seed++) {
		expect(() => run(sqliteDisk(), seed, 60), `seed ${seed}`).not.toThrow();
	}
}, 60_000);
