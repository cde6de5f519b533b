import {currentOfSlot, isSlotUsed, slotKey} from '../../core/current-instances.ts';
import type {Instance} from '../../core/model/index.ts';
import {createChangeLog} from '../store/change-log.ts';
import type {Store, StoreChange} from '../store/store.ts';
import type {Feed, FeedChange} from './feed.ts';

/** One slot: all its instances, and which of them are shown. */
type Slot = {
	readonly serviceId: string;
	readonly key: string;
	readonly held: Map<string, Instance>;
	shown: readonly Instance[];
};
type Slots = Map<string, Slot>;

const usualKeptChanges = 8192;

/**
 * The instances without their history: of each slot what is meant to run or not yet replaced. A commit costs what it
 * touches, never the number of instances.
 */
export class CurrentFeed implements Feed<'instance'> {
	readonly #store: Store;
	readonly #services = new Map<string, Slots>();
	readonly #shown = new Map<string, Instance>();
	readonly #log;
	#revision: number;
	readonly #listeners = new Set<(changes: ReadonlyArray<FeedChange<'instance'>>) => void>();

	/** `keptChanges`: those that a reader who lost the thread can still be told. */
	constructor(store: Store, keptChanges = usualKeptChanges) {
		this.#store = store;
		this.#revision = store.revision;
		this.#log = createChangeLog<FeedChange<'instance'>>(this.#revision, keptChanges);
		for (const instance of store.all('instance')) {
			this.#slotOf(instance).held.set(instance.id, instance);
		}

		for (const slots of this.#services.values()) {
			for (const slot of slots.values()) {
				this.#show(slot);
			}
		}

		store.subscribe(changes => this.#take(changes));
	}

	get revision(): number {
		return this.#revision;
	}

	get(id: string): Instance | undefined {
		return this.#shown.get(id);
	}

	all(): Iterable<Instance> {
		return [...this.#shown.values()];
	}

	since(revision: number): ReadonlyArray<FeedChange<'instance'>> | undefined {
		return revision > this.#revision ? undefined : this.#log.since(revision);
	}

	subscribe(listener: (changes: ReadonlyArray<FeedChange<'instance'>>) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#take(changes: readonly StoreChange[]): void {
		const touched = new Set<Slot>();
		for (const change of changes) {
			this.#touch(change, touched);
		}

		const revision = changes[0]?.revision ?? this.#revision;
		this.#revision = revision;
		const shown = [...touched].flatMap(slot => this.#show(slot).map(entry => ({...entry, revision})));
		this.#log.add(shown);
		for (const listener of this.#listeners) {
			listener(shown);
		}
	}

	/** Notes the slots that may show something else now. */
	#touch(change: StoreChange, touched: Set<Slot>): void {
		if (change.kind === 'instance') {
			const slot = this.#slotOf(change.object);
			if (change.type === 'put') {
				slot.held.set(change.object.id, change.object);
			} else {
				slot.held.delete(change.id);
			}

			touched.add(slot);
		} else if (change.kind === 'service' && changesUse(change)) {
			for (const slot of this.#services.get(change.object.id)?.values() ?? []) {
				touched.add(slot);
			}
		} else if (change.kind === 'node' && changesUse(change)) {
			for (const instance of this.#store.instancesOnNode(change.object.id)) {
				touched.add(this.#slotOf(instance));
			}
		}
	}

	/** Brings what a slot shows up to date; answers with what became of it. */
	#show(slot: Slot): Array<Omit<FeedChange<'instance'>, 'revision'>> {
		const before = new Map(slot.shown.map(instance => [instance.id, instance]));
		slot.shown = currentOfSlot(slot.held.values(), last => this.#isUsed(last));
		const after = new Set(slot.shown.map(({id}) => id));
		const gone = [...before.values()].filter(({id}) => !after.has(id));
		for (const {id} of gone) {
			this.#shown.delete(id);
		}

		const changed = slot.shown.filter(instance => before.get(instance.id) !== instance);
		for (const instance of changed) {
			this.#shown.set(instance.id, instance);
		}

		if (slot.held.size === 0) this.#drop(slot);
		return [
			...gone.map(instance => ({before: instance})),
			...changed.map(instance => ({before: before.get(instance.id), after: instance})),
		];
	}

	#isUsed(last: Instance): boolean {
		const node = last.nodeId === undefined ? undefined : this.#store.get('node', last.nodeId);
		return isSlotUsed(this.#store.get('service', last.serviceId), last, node);
	}

	#slotOf(instance: Instance): Slot {
		const {serviceId} = instance;
		const key = slotKey(instance);
		const slots = entry(this.#services, serviceId, () => new Map());
		return entry(slots, key, () => ({serviceId, key, held: new Map(), shown: []}));
	}

	#drop({serviceId, key}: Slot): void {
		const slots = this.#services.get(serviceId);
		slots?.delete(key);
		if (slots?.size === 0) this.#services.delete(serviceId);
	}
}

function changesUse(change: Extract<StoreChange, {kind: 'service' | 'node'}>): boolean {
	if (change.type === 'remove' || !change.before) return true;
	if (change.object.removing !== change.before.removing) return true;
	return (
		change.kind === 'service' && change.object.spec.replicas !== (change.before as typeof change.object).spec.replicas
	);
}

function entry<V>(map: Map<string, V>, key: string, create: () => V): V {
	let value = map.get(key);
	if (value === undefined) {
		value = create();
		map.set(key, value);
	}

	return value;
}
