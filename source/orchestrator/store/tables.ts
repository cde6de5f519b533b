import {assert} from '../../core/error.ts';
import type {Instance, NamedKind} from '../../core/model/index.ts';
import type {Stored, StoredKind, StoreReader} from './store.ts';

export type AnyStored = Stored[StoredKind];

/** Every object in memory, with its indexes. Answers of many are copies, so that a reader may write while it goes on. */
export type Tables = Omit<StoreReader, 'revision'> & {
	/** Puts `object` in the place of the one with this kind and id; undefined takes that away. Answers what was there. */
	replace(kind: StoredKind, id: string, object: AnyStored | undefined): AnyStored | undefined;
};

type Index = Map<string, Map<string, Instance>>;

export function createTables(): Tables {
	const byId = {
		service: new Map<string, Stored['service']>(),
		instance: new Map<string, Stored['instance']>(),
		node: new Map<string, Stored['node']>(),
		image: new Map<string, Stored['image']>(),
		network: new Map<string, Stored['network']>(),
		volume: new Map<string, Stored['volume']>(),
		config: new Map<string, Stored['config']>(),
		secret: new Map<string, Stored['secret']>(),
		pool: new Map<string, Stored['pool']>(),
		event: new Map<string, Stored['event']>(),
		/** This engine has no kinds beyond the model. */
		resource: new Map<string, Stored['resource']>(),
		'spec-version': new Map<string, Stored['spec-version']>(),
		'file-version': new Map<string, Stored['file-version']>(),
	} satisfies {[K in StoredKind]: Map<string, Stored[K]>};
	const names: Readonly<Record<NamedKind, Map<string, string>>> = {
		service: new Map(),
		node: new Map(),
		image: new Map(),
		network: new Map(),
		volume: new Map(),
		config: new Map(),
		secret: new Map(),
		pool: new Map(),
	};
	const byService: Index = new Map();
	const byNode: Index = new Map();

	function table<K extends StoredKind>(kind: K): Map<string, Stored[K]> {
		return byId[kind] as unknown as Map<string, Stored[K]>;
	}

	function index(object: AnyStored): void {
		if (object.kind === 'instance') {
			enter(byService, object.serviceId, object);
			enter(byNode, object.nodeId, object);
		} else if (isNamed(object)) {
			const holder = names[object.kind].get(object.name);
			assert(holder === undefined, `the name of ${object.kind} ${object.name} is held by ${holder}`);
			names[object.kind].set(object.name, object.id);
		}
	}

	function unindex(object: AnyStored): void {
		if (object.kind === 'instance') {
			leave(byService, object.serviceId, object.id);
			leave(byNode, object.nodeId, object.id);
		} else if (isNamed(object)) {
			names[object.kind].delete(object.name);
		}
	}

	/** An instance that stays where it was keeps its place in the order. */
	function reindex(before: AnyStored | undefined, after: AnyStored | undefined): void {
		const stays =
			before?.kind === 'instance' &&
			after?.kind === 'instance' &&
			before.serviceId === after.serviceId &&
			before.nodeId === after.nodeId;
		if (before && !stays) unindex(before);
		if (after) index(after);
	}

	return {
		get: (kind, id) => table(kind).get(id),
		all: kind => [...table(kind).values()],
		count: kind => table(kind).size,
		byName(kind, name) {
			const id = names[kind].get(name);
			return id === undefined ? undefined : table(kind).get(id);
		},
		instancesOfService: id => [...(byService.get(id)?.values() ?? [])],
		instancesOnNode: id => [...(byNode.get(id)?.values() ?? [])],
		replace(kind, id, object) {
			const objects = byId[kind] as Map<string, AnyStored>;
			const before = objects.get(id);
			reindex(before, object);
			if (object) {
				objects.set(id, object);
			} else {
				objects.delete(id);
			}

			return before;
		},
	};
}

function isNamed(object: AnyStored): object is Stored[NamedKind] {
	return (
		object.kind !== 'instance' &&
		object.kind !== 'event' &&
		object.kind !== 'resource' &&
		object.kind !== 'spec-version' &&
		object.kind !== 'file-version'
	);
}

function enter(index: Index, key: string | undefined, instance: Instance): void {
	if (key === undefined) return;
	let entry = index.get(key);
	if (!entry) {
		entry = new Map();
		index.set(key, entry);
	}

	entry.set(instance.id, instance);
}

function leave(index: Index, key: string | undefined, id: string): void {
	if (key === undefined) return;
	const entry = index.get(key);
	entry?.delete(id);
	if (entry?.size === 0) {
		index.delete(key);
	}
}
