import {isDeepStrictEqual} from 'node:util';
import type {Change, Query} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Kind, Objects, Revision} from '../../../core/model/index.ts';
import type {Unversioned} from '../translate.ts';

/** Of instances there are two sets: all, and those that are current. */
export type SetName = Kind | 'current';

type AnyObject = Objects[Kind];
type Held = {readonly base: Unversioned<AnyObject>; readonly object: AnyObject};
type Entry = {
	readonly number: number;
	readonly set: SetName;
	readonly id: string;
	readonly before: AnyObject | undefined;
	readonly after: AnyObject | undefined;
};

const maxEntries = 20_000;

/**
 * What is known of a swarm, and the differences by which it came to be known: Swarm has no revisions and no resumable watch, so
 * the number of the last difference is the revision of a snapshot.
 */
export class Store {
	readonly #session: string;
	readonly #sets = new Map<SetName, Map<string, Held>>();
	readonly #entries: Entry[] = [];
	readonly #listeners = new Set<() => void>();
	#number = 0;
	/** Differences up to this one were forgotten. */
	#forgotten = 0;

	constructor(session: string) {
		this.#session = session;
	}

	get revision(): Revision {
		return `${this.#session}-${this.#number}`;
	}

	/** The number of the last difference. */
	get number(): number {
		return this.#number;
	}

	/** All objects of a set as they are now; `indexOf`: what the engine compares writes by. */
	ingest<K extends Kind>(
		set: K,
		objects: ReadonlyArray<Unversioned<Objects[K]>>,
		indexOf: (id: string) => number,
	): void {
		const held = this.#set(set);
		const ids = new Set<string>();
		for (const base of objects) {
			ids.add(base.id);
			this.put(set, base, indexOf(base.id));
		}

		for (const id of held.keys()) if (!ids.has(id)) this.drop(set, id);
	}

	put<K extends Kind>(set: K, base: Unversioned<Objects[K]>, index: number): Objects[K] {
		const held = this.#set(set);
		const known = held.get(base.id);
		if (known !== undefined && (known.base === base || isDeepStrictEqual(known.base, base))) {
			if (known.base !== base) held.set(base.id, {base, object: known.object});
			return known.object as Objects[K];
		}

		this.#number++;
		const object = {...base, revision: `${index}.${this.#number}`} as unknown as Objects[K];
		held.set(base.id, {base, object});
		this.#note({number: this.#number, set, id: base.id, before: known?.object, after: object});
		return object;
	}

	drop(set: SetName, id: string): void {
		const held = this.#set(set);
		const known = held.get(id);
		if (known === undefined) return;
		held.delete(id);
		this.#number++;
		this.#note({number: this.#number, set, id, before: known.object, after: undefined});
	}

	/** The current ones are instances as they stand in their own set. */
	setCurrent(current: ReadonlyArray<Objects['instance']>): void {
		const held = this.#set('current');
		const ids = new Set(current.map(({id}) => id));
		for (const object of current) {
			const known = held.get(object.id)?.object;
			if (known === object) continue;
			held.set(object.id, {base: object, object});
			this.#number++;
			this.#note({number: this.#number, set: 'current', id: object.id, before: known, after: object});
		}

		for (const id of held.keys()) if (!ids.has(id)) this.drop('current', id);
	}

	read<K extends Kind>(set: SetName): ReadonlyArray<Objects[K]> {
		return [...this.#set(set).values()].map(({object}) => object as Objects[K]);
	}

	get<K extends Kind>(set: K, id: string): Objects[K] | undefined {
		return this.#set(set).get(id)?.object as Objects[K] | undefined;
	}

	/** Throws `expired` for what is too old, or of somebody else. */
	numberOf(revision: Revision): number {
		const [, session, text] = /^(.+)-(\d+)$/.exec(revision) ?? [];
		const number = Number(text);
		if (session !== this.#session || number > this.#number || number < this.#forgotten) {
			throw new ClusterError('expired', 'What is known of the swarm does not reach back to that revision.');
		}

		return number;
	}

	/** The changes of a query after a difference. */
	changesSince<K extends Kind>(query: Query<K>, number: number): ReadonlyArray<Change<K>> {
		const set = setOf(query);
		const first = this.#entries.findIndex(entry => entry.number > number);
		if (first === -1) return [];
		return this.#entries.slice(first).flatMap((entry): Array<Change<K>> => {
			if (entry.set !== set) return [];
			const revision = `${this.#session}-${entry.number}`;
			if (entry.after !== undefined && matches(query, entry.after)) {
				return [{type: 'put', object: entry.after as Objects[K], revision}];
			}

			return entry.before !== undefined && matches(query, entry.before)
				? [{type: 'remove', id: entry.id, revision}]
				: [];
		});
	}

	/** Something was noted; the answer ends it. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#note(entry: Entry): void {
		this.#entries.push(entry);
		if (this.#entries.length > maxEntries) {
			const gone = this.#entries.splice(0, maxEntries / 4);
			this.#forgotten = gone.at(-1)?.number ?? this.#forgotten;
		}

		for (const listener of this.#listeners) listener();
	}

	#set(name: SetName): Map<string, Held> {
		const known = this.#sets.get(name);
		if (known !== undefined) return known;
		const made = new Map<string, Held>();
		this.#sets.set(name, made);
		return made;
	}
}

export function setOf(query: Query<Kind>): SetName {
	return query.kind === 'instance' && !query.history ? 'current' : query.kind;
}

export function matches({id, name, serviceId, nodeId}: Query<Kind>, object: AnyObject): boolean {
	return (
		(id === undefined || object.id === id) &&
		(name === undefined || object.name === name) &&
		(serviceId === undefined || (object.kind === 'instance' && object.serviceId === serviceId)) &&
		(nodeId === undefined || (object.kind === 'instance' && object.nodeId === nodeId))
	);
}
