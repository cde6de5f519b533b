import type {Backend} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError} from '../../core/error.ts';
import type {Instant, Kind, Objects, Service, Usage} from '../../core/model/index.ts';
import type {UsageSum} from '../../core/pulse/usage-sums.ts';
import {refusalsOf} from '../../core/troubles/refusals.ts';
import {LiveCollection, type LiveState} from '../../live/live-collection.ts';
import {createNotifier} from '../../live/notifier.ts';
import type {Source} from '../list/listing.ts';
import {usedCpus, type World} from '../world.ts';
import {CpuHistory} from './cpu-history.ts';
import {openFirstFrame} from './first-frame.ts';
import {ServiceUsage} from './service-usage.ts';
import {Trends} from './trends.ts';

/** The cluster as it is now, and how far that can be relied on. */
export type Collections = {
	/** Kinds that few screens show are read from the first time that they are asked for. */
	source<K extends Kind>(kind: K): Source<K>;
	/** Whether the engine has such objects. */
	has(kind: Kind): boolean;
	/** The same object until something changes. */
	world(): World;
	/** Why a kind may not be seen by this user; undefined: it may. */
	refused(kind: Kind): string | undefined;
	/** What of a kind could not be asked, and why, a sentence each: what is shown is not all. */
	gaps(kind: Kind): readonly string[];
	/** The kind of these that was asked for and never told yet, longest since; undefined: all have been read. */
	unread(kinds: readonly Kind[]): Unread | undefined;
	/** Of all collections together: as good as the worst of them, but for what may not be seen. */
	connection(): LiveState;
	/** Resolves when all that a first frame shows has been read, and by `mostMs` at the latest. */
	read(mostMs: number): Promise<void>;
	/** After that frame: what it had no use for is read, and the last minutes are kept. */
	readOn(): void;
	/** In how many milliseconds what is live is not any more, if nothing is heard. */
	silentInMs(): number;
	/** Called at most 10 times a second, whichever of them changes; the answer ends it. */
	subscribe(listener: () => void): () => void;
	close(): void;
};

/** Of what nothing is known yet. With an error it could not be read; without one nobody has answered. */
export type Unread = {readonly kind: Kind; readonly since: Instant; readonly error?: ClusterError};

type Live = {readonly [K in Kind]?: LiveCollection<K>};

/** What every screen's header, plans and the worlds of previews look at. */
const everywhere: readonly Kind[] = ['service', 'instance', 'node', 'image', 'event'];

const noInstances = {version: 0, byId: new Map()};

const noSource: Source<Kind> = {byId: new Map(), version: 0, changedSince: () => undefined};

/** A stream that is quiet tells so each 5 s: one that does not is cut off, though nobody has said so. */
const silentMs = 10_000;

/** So many events are looked at. */
const eventLimit = 1000;

export type CollectionsOptions = {
	/** A first frame is to be drawn soon, then `readOn` called: what it does not show is read after that. */
	readonly isFrameAwaited?: boolean;
};

export function openCollections(
	backend: Backend,
	clock: Clock,
	{isFrameAwaited = false}: CollectionsOptions = {},
): Collections {
	const live: {[K in Kind]?: LiveCollection<K>} = {};
	const all: Array<LiveCollection<Kind>> = [];
	const notifier = createNotifier(clock);
	let isClosed = false;
	const first = openFirstFrame(backend, isFrameAwaited);
	const open = <K extends Kind>(kind: K): LiveCollection<K> => {
		const query = kind === 'event' ? {kind, limit: eventLimit} : {kind};
		const collection = new LiveCollection<K>({backend: first.needs(kind) ? backend : first.later, clock, query});
		(live as Record<Kind, unknown>)[kind] = collection;
		all.push(collection as unknown as LiveCollection<Kind>);
		collection.subscribe(() => notifier.changed());
		return collection;
	};
	for (const kind of everywhere.filter(one => backend.kinds.includes(one))) {
		open(kind);
	}

	const usage = new ServiceUsage(live.instance ?? noInstances, clock);
	const history = new CpuHistory();
	const trends = new Trends();

	const quietForMs = () => clock.monotonicMs() - Math.max(...all.map(({heardAtMs}) => heardAtMs));
	let known: {readonly versions: string; readonly world: World} | undefined;
	const again = () => {
		known = undefined;
		notifier.changed();
	};
	notifier.subscribe(() => {
		if (usage.isBehind) {
			known = undefined;
		}
	});
	void first.sums?.then(sums => {
		if (sums !== undefined) {
			usage.told(sums);
			again();
		}
	});

	return {
		source: kind => {
			const isOpen = live[kind] !== undefined || (!isClosed && backend.kinds.includes(kind));
			return (isOpen ? (live[kind] ?? open(kind)) : noSource) as unknown as Source<typeof kind>;
		},
		has: kind => backend.kinds.includes(kind),
		world() {
			const versions = all.map(({version}) => version).join(' ');
			if (known?.versions !== versions) {
				usage.look();
				const world = new LiveWorld(live, usage, {history, trends, now: clock.now()});
				known = {versions, world};
				if (usage.isBehind) {
					notifier.changed();
				}

				if (!first.isAwaited) {
					trends.record(world);
				}
			}

			return known.world;
		},
		refused(kind) {
			const state = live[kind]?.state;
			return state !== undefined && isForbidden(state) ? state.error.message : undefined;
		},
		gaps: kind => live[kind]?.gaps ?? [],
		unread(kinds) {
			const found = kinds.flatMap((kind): Unread[] => {
				const state = live[kind]?.state;
				const isUnread = state?.state === 'loading' || (state?.state === 'lost' && !isForbidden(state));
				return isUnread ? [{...state, kind}] : [];
			});
			return found.toSorted((a, b) => a.since - b.since)[0];
		},
		connection() {
			const states = all.map(collection => collection.state);
			const allowed = states.filter(state => !isForbidden(state));
			const state = worst(allowed.length === 0 ? states : allowed);
			const quietMs = quietForMs();
			return state.state === 'live' && quietMs >= silentMs
				? {state: 'stale', since: clock.now() - quietMs, error: new ClusterError('timeout', 'nothing is heard')}
				: state;
		},
		async read(mostMs) {
			const needed = everywhere.flatMap(kind => (first.needs(kind) ? (live[kind] ?? []) : []));
			const patience = new Promise<void>(resolve => {
				clock.after(mostMs, resolve);
			});
			await Promise.race([patience, Promise.all([first.sums, ...needed.map(one => hasBegun(one))])]);
		},
		readOn() {
			first.end();
			again();
		},
		silentInMs: () => Math.max(0, silentMs - quietForMs()),
		subscribe: listener => notifier.subscribe(listener),
		close() {
			isClosed = true;
			first.end();
			notifier.close();
			for (const collection of all) {
				collection.close();
			}
		},
	};
}

/** Lists are made when they are asked for: most frames look at a few objects only. */
class LiveWorld implements World {
	readonly now: Instant;
	readonly #live: Live;
	readonly #usage: ServiceUsage;
	readonly trends: Trends;
	readonly #history: CpuHistory;
	#reasons: ReadonlyMap<string, string> | undefined;

	constructor(
		live: Live,
		usage: ServiceUsage,
		{history, trends, now}: {readonly history: CpuHistory; readonly trends: Trends; readonly now: Instant},
	) {
		this.#live = live;
		this.#usage = usage;
		this.#history = history;
		this.trends = trends;
		this.now = now;
		history.record(now, () => this.#measured());
	}

	#items<K extends Kind>(kind: K): ReadonlyArray<Objects[K]> {
		return (this.#live[kind] as LiveCollection<K> | undefined)?.items ?? [];
	}

	get services() {
		return this.#items('service');
	}

	get instances() {
		return this.#items('instance');
	}

	get nodes() {
		return this.#items('node');
	}

	get images() {
		return this.#items('image');
	}

	get networks() {
		return this.#items('network');
	}

	get volumes() {
		return this.#items('volume');
	}

	get configs() {
		return this.#items('config');
	}

	get secrets() {
		return this.#items('secret');
	}

	get pools() {
		return this.#items('pool');
	}

	get events() {
		return this.#items('event');
	}

	get serviceUsage(): ReadonlyMap<string, UsageSum> {
		return this.#usage.sums.services;
	}

	get serviceReasons(): ReadonlyMap<string, string> {
		this.#reasons ??= new Map([...refusalsOf(this.events, this.now), ...this.#usage.reasons]);
		return this.#reasons;
	}

	get nodeSums(): ReadonlyMap<string, UsageSum> {
		return this.#usage.sums.nodes;
	}

	service(id: string): Service | undefined {
		return this.#live.service?.get(id);
	}

	cpuHistory(id: string): readonly number[] {
		return this.#history.of(id);
	}

	/** What is measured of services, nodes and the whole; nothing until nodes were. */
	#measured(): ReadonlyMap<string, Usage> {
		const cpus = usedCpus(this.nodes);
		if (cpus === undefined) {
			return new Map();
		}

		const nodes = this.nodes.flatMap(({id, usage}) => (usage === undefined ? [] : [[id, usage] as const]));
		return new Map<string, Usage>([...this.serviceUsage, ...nodes, ['', {cpus, at: this.now}]]);
	}
}

/** Resolves when it has been read, or could not be. */
function hasBegun(collection: LiveCollection<Kind>): Promise<void> {
	return new Promise(resolve => {
		const look = () => {
			if (collection.state.state !== 'loading') {
				unsubscribe();
				resolve();
			}
		};
		const unsubscribe = collection.subscribe(look);
		look();
	});
}

/** Nothing is amiss with the connection: this user may not see it. */
function isForbidden(state: LiveState): state is Extract<LiveState, {state: 'lost'}> {
	return state.state === 'lost' && state.error.code === 'not-allowed';
}

const order = ['live', 'loading', 'stale', 'lost'] as const;

/** Of two that are equally bad, the one that has been so longer. */
function worst(states: readonly LiveState[]): LiveState {
	return states.reduce((bad, state) => {
		const difference = order.indexOf(state.state) - order.indexOf(bad.state);
		const isLonger = 'since' in state && 'since' in bad && state.since < bad.since;
		return difference > 0 || (difference === 0 && isLonger) ? state : bad;
	});
}
