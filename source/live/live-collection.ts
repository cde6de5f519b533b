import type {Backend, Change, Query} from '../core/backend.ts';
import type {Clock} from '../core/clock.ts';
import {ClusterError, toClusterError} from '../core/error.ts';
import type {Random} from '../core/model/id.ts';
import type {Instant, Kind, Objects, Revision} from '../core/model/index.ts';
import {backOffMs, wait} from './back-off.ts';
import {ChangeLog} from './change-log.ts';
import {createItems, type Items} from './items.ts';
import {createNotifier, type Notifier} from './notifier.ts';

/**
 * `loading`: nothing was read yet, since it was asked for. `live`: every change arrives. `stale`: what is here was true until `since`. `lost`:
 * nothing could be read at all. It is tried again by itself, whatever the state.
 */
export type LiveState =
	| {readonly state: 'loading'; readonly since: Instant}
	| {readonly state: 'live'}
	| {readonly state: 'stale'; readonly since: Instant; readonly error: ClusterError}
	| {readonly state: 'lost'; readonly since: Instant; readonly error: ClusterError};

export type LiveCollectionOptions<K extends Kind> = {
	readonly backend: Pick<Backend, 'list' | 'watch'>;
	readonly query: Query<K>;
	readonly clock: Clock;
	/** For the jitter between two attempts; absent: none. */
	readonly random?: Random;
};

/**
 * Objects of a cluster as they are now: listed, then watched from there. A watch that breaks goes on from where it was; one
 * that cannot is listed again. What did not change keeps its identity.
 */
export class LiveCollection<K extends Kind> {
	readonly #options: LiveCollectionOptions<K>;
	readonly #objects: Items<K> = createItems();
	readonly #notifier: Notifier;
	readonly #ending = new AbortController();
	#items: ReadonlyArray<Objects[K]> | undefined;
	#state: LiveState;
	#version = 0;
	readonly #log = new ChangeLog();
	/** Up to where the objects are known; undefined: they must be listed. */
	#revision: Revision | undefined;
	#failures = 0;
	/** It was listed since a stream expired, and nothing was heard in a stream from there yet. */
	#isListedAnew = false;
	#heardAtMs: number;
	#gaps: readonly string[] = [];

	constructor(options: LiveCollectionOptions<K>) {
		this.#options = options;
		this.#notifier = createNotifier(options.clock);
		this.#heardAtMs = options.clock.monotonicMs();
		this.#state = {state: 'loading', since: options.clock.now()};
		void this.#run();
	}

	/** One map for ever, changed in place: see `version`. */
	get byId(): ReadonlyMap<string, Objects[K]> {
		return this.#objects.byId;
	}

	/** The same array until something changes; made when it is asked for. */
	get items(): ReadonlyArray<Objects[K]> {
		this.#items ??= [...this.byId.values()];
		return this.#items;
	}

	get(id: string): Objects[K] | undefined {
		return this.byId.get(id);
	}

	get state(): LiveState {
		return this.#state;
	}

	/** What could not be asked, and why: what is here is not all. */
	get gaps(): readonly string[] {
		return this.#gaps;
	}

	/** Grows with each change of objects or state: who remembers it knows whether to look again. */
	get version(): number {
		return this.#version;
	}

	/** The ids of what changed after a version; undefined: look at everything. */
	changedSince(version: number): ReadonlySet<string> | undefined {
		return this.#log.since(version);
	}

	/** When anything was heard last, a bookmark too (which comes when nothing else does): by the monotonic clock. */
	get heardAtMs(): number {
		return this.#heardAtMs;
	}

	/** Called at most 10 times a second, when the version has grown; the answer ends it. */
	subscribe(listener: () => void): () => void {
		return this.#notifier.subscribe(listener);
	}

	close(): void {
		this.#ending.abort();
		this.#notifier.close();
	}

	async #run(): Promise<void> {
		const {signal} = this.#ending;
		while (!signal.aborted) {
			try {
				this.#revision ??= await this.#list(signal);
				await this.#watch(this.#revision, signal);
			} catch (thrown) {
				if (!signal.aborted) await this.#failed(toClusterError(thrown), signal);
			}
		}
	}

	async #list(signal: AbortSignal): Promise<Revision> {
		const {backend, query} = this.#options;
		const {items, revision, gaps = []} = await backend.list(query, signal, objects => this.#arrived(objects));
		if (!signal.aborted) {
			this.#heardAtMs = this.#options.clock.monotonicMs();
			const isChanged = this.#objects.replaceAll(items);
			// All of it may have arrived before the end, and is known.
			if (isChanged) this.#log.forget(this.#version + 1);
			this.#gaps = gaps;
			this.#isLive(true);
		}

		return revision;
	}

	/** The beginning of the first list is shown before there is more; a later one is taken whole. */
	#arrived(objects: ReadonlyArray<Objects[K]>): void {
		if (this.#state.state !== 'loading' || this.#ending.signal.aborted) return;
		this.#heardAtMs = this.#options.clock.monotonicMs();
		const version = this.#version + 1;
		for (const object of objects) {
			if (this.#objects.fold({type: 'put', object, revision: ''})) this.#log.add(version, object.id);
		}

		this.#changed(this.#state);
	}

	/** Until the stream breaks; one that just ends has lost its other side too. */
	async #watch(since: Revision, signal: AbortSignal): Promise<void> {
		const {backend, query} = this.#options;
		for await (const change of backend.watch(query, since, signal)) {
			if (signal.aborted) return;
			this.#failures = 0;
			this.#isListedAnew = false;
			this.#heardAtMs = this.#options.clock.monotonicMs();
			if (change.type !== 'usage') this.#revision = change.revision;
			const isChanged = this.#objects.fold(change);
			if (isChanged) this.#note(change);
			const isKnownBetter = change.type === 'bookmark' && this.#knowGaps(change.gaps ?? []);
			this.#isLive(isChanged || isKnownBetter);
		}

		if (!signal.aborted) throw new ClusterError('unreachable', 'The connection ended.');
	}

	/** Whether they are others than before. */
	#knowGaps(gaps: readonly string[]): boolean {
		const areOthers = gaps.join('\n') !== this.#gaps.join('\n');
		this.#gaps = gaps;
		return areOthers;
	}

	/** At the version that this change brings about. */
	#note(change: Change<K>): void {
		const version = this.#version + 1;
		if (change.type === 'put') this.#log.add(version, change.object.id);
		if (change.type === 'remove') this.#log.add(version, change.id);
		if (change.type === 'usage') {
			for (const id of Object.keys(change.usage)) this.#log.add(version, id);
		}
	}

	#isLive(isChanged: boolean): void {
		if (this.#state.state !== 'live') {
			this.#changed({state: 'live'});
		} else if (isChanged) {
			this.#changed(this.#state);
		}
	}

	/** What had gone on and expired is listed anew at once; all else waits, longer each time. */
	async #failed(error: ClusterError, signal: AbortSignal): Promise<void> {
		this.#failures++;
		if (error.code === 'expired') {
			this.#revision = undefined;
			if (!this.#isListedAnew) {
				this.#isListedAnew = true;
				return;
			}
		}

		const {clock, random = () => 1} = this.#options;
		const {state} = this.#state;
		if (state === 'stale' || state === 'lost') {
			this.#changed({...this.#state, error});
		} else {
			this.#changed({state: state === 'live' ? 'stale' : 'lost', since: clock.now(), error});
		}

		await wait(backOffMs(this.#failures, random), clock, signal);
	}

	#changed(state: LiveState): void {
		this.#state = state;
		this.#items = undefined;
		this.#version++;
		this.#notifier.changed();
	}
}
