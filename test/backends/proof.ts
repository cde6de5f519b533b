import type {Backend, Change, Patch, Query, Ref, WritableKind} from '../../source/core/backend.ts';
import {type ClusterError, toClusterError} from '../../source/core/error.ts';
import type {Instance, Kind, Node, Objects, Revision, Service, ServiceSpec} from '../../source/core/model/index.ts';
import type {Cluster, Rig} from './rig.ts';

/** What one watch has told so far. */
export type Collected<K extends Kind> = {
	readonly changes: ReadonlyArray<Change<K>>;
	/** How it ended; undefined while it goes on. */
	readonly ended: 'done' | ClusterError | undefined;
	stop(): void;
};

/** What a law is proved with; whatever it makes is taken away after it. */
export type Proof = Cluster & {
	readonly rig: Rig;
	readonly signal: AbortSignal;
	/** A name that nothing else has: of a service, or of another kind; what it names is taken away in the end. */
	name(kind?: WritableKind): string;
	create(name: string, patch?: Patch<ServiceSpec>): Promise<Service>;
	service(name: string): Promise<Service | undefined>;
	node(name: string): Promise<Node>;
	anyNode(): Promise<Node>;
	/** What is meant to run of a service. */
	instances(service: Service): Promise<readonly Instance[]>;
	/** Until so many of its instances run and nothing else of it is left. */
	untilRunning(service: Service, count: number): Promise<readonly Instance[]>;
	collect<K extends Kind>(query: Query<K>, since: Revision): Collected<K>;
	/** The error that a call ends with. */
	refusal(call: Promise<unknown>): Promise<ClusterError>;
};

let made = 0;

export function createProof(cluster: Cluster, rig: Rig): Proof & {cleanUp(): Promise<void>} {
	const {backend, until} = cluster;
	const names: Array<{kind: WritableKind; name: string}> = [];
	const others: Array<{kind: WritableKind; name: string}> = [];
	const ending = new AbortController();
	const {signal} = ending;

	async function service(name: string): Promise<Service | undefined> {
		const {items} = await backend.list({kind: 'service', name}, signal);
		return items[0];
	}

	async function instances({id}: Service): Promise<readonly Instance[]> {
		const {items} = await backend.list({kind: 'instance', serviceId: id}, signal);
		return items;
	}

	return {
		...cluster,
		rig,
		signal,
		name(kind = 'service') {
			made++;
			const name = `law-${made}`;
			(kind === 'service' ? names : others).push({kind, name});
			return name;
		},
		create: (name, patch = {}) =>
			backend.apply(
				{kind: 'service', name},
				{...patch, template: {...rig.templates.lasting, ...patch.template}},
				{create: true},
			),
		service,
		instances,
		async node(name) {
			const {items} = await backend.list({kind: 'node', name}, signal);
			return found(items[0], `node ${name}`);
		},
		async anyNode() {
			const {items} = await backend.list({kind: 'node'}, signal);
			return found(items[0], 'node');
		},
		async untilRunning(service, count) {
			await until(`${service.name} runs ${count} instances`, async () => {
				const living = await instances(service);
				return living.length === count && living.every(({status}) => status.state === 'running');
			});
			return instances(service);
		},
		collect: (query, since) => collect(backend, query, since, signal),
		async refusal(call) {
			try {
				await call;
			} catch (thrown) {
				return toClusterError(thrown);
			}

			throw new Error('it was not refused');
		},
		async cleanUp() {
			await restoreNodes(backend);
			for (const ref of names) {
				await removeIfThere(backend, ref);
			}

			for (const {name} of names) {
				await until(`${name} is gone`, async () => !(await service(name)));
			}

			for (const ref of others) {
				await removeIfThere(backend, ref);
			}

			ending.abort();
		},
	};
}

/** One that a test removed may go between the look and the call. */
async function removeIfThere(backend: Backend, ref: Ref): Promise<void> {
	await backend.remove(ref, {}).catch((thrown: unknown) => {
		if (toClusterError(thrown).code !== 'not-found') throw thrown;
	});
}

async function restoreNodes(backend: Backend): Promise<void> {
	for (const {name, spec} of (await backend.list({kind: 'node'})).items) {
		if (spec.availability !== 'active') {
			await backend.apply({kind: 'node', name}, {availability: 'active', drainDeadlineAt: null}, {});
		}
	}
}

function collect<K extends Kind>(backend: Backend, query: Query<K>, since: Revision, outer: AbortSignal): Collected<K> {
	const ending = new AbortController();
	const stop = () => ending.abort();
	outer.addEventListener('abort', stop);
	const changes: Array<Change<K>> = [];
	const collected = {changes, ended: undefined as Collected<K>['ended'], stop};
	void (async () => {
		try {
			for await (const change of backend.watch(query, since, ending.signal)) changes.push(change);
			collected.ended = 'done';
		} catch (thrown) {
			collected.ended = toClusterError(thrown);
		}
	})();
	return collected;
}

export function found<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`there is no ${what}`);
	return value;
}

/** Objects by id after changes; figures left out, since they belong to no revision. */
export function fold<K extends Kind>(
	objects: Iterable<Objects[K]>,
	changes: ReadonlyArray<Change<K>>,
): Record<string, unknown> {
	const folded = new Map([...objects].map(object => [object.id, object]));
	for (const change of changes) {
		if (change.type === 'put') folded.set(change.object.id, change.object);
		else if (change.type === 'remove') folded.delete(change.id);
	}

	const sorted = [...folded].sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(sorted.map(([id, object]) => [id, {...object, usage: undefined}]));
}
