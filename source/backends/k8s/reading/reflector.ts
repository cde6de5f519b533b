import type {Clock} from '../../../core/clock.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {KubeClient} from '../client.ts';
import {watchCollection} from '../watch.ts';
import type {WireObject} from '../wire/wire.ts';
import {type Listed, listResource, type Resource} from './resources.ts';

export type ReflectorChange<T> = {
	readonly uid: string;
	readonly revision: number;
	readonly before: T | undefined;
	/** Undefined: it is gone. */
	readonly after: T | undefined;
};

export type ReflectorListener<T> = {
	changed(change: ReflectorChange<T>): void;
	/** The connection is lost, or the past is: who watches asks again. */
	failed(error: ClusterError): void;
};

type Options<W extends WireObject, T> = {
	readonly client: KubeClient;
	readonly resource: Resource<W, T>;
	readonly path: string;
	readonly clock: Clock;
	/** Throws where no stream would tell anything. */
	living(): Promise<void>;
};

const maxLog = 5000;
/** What nobody asks for any more goes on for a while: the next screen may. */
const lingerMs = 10_000;

/**
 * A collection kept up to date: read once, then watched, for all who look at it together. It ends when nobody does.
 */
export class Reflector<W extends WireObject, T> {
	readonly #options: Options<W, T>;
	readonly #listeners = new Set<ReflectorListener<T>>();
	#items = new Map<string, T>();
	/** The last changes, the oldest first; complete from `#logStart` on. */
	#log: Array<ReflectorChange<T>> = [];
	#logStart = 0;
	#revision = '';
	#ending: AbortController | undefined;
	#opened: Promise<void> | undefined;
	#cancelLinger = () => {};

	constructor(options: Options<W, T>) {
		this.#options = options;
	}

	get items(): ReadonlyMap<string, T> {
		return this.#items;
	}

	get revision(): string {
		return this.#revision;
	}

	/** What a list has just found: a watch that comes now goes on from there. */
	seed({items, revision}: Listed<T>): void {
		if (this.#ending === undefined) {
			this.#items = new Map(items);
			this.#revision = revision;
			this.#log = [];
			this.#logStart = Number(revision);
		}
	}

	/** Opens the stream where it is not; comes back when changes arrive. The answer ends the interest. */
	async join(listener: ReflectorListener<T>, signal: AbortSignal): Promise<() => void> {
		this.#cancelLinger();
		this.#listeners.add(listener);
		const leave = () => {
			this.#listeners.delete(listener);
			this.#linger();
		};
		try {
			this.#opened ??= this.#start();
			await Promise.race([this.#opened, aborted(signal)]);
			return leave;
		} catch (thrown) {
			leave();
			throw thrown;
		}
	}

	/** What has changed after a revision; undefined: that is too long ago to tell. */
	changedSince(revision: string): ReadonlyArray<ReflectorChange<T>> | undefined {
		const since = Number(revision);
		return since >= this.#logStart ? this.#log.filter(change => change.revision > since) : undefined;
	}

	/** The server hangs, or its storage does, which breaks no connection. */
	lose(error: ClusterError): void {
		this.#ending?.abort(error);
	}

	close(): void {
		this.#cancelLinger();
		this.#stop();
	}

	#linger(): void {
		if (this.#listeners.size === 0) {
			this.#cancelLinger();
			this.#cancelLinger = this.#options.clock.after(lingerMs, () => this.#stop());
		}
	}

	#stop(): void {
		this.#ending?.abort(new ClusterError('unreachable', 'the stream was closed'));
		this.#ending = undefined;
		this.#opened = undefined;
	}

	async #start(): Promise<void> {
		const ending = new AbortController();
		this.#ending = ending;
		const {signal} = ending;
		try {
			await this.#options.living();
			if (this.#revision === '') await this.#list(signal);
			await new Promise<void>((resolve, reject) => {
				void this.#run(ending, resolve).catch(reject);
			});
		} catch (thrown) {
			if (this.#ending === ending) this.#stop();
			throw thrown;
		}
	}

	async #list(signal: AbortSignal): Promise<void> {
		const {client, resource, path} = this.#options;
		const {items, revision} = await listResource(client, resource, path, {signal});
		this.#items = new Map(items);
		this.#revision = revision;
		this.#log = [];
		this.#logStart = Number(revision);
	}

	/** Streams one after the other until the connection breaks. */
	async #run(ending: AbortController, opened: () => void): Promise<void> {
		let isOpen = false;
		try {
			for (;;) {
				await this.#stream(ending, () => {
					isOpen = true;
					opened();
				});
			}
		} catch (thrown) {
			// Before it is ended here, which looks the same.
			const error = toClusterError(ending.signal.aborted ? ending.signal.reason : thrown);
			if (this.#ending === ending) this.#stop();
			// Its past is gone: the next one begins with a list.
			if (error.code === 'expired') this.#revision = '';
			if (!isOpen) throw error;
			this.#tell(listener => listener.failed(error));
		}
	}

	async #stream(ending: AbortController, opened: () => void): Promise<void> {
		const {client, resource, path} = this.#options;
		const {signal} = ending;
		const events = watchCollection<W>(client, {path, since: this.#revision, signal, opened});
		for await (const event of events) {
			const {resourceVersion} = event.object.metadata;
			this.#revision = resourceVersion;
			if (event.type === 'BOOKMARK') continue;
			const {uid} = event.object.metadata;
			const before = this.#items.get(uid);
			const after = event.type === 'DELETED' ? undefined : resource.keep(event.object);
			if (after === undefined) this.#items.delete(uid);
			else this.#items.set(uid, after);
			const change = {uid, revision: Number(resourceVersion), before, after};
			this.#remember(change);
			this.#tell(listener => listener.changed(change));
		}
	}

	#remember(change: ReflectorChange<T>): void {
		this.#log.push(change);
		if (this.#log.length > maxLog * 2) {
			const forgotten = this.#log.splice(0, maxLog);
			this.#logStart = forgotten.at(-1)?.revision ?? this.#logStart;
		}
	}

	#tell(say: (listener: ReflectorListener<T>) => void): void {
		for (const listener of [...this.#listeners]) {
			say(listener);
		}
	}
}

function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener('abort', () => reject(signal.reason), {once: true});
	});
}
