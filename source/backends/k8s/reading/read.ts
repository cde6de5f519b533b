import type {Change, Query, Snapshot} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Kind, Objects, Revision, Usage} from '../../../core/model/index.ts';
import {type Feed, feeds, type Notes} from './feeds.ts';
import type {Hub, ListOptions} from './hub.ts';
import type {Metrics} from './metrics.ts';
import {type NamespaceEnd, onNamespaceEnd} from './namespace-end.ts';
import type {Kept, PartItems, PartName} from './parts.ts';
import type {ReflectorChange} from './reflector.ts';
import type {Arrived} from './resources.ts';
import {Slices} from './slices.ts';

export type Reading = {
	readonly hub: Hub;
	/** The namespace that is looked at; undefined: all. */
	readonly scope: string | undefined;
	readonly blockers: ReadonlyMap<string, string>;
	/** Told the node whose blocker has changed; the answer ends it. */
	onBlocker(listener: (node: string) => void): () => void;
	/** Throws `not-found` where there is no such namespace. */
	requireScope(scope: string, signal?: AbortSignal): Promise<void>;
	/** Tells figures by id, in parts; none where nobody measures. */
	readonly usage: Metrics['read'];
	/** Calls each time that figures are due, and is told how many there were; the answer ends it. */
	everyMeasure(measure: () => Promise<number>): () => void;
};

const maxQueue = 20_000;
const nothing: PartItems = {
	...{pods: new Map(), nodes: new Map(), events: new Map(), services: new Map(), deployments: new Map()},
	...{statefulsets: new Map(), daemonsets: new Map(), cronjobs: new Map(), replicasets: new Map(), jobs: new Map()},
	...{revisions: new Map(), configmaps: new Map(), secrets: new Map(), claims: new Map()},
	...{autoscalers: new Map(), ingresses: new Map()},
};

export function feedOf<K extends Kind>(kind: K): Feed<K> {
	const feed = feeds[kind] as Feed<K> | undefined;
	if (feed === undefined) throw new ClusterError('unsupported', `Kubernetes has no ${kind}s that muster could list`);
	return feed;
}

function scopeOf(feed: Feed<never>, part: PartName, scope: string | undefined): string | undefined {
	return feed.everywhere?.includes(part) ? undefined : scope;
}

export async function listFeed<K extends Kind>(
	reading: Reading,
	query: Query<K>,
	signal?: AbortSignal,
	arrived?: (objects: ReadonlyArray<Objects[K]>) => void,
): Promise<Snapshot<K>> {
	const feed = feedOf(query.kind);
	if (query.kind === 'node' && query.brief) {
		const brief = await briefNodes(reading, query as Query<'node'>, signal);
		if (brief) return brief as Snapshot<Kind> as Snapshot<K>;
	}

	const scope = query.scope ?? reading.scope;
	const notes: Notes = {blockers: reading.blockers};
	const listOf = async (part: PartName, told?: Arrived<unknown>) => {
		const needed = feed.needed.includes(part);
		const options = {scope: scopeOf(feed as never, part, scope), needed, signal, arrived: told};
		return [part, await reading.hub.list(part, options as ListOptions<Kept[PartName]>)] as const;
	};
	const early = arrived && query.kind === 'instance' ? earlyOf(feed, query, notes, arrived) : undefined;
	const [first, ...others] = feed.parts.map((part, index) => listOf(part, index === 0 ? early?.told : undefined));
	if (early) void Promise.all(others).then(early.begin, () => {});
	const listed = (await Promise.all([first, ...others])).filter(one => one !== undefined);
	// What else is made of the same lists (nodes of pods) has a turn of its own.
	if (arrived) await new Slices().rest();
	const items = {...nothing, ...Object.fromEntries(listed.map(([part, list]) => [part, list.items]))} as PartItems;
	const revision = listed.map(([, list]) => list.revision).join('.');
	const found: Array<Objects[K]> = [];
	const slices = new Slices();
	for (const object of objectsOf(feed, items, query, notes)) {
		found.push(object);
		if (arrived && slices.isOver) await slices.rest();
	}

	if (found.length === 0 && scope !== undefined && query.kind !== 'node') await reading.requireScope(scope, signal);
	const measured = await figures(reading, query, items);
	const all = measured
		? found.map(object => (measured[object.id] ? {...object, usage: measured[object.id]} : object))
		: found;
	return {items: query.limit === undefined ? all : newest(all, query.limit), revision};
}

type ListedPart = readonly [PartName, {readonly items: ReadonlyMap<string, unknown>}];

/** Objects whose first part has come while the rest of it is still read; what they need of the other parts is there before. */
function earlyOf<K extends Kind>(
	feed: Feed<K>,
	query: Query<K>,
	notes: Notes,
	arrived: (objects: ReadonlyArray<Objects[K]>) => void,
) {
	const [part = 'pods'] = feed.parts;
	const waiting: Array<ReadonlyArray<readonly [string, unknown]>> = [];
	let others: ReadonlyArray<ListedPart> | undefined;
	const tell = (come: ReadonlyArray<readonly [string, unknown]>) => {
		if (others === undefined || come.length === 0) return;
		const items = {...nothing, ...Object.fromEntries(others.map(([name, {items: all}]) => [name, all]))};
		arrived([...objectsOf(feed, {...items, [part]: new Map(come)} as PartItems, query, notes)]);
	};
	return {
		told(come: ReadonlyArray<readonly [string, unknown]>) {
			if (others === undefined) waiting.push(come);
			else tell(come);
		},
		begin(lists: ReadonlyArray<ListedPart>) {
			others = lists;
			for (const come of waiting.splice(0)) tell(come);
		},
	};
}

/** Without their pods; undefined: of one that is drained only these tell whether that is done. */
async function briefNodes(
	{hub, blockers}: Reading,
	query: Query<'node'>,
	signal?: AbortSignal,
): Promise<Snapshot<'node'> | undefined> {
	const nodes = await hub.list('nodes', {scope: undefined, needed: true, signal, lone: true});
	if ([...nodes.items.values()].some(({base}) => base.spec.availability === 'drained')) return undefined;
	const found = [...objectsOf(feedOf('node'), {...nothing, nodes: nodes.items}, query, {blockers})];
	return {items: found.map(node => ({...node, uncounted: true})), revision: nodes.revision};
}

async function figures<K extends Kind>(reading: Reading, query: Query<K>, items: PartItems) {
	if (!query.usage || (query.kind !== 'instance' && query.kind !== 'node')) return undefined;
	const all: Record<string, Usage> = {};
	await reading.usage(query.kind, items, usage => Object.assign(all, usage));
	return all;
}

function newest<T extends Objects[Kind]>(objects: readonly T[], limit: number): readonly T[] {
	return objects.toSorted((a, b) => a.createdAt - b.createdAt).slice(-limit);
}

function* objectsOf<K extends Kind>(
	feed: Feed<K>,
	items: PartItems,
	query: Query<K>,
	notes: Notes,
): Generator<Objects[K]> {
	for (const id of feed.ids(items)) {
		if (query.id !== undefined && query.id !== id) continue;
		const object = feed.make(items, id, notes);
		if (object && isAsked(feed, object, query, items)) yield object;
	}
}

function isAsked<K extends Kind>(feed: Feed<K>, object: Objects[K], query: Query<K>, items: PartItems): boolean {
	return (
		(query.id === undefined || object.id === query.id) &&
		(query.name === undefined || object.name === query.name) &&
		(query.scope === undefined || object.scope === undefined || object.scope === query.scope) &&
		(feed.matches?.(object, query, items) ?? true)
	);
}

/** Several streams as one: what changes in any collection becomes the changes of the objects that are made from it. */
export async function* watchFeed<K extends Kind>(
	reading: Reading,
	query: Query<K>,
	since: Revision,
	signal: AbortSignal,
): AsyncGenerator<Change<K>> {
	const {hub} = reading;
	const feed = feedOf(query.kind);
	const scope = query.scope ?? reading.scope;
	const positions = since.split('.');
	if (positions.length !== feed.parts.length || !positions.every(position => /^\d*$/.test(position))) {
		throw new ClusterError('expired', 'this revision is none that this cluster has given');
	}

	// A collection that could not be listed is not watched either.
	const joined = feed.parts.flatMap((part, index) => {
		const position = positions[index] ?? '';
		const reflector = hub.reflector(part, scopeOf(feed as never, part, scope));
		return position === '' ? [] : [{part, index, position, reflector}];
	});
	const items = {
		...nothing,
		...Object.fromEntries(joined.map(({part, reflector}) => [part, reflector.items])),
	} as PartItems;
	const notes: Notes = {blockers: reading.blockers};
	const queue: Array<Change<K>> = [];
	const known = new Set<string>();
	const told = new Map<string, string>();
	const endings: Array<() => void> = [];
	let failure: ClusterError | undefined;
	let wake = () => {};
	let isReady = false;
	let namespaceEnd: NamespaceEnd | undefined;

	const push = (change: Change<K>) => {
		queue.push(change);
		if (queue.length > maxQueue) failure = new ClusterError('expired', 'the changes came too fast');
		wake();
	};
	const revision = () => positions.join('.');
	const tell = (id: string) => {
		const object = feed.make(items, id, notes);
		if (object && isAsked(feed, object, query, items)) {
			known.add(id);
			if (told.get(id) === object.revision) return;
			told.set(id, object.revision);
			push({type: 'put', object, revision: revision()});
		} else if (known.delete(id)) {
			told.delete(id);
			push({type: 'remove', id, revision: revision()});
			namespaceEnd?.look();
		}
	};
	const changed = (index: number, part: PartName, change: ReflectorChange<never>) => {
		if (!isReady) return;
		// Sums are of what this program has seen, also where the list that the watch goes on from had seen it before.
		const concerned = feed.affected(items, part, change, notes);
		if (change.revision <= Number(positions[index])) return;
		positions[index] = String(change.revision);
		for (const id of concerned) tell(id);
	};
	const measure = async () => {
		if (query.kind !== 'instance' && query.kind !== 'node') return 0;
		let count = 0;
		await reading.usage(query.kind, items, usage => {
			count += Object.keys(usage).length;
			push({type: 'usage', usage});
		});
		return count;
	};

	signal.addEventListener('abort', () => wake(), {once: true});
	try {
		await Promise.all(
			joined.map(async ({part, index, reflector}) => {
				const listener = {
					changed: (change: ReflectorChange<never>) => changed(index, part, change),
					failed(error: ClusterError) {
						failure ??= error;
						wake();
					},
				};
				try {
					endings.push(await reflector.join(listener as never, signal));
				} catch (thrown) {
					// It may be listed and not watched: then it stays as it was.
					if (toClusterError(thrown).code !== 'not-allowed' || feed.needed.includes(part)) throw thrown;
				}
			}),
		);
		const slices = new Slices();
		await slices.rest();
		// A list made a new map where there was none before.
		Object.assign(items, Object.fromEntries(joined.map(({part, reflector}) => [part, reflector.items])));
		// All objects are made once more; what changes meanwhile is among what was missed.
		for (const object of objectsOf(feed, items, query, notes)) {
			known.add(object.id);
			if (slices.isOver) await slices.rest();
		}

		// Sums that were made before a rest have not heard of what came during it: they are made anew.
		delete notes.nodeUse;
		const missed = new Set<string>();
		for (const {part, position, reflector} of joined) {
			const changes = reflector.changedSince(position);
			if (changes === undefined) throw new ClusterError('expired', 'what changed since is not known any more');
			for (const change of changes) {
				for (const id of feed.affected(items, part, change as never)) missed.add(id);
			}
		}

		for (const id of missed) known.add(id);
		for (const id of missed) tell(id);
		for (const {index, reflector} of joined) {
			positions[index] = String(Math.max(Number(positions[index]), Number(reflector.revision)));
		}

		// Of a namespace that is not there nothing comes: what was known stays as old as it is.
		const isInside = scope !== undefined && query.kind !== 'node';
		if (isInside && known.size === 0) await reading.requireScope(scope, signal);
		isReady = true;
		push({type: 'bookmark', revision: revision()});
		if (isInside) {
			const ended = (why: ClusterError) => {
				failure ??= why;
				wake();
			};
			namespaceEnd = onNamespaceEnd(hub, {scope, isEmpty: () => known.size === 0, ended}, signal);
			endings.push(namespaceEnd.leave);
		}

		endings.push(hub.onPulse({alive: () => push({type: 'bookmark', revision: revision()})}));
		if (query.kind === 'node') endings.push(reading.onBlocker(tell));
		if (query.kind === 'instance' || query.kind === 'node') {
			endings.push(reading.everyMeasure(measure));
		}

		while (!signal.aborted) {
			const next = queue.shift();
			if (next) {
				yield next;
			} else if (failure) {
				throw failure;
			} else {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		}
	} catch (thrown) {
		if (!signal.aborted) throw thrown;
	} finally {
		for (const end of endings) end();
	}
}
