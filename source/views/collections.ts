import type {Backend} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {ClusterError} from '../core/error.ts';
import {type Instant, type Kind, kinds, type Usage} from '../core/model/index.ts';
import {LiveCollection, type LiveState} from '../live/live-collection.ts';
import {createNotifier} from '../live/notifier.ts';
import {CpuHistory} from './cpu-history.ts';
import type {Source} from './listing.ts';
import {ServiceUsage} from './service-usage.ts';
import {Trends} from './trends.ts';
import {usedCpus, type World} from './world.ts';

/** The cluster as it is now, and how far that can be relied on. */
export type Collections = {
	source<K extends Kind>(kind: K): Source<K>;
	/** The same object until something changes. */
	world(): World;
	/** Of all collections together: as good as the worst of them. */
	connection(): LiveState;
	/** Resolves when all has been read, and by `mostMs` at the latest. */
	read(mostMs: number): Promise<void>;
	/** In how many milliseconds what is live is not any more, if nothing is heard. */
	silentInMs(): number;
	/** Called at most 10 times a second, whichever of them changes; the answer ends it. */
	subscribe(listener: () => void): () => void;
	close(): void;
};

type Live = {readonly [K in Kind]: LiveCollection<K>};

/** A stream that is quiet tells so each 5 s: one that does not is cut off, though nobody has said so. */
const silentMs = 10_000;

/** So many events are looked at. */
const eventLimit = 1000;

export function openCollections(backend: Backend, clock: Clock): Collections {
	const open = <K extends Kind>(kind: K) =>
		new LiveCollection<K>({backend, clock, query: kind === 'event' ? {kind, limit: eventLimit} : {kind}});
	const live: Live = {
		service: open('service'),
		instance: open('instance'),
		node: open('node'),
		image: open('image'),
		event: open('event'),
	};
	const all = kinds.map(kind => live[kind]);
	const usage = new ServiceUsage(live.instance, clock);
	const history = new CpuHistory();
	const trends = new Trends();
	const notifier = createNotifier(clock);
	for (const collection of all) {
		collection.subscribe(() => notifier.changed());
	}

	const quietForMs = () => clock.monotonicMs() - Math.max(...all.map(({heardAtMs}) => heardAtMs));
	let known: {readonly versions: string; readonly world: World} | undefined;

	return {
		source: kind => live[kind] as unknown as Source<typeof kind>,
		world() {
			const versions = all.map(({version}) => version).join(' ');
			if (known?.versions !== versions) {
				known = {versions, world: new LiveWorld(live, usage, {history, trends, now: clock.now()})};
			}

			return known.world;
		},
		connection() {
			const state = worst(all.map(collection => collection.state));
			const quietMs = quietForMs();
			return state.state === 'live' && quietMs >= silentMs
				? {state: 'stale', since: clock.now() - quietMs, error: new ClusterError('timeout', 'nothing is heard')}
				: state;
		},
		read: mostMs =>
			new Promise(resolve => {
				const done = () => {
					cancel();
					unsubscribe();
					resolve();
				};
				const look = () => {
					if (all.every(({state}) => state.state !== 'loading')) {
						done();
					}
				};
				const cancel = clock.after(mostMs, done);
				const unsubscribe = notifier.subscribe(look);
				look();
			}),
		silentInMs: () => Math.max(0, silentMs - quietForMs()),
		subscribe: listener => notifier.subscribe(listener),
		close() {
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
		trends.record(this);
	}

	get services() {
		return this.#live.service.items;
	}

	get instances() {
		return this.#live.instance.items;
	}

	get nodes() {
		return this.#live.node.items;
	}

	get images() {
		return this.#live.image.items;
	}

	get events() {
		return this.#live.event.items;
	}

	get serviceUsage(): ReadonlyMap<string, Usage> {
		return this.#usage.sums();
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

const order = ['live', 'loading', 'stale', 'lost'] as const;

/** Of two that are equally bad, the one that has been so longer. */
function worst(states: readonly LiveState[]): LiveState {
	return states.reduce((bad, state) => {
		const difference = order.indexOf(state.state) - order.indexOf(bad.state);
		const isLonger = 'since' in state && 'since' in bad && state.since < bad.since;
		return difference > 0 || (difference === 0 && isLonger) ? state : bad;
	});
}
