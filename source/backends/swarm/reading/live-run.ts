import type {ClusterError} from '../../../core/error.ts';
import type {Usage} from '../../../core/model/index.ts';
import type {RawEvent} from '../api-types.ts';
import {inTime} from '../connection/in-time.ts';
import type {Route} from '../connection/route.ts';
import {drainOf} from '../nodes/drain-labels.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {UsageMeter} from '../tasks/usage.ts';
import {leaseName} from '../tend/tend-lease-name.ts';
import {notReached} from '../translate-error.ts';
import {advanceSpreads, isSpreading} from '../write/spread.ts';
import {isOfLife, isOfTask, NodeEvents} from './node-events.ts';
import {allParts, type Part, type Source} from './source.ts';

export type Usages = Readonly<Record<string, Usage>>;

/** From one list of the tasks, which no event tells about, to the next while something is on its way: with the list itself a second. */
const busyMs = 900;
/** The same when nothing is: six requests a minute are all that a quiet swarm is asked. */
const quietMs = 10_000;
/** What has not moved for so long is not on its way, but stuck. */
const stuckMs = 60_000;
/** Events come in bursts: one list for all of them. */
const gatherMs = 40;
/** While they do not end the lists are so far apart. */
const apartMs = 250;
/** An answer that takes longer is none: the manager has lost the swarm. */
const answerMs = 8_000;
/** Events are also told from so long before: the engine begins to listen a moment after it has answered, and its clock is not ours. */
const sinceSeconds = 30;
/** All but the volumes, which the engine of each node tells: one that does not answer holds up nothing else. */
const partsOfSwarm = allParts.filter(part => part !== 'volumes');

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

/** From the first watch until the last, or until the connection breaks. */
export class LiveRun {
	readonly started: Promise<void>;
	error: ClusterError | undefined;
	isFresh = false;
	areVolumesKnown = false;
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
	#isAdvancing = false;
	#lookedAt = Number.NEGATIVE_INFINITY;
	#lookAt = Number.POSITIVE_INFINITY;
	#areVolumesRead = false;
	#areVolumesWanted = false;
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
		this.areVolumesKnown = false;
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
		if (this.#dirty.delete('volumes')) void this.#readVolumes();
		this.#hasten();
	}

	/** Soon, however many more events come until then. */
	#hasten(): void {
		const afterMs = this.#soonMs();
		if (performance.now() + afterMs < this.#lookAt) this.#schedule(afterMs);
	}

	#soonMs(): number {
		return Math.max(gatherMs, this.#lookedAt + apartMs - performance.now());
	}

	async #start(): Promise<void> {
		const {signal} = this.#ending;
		// The stream is open before the lists are read, so that nothing falls between the two.
		const stream = await this.#open(signal);
		void this.#hear(stream[Symbol.asyncIterator]());
		await this.#source.refresh(partsOfSwarm, {signal, timeoutMs: answerMs});
		this.#changedAt = performance.now();
		this.isFresh = true;
		void this.#readVolumes();
		this.#follow();
		// What was heard of meanwhile may not be in the lists yet.
		this.#schedule(this.#dirty.size > 0 ? this.#soonMs() : this.#source.isConverging ? busyMs : quietMs);
	}

	/** Where the manager is gone a list finds another one, and that one's stream is taken. */
	async #open(signal: AbortSignal): Promise<AsyncIterable<RawEvent>> {
		const {connection} = this.#route;
		const since = Math.floor(Date.now() / 1000) - sinceSeconds;
		const open = async () => inTime((await this.#route.docker()).events(since, signal), answerMs);
		const opening = open();
		opening.catch(() => {});
		await this.#source.read(['nodes'], {signal, timeoutMs: answerMs});
		return this.#route.connection === connection ? opening : open();
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
		this.#lookAt = performance.now() + afterMs;
		this.#timer = setTimeout(() => void this.#look(), afterMs);
	}

	/** Once more after the one that is under way. */
	async #readVolumes(): Promise<void> {
		this.#areVolumesWanted = true;
		// What follows from all lists is told only once all were read.
		if (this.#areVolumesRead || !this.isFresh) return;
		this.#areVolumesRead = true;
		try {
			while (this.#areVolumesWanted && !this.hasEnded) {
				this.#areVolumesWanted = false;
				await this.#source.refresh(['volumes'], {signal: this.#ending.signal, timeoutMs: answerMs});
				this.areVolumesKnown = true;
				for (const listener of this.#ticks) listener();
			}
		} catch (thrown) {
			if (!this.hasEnded) this.#fail(thrown);
		} finally {
			this.#areVolumesRead = false;
		}
	}

	async #look(): Promise<void> {
		const {signal} = this.#ending;
		this.#isReading = true;
		this.#lookAt = Number.POSITIVE_INFINITY;
		this.#lookedAt = performance.now();
		const parts = new Set<Part>([
			'tasks',
			...(this.#source.hasManagersOnTheWay ? (['nodes'] as const) : []),
			...this.#dirty,
		]);
		this.#dirty.clear();
		try {
			await this.#source.refresh([...parts], {signal, timeoutMs: answerMs});
			void this.#advance();
			this.#isReading = false;
			this.#tick();
		} catch (thrown) {
			this.#isReading = false;
			if (!this.hasEnded) this.#fail(thrown);
		}
	}

	/** What muster has begun, and whoever watches moves on. A write that takes its time holds up nothing that is told. */
	async #advance(): Promise<void> {
		const parts = {source: this.#source, route: this.#route};
		if (this.#isAdvancing) return;
		this.#isAdvancing = true;
		try {
			if (parts.source.raw.nodes.some(({Spec}) => drainOf(Spec) !== undefined)) {
				const {advanceDrains} = await import('../nodes/drain.ts');
				await advanceDrains(parts);
			}

			if (isSpreading(parts.source)) await advanceSpreads(parts, Date.now());
		} catch (thrown) {
			if (!this.hasEnded) this.#fail(thrown);
		} finally {
			this.#isAdvancing = false;
		}
	}

	#tick(): void {
		const {number} = this.#source.store;
		const now = performance.now();
		if (number !== this.#number) this.#changedAt = now;
		this.#number = number;
		this.#follow();
		for (const listener of this.#ticks) listener();
		const isMoving = this.#source.isConverging && now - this.#changedAt < stuckMs;
		const isBusy = isMoving || now - this.#changedAt < 3000;
		this.#schedule(this.#dirty.size > 0 ? this.#soonMs() : isBusy ? busyMs : quietMs);
	}

	#fail(thrown: unknown): void {
		this.error = notReached(this.#route.connection.where, thrown);
		this.end();
		for (const listener of this.#ticks) listener();
	}
}
