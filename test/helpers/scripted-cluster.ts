import type {
	Backend,
	Change,
	Facets,
	LogLine,
	Patch,
	Query,
	Ref,
	SpecOf,
	WritableKind,
	WriteOptions,
} from '../../source/core/backend.ts';
import {mergePatch} from '../../source/core/difference/merge-patch.ts';
import {ClusterError} from '../../source/core/error.ts';
import {
	type Kind,
	kinds,
	type Objects,
	type Revision,
	type ServiceSpec,
	type Usage,
} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {aService} from './objects.ts';

/** A Backend whose cluster is whatever a test puts into it: nothing happens by itself. It can be slow, silent, or away. */
export type ScriptedCluster = Backend & {
	put(...objects: ReadonlyArray<Objects[Kind]>): void;
	drop(id: string): void;
	/** Somebody else changes the spec of a service. */
	patch(service: string, patch: object): void;
	/** Fresh figures, as a watch brings them. */
	measure(usage: Readonly<Record<string, Usage>>): void;
	/** A line that every log stream of its instance reads. */
	log(line: LogLine): void;
	/** All streams break, and nothing can be asked, until `connect`. */
	disconnect(): void;
	connect(): void;
	/** Calls wait for `answer` before they answer: all, or those that read one kind. */
	hold(kind?: Kind): void;
	answer(): void;
	/** Resolves when a call may answer; throws where the cluster cannot be reached. */
	turn(): Promise<void>;
	/** What was written, in its order: `apply service web {"replicas":5}`. */
	readonly writes: readonly string[];
	/** Something else was done, by a facet. */
	wrote(text: string): void;
	/** Calls at each write. */
	onWrite(listener: () => void): void;
	/** Open watch and log streams. */
	readonly streams: number;
};

type Entry = {readonly kind: Kind; readonly change: Change<Kind>; readonly revision: number};

export function createScriptedCluster(
	initial: ReadonlyArray<Objects[Kind]> = [],
	facets: Partial<Facets> = {},
): ScriptedCluster {
	const objects = new Map<string, Objects[Kind]>();
	const changes: Entry[] = [];
	const logLines: LogLine[] = [];
	const writes: string[] = [];
	let told = () => {};
	let revision = 0;
	let streams = 0;
	let isConnected = true;
	let held: Array<() => void> | undefined;
	let heldKind: Kind | undefined;
	let waiting = new Set<() => void>();

	function wake(): void {
		const woken = waiting;
		waiting = new Set();
		for (const resolve of woken) resolve();
	}

	function record(kind: Kind, make: (revision: Revision) => Change<Kind>): void {
		revision++;
		changes.push({kind, change: make(String(revision)), revision});
		wake();
	}

	function store(object: Objects[Kind]): Objects[Kind] {
		const written = {...object, revision: String(revision + 1)};
		objects.set(object.id, written);
		record(object.kind, at => ({type: 'put', object: written, revision: at}));
		return written;
	}

	/** Until the call may answer. */
	async function turn(signal?: AbortSignal, kind?: Kind): Promise<void> {
		if (held !== undefined && (heldKind === undefined || heldKind === kind)) {
			await new Promise<void>(resolve => {
				held?.push(resolve);
				signal?.addEventListener('abort', () => resolve(), {once: true});
			});
		}

		if (!isConnected) throw new ClusterError('unreachable', 'the scripted cluster cannot be reached');
	}

	async function* stream<T>(
		signal: AbortSignal,
		next: () => T | undefined,
		{first, kind}: {readonly first?: T; readonly kind?: Kind} = {},
	): AsyncGenerator<T> {
		streams++;
		try {
			await turn(signal, kind);
			if (first !== undefined) yield first;
			while (!signal.aborted) {
				await turn(signal, kind);
				const found = next();
				if (found !== undefined) {
					yield found;
					continue;
				}

				await new Promise<void>(resolve => {
					waiting.add(resolve);
					signal.addEventListener('abort', () => resolve(), {once: true});
				});
			}
		} finally {
			streams--;
		}
	}

	function find({kind, id, name}: Ref): Objects[Kind] {
		const found = [...objects.values()].find(
			object => object.kind === kind && (id === undefined ? object.name === name : object.id === id),
		);
		if (found === undefined) throw new ClusterError('not-found', `no ${kind} is called ${name}`);
		return found;
	}

	const cluster: ScriptedCluster = {
		name: 'local',
		engine: 'scripted 1',
		kinds,
		facets: {
			traffic: true,
			async *logs({instanceIds, serviceId}, signal, _missed, opened) {
				let index = 0;
				await turn(signal);
				opened?.();
				yield* stream(signal, () => {
					while (index < logLines.length) {
						const line = logLines[index++];
						if (line && (serviceId !== undefined || instanceIds.includes(line.instanceId))) return line;
					}

					return undefined;
				});
			},
			...facets,
		},
		async list<K extends Kind>(query: Query<K>, signal?: AbortSignal) {
			await turn(signal, query.kind);
			const items = [...objects.values()].filter(({kind}) => kind === query.kind);
			return {items: items as unknown as Array<Objects[K]>, revision: String(revision)};
		},
		async *watch<K extends Kind>(query: Query<K>, since: Revision, signal: AbortSignal) {
			let index = changes.findIndex(entry => entry.revision > Number(since));
			if (index === -1) index = changes.length;
			const next = () => {
				while (index < changes.length) {
					const entry = changes[index++];
					if (entry?.kind === query.kind) return entry.change as Change<K>;
				}

				return undefined;
			};
			yield* stream<Change<K>>(signal, next, {first: {type: 'bookmark', revision: since}, kind: query.kind});
		},
		async apply<K extends WritableKind>(ref: Ref<K>, patch: Patch<SpecOf<K>>, options: WriteOptions) {
			const {ifRevision, create} = options;
			cluster.wrote(`apply ${ref.kind} ${ref.name} ${JSON.stringify(patch)}`);
			await turn();
			if (create && ref.kind === 'service') {
				return store(aService(ref.name, {spec: serviceSpec(patch as Patch<ServiceSpec>)})) as Objects[K];
			}

			const object = find(ref) as Objects[WritableKind];
			if (ifRevision !== undefined && ifRevision !== object.revision) {
				throw new ClusterError('conflict', `${ref.kind} ${ref.name} was changed meanwhile`);
			}

			const spec = mergePatch<object>(object.spec, patch as object);
			return store({...object, spec} as Objects[WritableKind]) as Objects[K];
		},
		async remove(ref, {cascade}) {
			cluster.wrote([`remove ${ref.kind} ${ref.name}`, cascade].filter(Boolean).join(' '));
			await turn();
			cluster.drop(find(ref).id);
		},
		close() {
			isConnected = false;
			wake();
		},
		put(...added) {
			for (const object of added) store(object);
		},
		patch(service, patch) {
			const found = find({kind: 'service', name: service}) as Objects['service'];
			store({...found, spec: mergePatch<ServiceSpec>(found.spec, patch)});
		},
		drop(id) {
			const kind = objects.get(id)?.kind;
			objects.delete(id);
			if (kind) record(kind, at => ({type: 'remove', id, revision: at}));
		},
		measure(usage) {
			for (const kind of ['instance', 'node'] as const) record(kind, () => ({type: 'usage', usage}));
		},
		log(line) {
			logLines.push(line);
			wake();
		},
		disconnect() {
			isConnected = false;
			wake();
		},
		connect() {
			isConnected = true;
		},
		hold(kind) {
			held ??= [];
			heldKind = kind;
		},
		answer() {
			const calls = held ?? [];
			held = undefined;
			for (const resolve of calls) resolve();
		},
		turn,
		writes,
		wrote(text) {
			writes.push(text);
			told();
		},
		onWrite(listener) {
			told = listener;
		},
		get streams() {
			return streams;
		},
	};
	for (const object of initial) store(object);
	return cluster;
}
