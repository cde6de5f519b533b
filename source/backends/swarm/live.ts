import type {Change, Query} from '../../core/backend.ts';
import type {ClusterError} from '../../core/error.ts';
import type {Kind, Revision, Usage} from '../../core/model/index.ts';
import type {RawEvent} from './api-types.ts';
import {drainOf} from './drain-labels.ts';
import type {NodeAccess} from './node-access.ts';
import {isOfLife, isOfTask, NodeEvents} from './node-events.ts';
import type {Route} from './route.ts';
import {allParts, type Part, type Source} from './source.ts';
import {advanceSpreads, isSpreading} from './spread.ts';
import {matches} from './store.ts';
import {leaseName} from './tend-lease-name.ts';
import {notReached} from './translate-error.ts';
import {UsageMeter} from './usage.ts';

type Usages = Readonly<Record<string, Usage>>;

/** Between two lists of the tasks, which no event tells about, while something is on its way. */
const busyMs = 1000;
/** The same when nothing is: six requests a minute are all that a quiet swarm is asked. */
const quietMs = 10_000;
/** What has not moved for so long is not on its way, but stuck. */
const stuckMs = 60_000;
/** Events come in bursts: one list for all of them. */
const gatherMs = 40;
/** An answer that takes longer is none: the manager has lost the swarm. */
const answerMs = 8_000;

const partsOf: Readonly<Record<string, readonly Part[]>> = {
	service: ['services', 'tasks'],
	// Whose volumes can be asked for, too, goes by which nodes are there.
	node: ['nodes', 'tasks', 'volumes'],
	container: ['tasks'],
	network: ['networks'],
	volume: ['volumes'],
	config: ['configs'],
	secret: ['secrets'],
};

/**
 * Keeps the store up to date while somebody watches: the engine's events say what is to be listed again; of tasks there are
 * none, so those are listed by the clock. When the connection breaks every watch ends with `unreachable`; the next one starts
 * anew and lists everything, for the stream cannot be resumed.
 */
export class Live {
	readonly #source: Source;
	readonly #route: Route;
	readonly #access: NodeAccess;
	#run: Run | undefined;

	constructor(source: Source, route: Route, access: NodeAccess) {
		this.#source = source;
		this.#route = route;
		this.#access = access;
	}

	/** The store is kept up to date, and has been told everything once. */
	get isFresh(): boolean {
		return this.#run?.isFresh ?? false;
	}

	/** Something was written: look at once, and often for a while. */
	nudge(parts: readonly Part[]): void {
		this.#run?.nudge(parts);
	}

	async *watch<K extends Kind>(query: Query<K>, since: Revision, signal: AbortSignal): AsyncIterable<Change<K>> {
		const {store} = this.#source;
		let number = store.numberOf(since);
		if (signal.aborted) return;
		const run = this.#join();
		let wake = () => {};
		let isNews = true;
		const news = () => {
			isNews = true;
			wake();
		};
		let usage: Usages = {};
		const leave = [
			store.onChange(news),
			run.onTick(news),
			run.onUsage(fresh => {
				if (query.kind !== 'instance') return;
				const known = (id: string) => store.get('instance', id);
				const own = Object.entries(fresh).filter(([id]) => {
					const instance = known(id);
					return instance !== undefined && matches(query, instance);
				});
				usage = {...usage, ...Object.fromEntries(own)};
				news();
			}),
		];
		signal.addEventListener('abort', news);
		try {
			await Promise.race([
				run.started,
				new Promise<void>(resolve => signal.addEventListener('abort', () => resolve())),
			]);
			while (!signal.aborted) {
				if (run.error !== undefined) throw run.error;
				isNews = false;
				const until = store.number;
				const changes = store.changesSince(query, number);
				number = until;
				for (const change of changes) {
					if (signal.aborted) return;
					yield change;
				}

				if (Object.keys(usage).length > 0) {
					const told = usage;
					usage = {};
					yield {type: 'usage', usage: told};
				}

				const gaps = this.#source.gaps(query.kind);
				yield {type: 'bookmark', revision: store.revision, ...(gaps.length > 0 && {gaps})};
				if (!isNews && !signal.aborted) await new Promise<void>(resolve => (wake = resolve));
			}
		} finally {
			signal.removeEventListener('abort', news);
			for (const end of leave) end();
			run.leave();
		}
	}

	#join(): Run {
		if (this.#run === undefined || this.#run.hasEnded) this.#run = new Run(this.#source, this.#route, this.#access);
		this.#run.join();
		return this.#run;
	}

	close(): void {
		this.#run?.end();
	}
}

/** From the first watch until the last, or until the connection breaks. */
class Run {
	readonly started: Promise<void>;
	error: ClusterError | undefined;
	isFresh = false;
	readonly #source: Source;
	readonly #route: Route;
	readonly #ending = new AbortController();
	readonly #ticks = new Set<() => void>();
	readonly #meter: UsageMeter;
	readonly #nodes: NodeEvents;
	readonly #gauges = new Set<(usage: Usages) => void>();
	readonly #dirty = new Set<Part>();
	#watchers = 0;
	#timer: NodeJS.Timeout | undefined;
	#isReading = false;
	#changedAt = 0;
	#number = 0;

	constructor(source: Source, route: Route, access: NodeAccess) {
		this.#source = source;
		this.#route = route;
		this.#meter = new UsageMeter(source, access, usage => this.#measured(usage));
		this.#nodes = new NodeEvents(access, part => this.nudge([part]));
		this.started = this.#start().catch((thrown: unknown) => this.#fail(thrown));
	}

	get hasEnded(): boolean {
		return this.#ending.signal.aborted;
	}

	join(): void {
		this.#watchers++;
	}

	leave(): void {
		this.#watchers--;
		if (this.#watchers === 0) this.end();
	}

	/** Calls with fresh figures of instances; the answer ends it. */
	onUsage(listener: (usage: Usages) => void): () => void {
		this.#gauges.add(listener);
		return () => this.#gauges.delete(listener);
	}

	#measured(usage: Usages): void {
		for (const listener of this.#gauges) listener(usage);
	}

	end(): void {
		this.isFresh = false;
		this.#meter.end();
		this.#nodes.end();
		clearTimeout(this.#timer);
		this.#ending.abort();
	}

	/** Called when all was looked at, whether or not it has changed; the answer ends it. */
	onTick(listener: () => void): () => void {
		this.#ticks.add(listener);
		return () => this.#ticks.delete(listener);
	}

	nudge(parts: readonly Part[]): void {
		this.#changedAt = performance.now();
		for (const part of parts) this.#dirty.add(part);
		this.#schedule(gatherMs);
	}

	async #start(): Promise<void> {
		const {signal} = this.#ending;
		const client = await this.#route.docker();
		const since = Math.floor(Date.now() / 1000);
		// The stream is open before the lists are read, so that nothing falls between the two.
		const stream = client.events(since, signal)[Symbol.asyncIterator]();
		void this.#hear(stream);
		await this.#source.refresh(allParts, {signal, timeoutMs: answerMs});
		this.#changedAt = performance.now();
		this.isFresh = true;
		this.#follow();
		// What was heard of meanwhile may not be in the lists yet.
		this.#schedule(this.#dirty.size > 0 ? gatherMs : this.#source.isConverging ? busyMs : quietMs);
	}

	/** Measures and listens where there is something now. */
	#follow(): void {
		const {tasks, nodes} = this.#source.raw;
		this.#meter.follow(tasks);
		this.#nodes.follow(nodes);
	}

	async #hear(stream: AsyncIterator<RawEvent>): Promise<void> {
		try {
			for (let next = await stream.next(); next.done !== true; next = await stream.next()) this.#heard(next.value);
			throw new Error('the event stream ended');
		} catch (thrown) {
			if (!this.hasEnded) this.#fail(thrown);
		}
	}

	#heard(event: RawEvent): void {
		// Whoever tends the swarm renews it again and again.
		if (event.Actor?.Attributes?.name === leaseName) return;
		this.#source.events.note(event);
		if (event.Type === 'volume' ? isOfLife(event) : event.Type !== 'container' || isOfTask(event))
			this.nudge(partsOf[event.Type ?? ''] ?? []);
	}

	#schedule(afterMs: number): void {
		clearTimeout(this.#timer);
		if (this.hasEnded || this.#isReading) return;
		this.#timer = setTimeout(() => void this.#look(), afterMs);
	}

	async #look(): Promise<void> {
		const {signal} = this.#ending;
		this.#isReading = true;
		const parts = new Set<Part>([
			'tasks',
			...(this.#source.hasManagersOnTheWay ? (['nodes'] as const) : []),
			...this.#dirty,
		]);
		this.#dirty.clear();
		try {
			await this.#source.refresh([...parts], {signal, timeoutMs: answerMs});
			await this.#advance();
			this.#isReading = false;
			this.#tick();
		} catch (thrown) {
			this.#isReading = false;
			if (!this.hasEnded) this.#fail(thrown);
		}
	}

	/** What muster has begun, and whoever watches moves on. */
	async #advance(): Promise<void> {
		const parts = {source: this.#source, route: this.#route};
		if (parts.source.raw.nodes.some(({Spec}) => drainOf(Spec) !== undefined)) {
			const {advanceDrains} = await import('./drain.ts');
			await advanceDrains(parts);
		}

		if (isSpreading(parts.source)) await advanceSpreads(parts, Date.now());
	}

	#tick(): void {
		const {number} = this.#source.store;
		const now = performance.now();
		if (number !== this.#number) this.#changedAt = now;
		this.#number = number;
		this.#follow();
		for (const listener of this.#ticks) listener();
		const isMoving = this.#source.isConverging && now - this.#changedAt < stuckMs;
		this.#schedule(this.#dirty.size > 0 ? gatherMs : isMoving || now - this.#changedAt < 3000 ? busyMs : quietMs);
	}

	#fail(thrown: unknown): void {
		this.error = notReached(this.#route.connection.where, thrown);
		this.end();
		for (const listener of this.#ticks) listener();
	}
}
