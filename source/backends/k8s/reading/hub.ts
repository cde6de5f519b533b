import type {Clock} from '../../../core/clock.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {KubeClient} from '../client.ts';
import {isRefusedUser, isStorageFailure} from '../translate-error.ts';
import {withQuery} from '../watch.ts';
import type {WireObject} from '../wire/wire.ts';
import {type KeptNamespace, namespacePath, namespaceResource} from './namespaces.ts';
import {type Kept, type PartName, partResources} from './parts.ts';
import {Reflector} from './reflector.ts';
import {type Arrived, collectionPath, type Listed, listResource, type Resource} from './resources.ts';

/** The collections of one cluster, each watched at most once for all who need it. */
export type Hub = {
	/** Read anew; what the user may not see, or the server does not have, is empty where it is not `needed`. */
	list<P extends PartName>(part: P, options: ListOptions<Kept[P]>): Promise<Listed<Kept[P]>>;
	reflector<P extends PartName>(part: P, scope: string | undefined): Reflector<WireObject, Kept[P]>;
	/** The namespace itself, where this user may watch it. */
	namespace(name: string): Reflector<WireObject, KeptNamespace>;
	/** Told each few seconds as long as the server and its storage answer, and what is wrong when they do not; the answer ends it. */
	onPulse(listener: PulseListener): () => void;
	/** Where it did not live when it was asked last, it is asked again. Throws what is wrong. */
	living(): Promise<void>;
	/** Kinds that could not be read, and why. */
	readonly refusals: ReadonlyMap<PartName, ClusterError>;
	close(): void;
};

export type PulseListener = {
	alive?(): void;
	lost?(error: ClusterError): void;
};

export type ListOptions<T> = {
	readonly scope: string | undefined;
	readonly needed: boolean;
	readonly signal?: AbortSignal | undefined;
	/** Told what has come before the end; who joins a list that is just being read hears of its end only. */
	readonly arrived?: Arrived<T> | undefined;
	/** It is all that is asked for. */
	readonly lone?: boolean;
};

/** A stream that is quiet says so each 5 seconds; a server that hangs breaks no connection. */
const pulseMs = 4000;
const patienceMs = 5000;

export function createHub(client: KubeClient, clock: Clock): Hub {
	const reflectors = new Map<string, Reflector<WireObject, never>>();
	const refusals = new Map<PartName, ClusterError>();
	const listeners = new Set<PulseListener>();
	let unwell: ClusterError | undefined;
	let asking: Promise<void> | undefined;
	type Running = {readonly listed: Promise<unknown>; readonly signal: AbortSignal | undefined; readonly writes: number};
	const reading = new Map<string, Running>();
	let cancelPulse = () => {};

	function reflector<P extends PartName>(part: P, scope: string | undefined): Reflector<WireObject, Kept[P]> {
		const resource = partResources[part] as never as Resource<WireObject, Kept[P]>;
		return reflectorOf(resource, collectionPath(resource as never, scope));
	}

	function reflectorOf<T>(resource: Resource<WireObject, T>, path: string): Reflector<WireObject, T> {
		const found = reflectors.get(path) as Reflector<WireObject, T> | undefined;
		if (found) return found;
		const made = new Reflector<WireObject, T>({client, resource, path, clock, living});
		reflectors.set(path, made as never);
		return made;
	}

	async function list<P extends PartName>(part: P, options: ListOptions<Kept[P]>): Promise<Listed<Kept[P]>> {
		const {scope, needed, signal, arrived, lone} = options;
		const resource = partResources[part];
		try {
			const path = collectionPath(resource as never, scope);
			const listed = await shared(path, signal, ending =>
				listResource(client, resource as never, path, {signal: ending, arrived: arrived as never, lone}),
			);
			refusals.delete(part);
			reflector(part, scope).seed(listed as Listed<Kept[P]>);
			return listed as Listed<Kept[P]>;
		} catch (thrown) {
			const error = toClusterError(thrown);
			if (signal?.aborted || (error.code !== 'not-allowed' && error.code !== 'not-found')) throw thrown;
			refusals.set(part, error);
			if (needed) throw error;
			return {items: new Map(), revision: ''};
		}
	}

	/** Who asks for what is just being read waits for that, if nothing was written since it began. */
	async function shared<T>(
		path: string,
		signal: AbortSignal | undefined,
		read: (signal: AbortSignal | undefined) => Promise<Listed<T>>,
	): Promise<Listed<T>> {
		const running = reading.get(path);
		if (running?.writes === client.writes() && !running.signal?.aborted) {
			return running.listed as Promise<Listed<T>>;
		}

		const listed = read(signal);
		const entry = {listed, signal, writes: client.writes()};
		reading.set(path, entry);
		try {
			return await listed;
		} finally {
			if (reading.get(path) === entry) reading.delete(path);
		}
	}

	function arm(): void {
		cancelPulse();
		if (listeners.size > 0) cancelPulse = clock.after(pulseMs, () => void beat());
	}

	async function beat(): Promise<void> {
		await ask();
		if (unwell === undefined) {
			for (const {alive} of [...listeners]) alive?.();
		} else {
			const error = unwell;
			for (const one of reflectors.values()) one.lose(error);
			for (const {lost} of [...listeners]) lost?.(error);
		}

		arm();
	}

	/** Once for all who want to know it at the same time. */
	function ask(): Promise<void> {
		asking ??= askOnce().finally(() => {
			asking = undefined;
		});
		return asking;
	}

	async function askOnce(): Promise<void> {
		const patience = new AbortController();
		const cancel = clock.after(patienceMs, () => patience.abort());
		try {
			await client.text({path: '/livez', signal: patience.signal});
			unwell = undefined;
		} catch (thrown) {
			const error = patience.signal.aborted ? silent() : toClusterError(thrown);
			unwell = (await isWell(error, patience.signal)) ? undefined : error;
		} finally {
			cancel();
		}
	}

	/**
	 * Who may not ask for its health has been answered, too. The server finds its storage again minutes after all else has, and does
	 * not end the streams of who is none any more: there, what is looked at is asked for instead.
	 */
	async function isWell(error: ClusterError, signal: AbortSignal): Promise<boolean> {
		const isUnsure = isStorageFailure(error) || isRefusedUser(error);
		const [path] = reflectors.keys();
		if (!isUnsure || path === undefined) return error.code !== 'unreachable';
		return client.text({path: withQuery(path, 'limit=1'), signal}).then(
			() => true,
			() => false,
		);
	}

	/** A server whose storage is silent opens streams, in which nothing will come. */
	async function living(): Promise<void> {
		if (unwell !== undefined) await ask();
		if (unwell !== undefined) throw unwell;
	}

	return {
		list,
		reflector,
		namespace: name => reflectorOf(namespaceResource, namespacePath(name)),
		refusals,
		living,
		onPulse(listener) {
			const isFirst = listeners.size === 0;
			listeners.add(listener);
			if (isFirst) arm();
			return () => {
				listeners.delete(listener);
				if (listeners.size === 0) cancelPulse();
			};
		},
		close() {
			cancelPulse();
			listeners.clear();
			for (const one of reflectors.values()) {
				one.close();
			}
		},
	};
}

function silent(): ClusterError {
	return new ClusterError('unreachable', 'the API server does not answer any more');
}
