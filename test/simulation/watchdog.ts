import {isFinal} from '../../source/core/instance-state.ts';
import {brokenDrain} from '../../source/core/invariants/drain.ts';
import {brokenFloor} from '../../source/core/invariants/floor.ts';
import {brokenMoves, unreportedMove} from '../../source/core/invariants/moves.ts';
import {overfull} from '../../source/core/invariants/room.ts';
import {leaseMs} from '../../source/core/lease.ts';
import type {Instance, Resources} from '../../source/core/model/index.ts';
import {noResources} from '../../source/core/model/resources.ts';
import type {InstanceReport} from '../../source/orchestrator/fleet.ts';
import type {SimulatedMachine} from '../../source/orchestrator/simulated/machine.ts';
import type {Store, StoreChange, Stored, StoredKind} from '../../source/orchestrator/store/store.ts';

type Parts = {
	readonly machine: () => SimulatedMachine;
	readonly monotonicMs: () => number;
	readonly report: (problem: string) => void;
	readonly note: (text: () => string) => void;
};

const kinds = [
	...(['service', 'instance', 'node', 'image', 'network', 'volume', 'config', 'secret', 'pool', 'event'] as const),
	...(['spec-version', 'file-version'] as const),
];

/** Watches the store as a client would, and judges each change as it comes. It outlives the daemons. */
export class Watchdog {
	readonly #parts: Parts;
	#objects = new Map<string, Stored[StoredKind]>();
	/** The highest that a change had. */
	#revision = 0;
	/** What the present daemon's store began with. */
	#since = 0;
	#seen: StoreChange[] = [];
	/** When the instance was told to stop, on the monotonic clock. */
	readonly #stoppedAtMs = new Map<string, number>();
	/** Instance and state. */
	readonly #reported = new Set<string>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** A new daemon's store, before it does anything. */
	attach(store: Store): void {
		if (store.revision < this.#revision) {
			this.#parts.report(`revision ${this.#revision} was seen and the store begins again at ${store.revision}`);
		}

		const all = kinds.flatMap(kind => [...store.all(kind)]);
		this.#objects = new Map(all.map(object => [`${object.kind} ${object.id}`, object]));
		this.#since = store.revision;
		this.#seen = [];
		store.subscribe(changes => this.#take(changes));
	}

	/** An agent says this. */
	reported({instanceId, status}: InstanceReport): void {
		this.#reported.add(`${instanceId} ${status.state}`);
	}

	get<K extends StoredKind>(kind: K, id: string): Stored[K] | undefined {
		return this.#objects.get(`${kind} ${id}`) as Stored[K] | undefined;
	}

	all<K extends StoredKind>(kind: K): Array<Stored[K]> {
		return [...this.#objects.values()].filter(object => object.kind === kind) as Array<Stored[K]>;
	}

	reserveOf({serviceId, version}: Instance): Resources {
		return this.get('spec-version', `${serviceId}.${version}`)?.spec.template.reserve ?? noResources;
	}

	/** How long ago an instance was told to stop; undefined: it was not, or by an earlier daemon. */
	stoppedForMs(instanceId: string): number | undefined {
		const at = this.#stoppedAtMs.get(instanceId);
		return at === undefined ? undefined : this.#parts.monotonicMs() - at;
	}

	/** What was told change by change is what the store holds, and what it tells somebody who comes back. */
	compare(store: Store): void {
		const held = kinds.flatMap(kind => [...store.all(kind)]);
		const wrong = held.filter(({kind, id}) => store.get(kind, id) !== this.get(kind, id));
		if (wrong.length > 0 || held.length !== this.#objects.size) {
			this.#parts.report(
				`a watcher of the store misses changes, of ${wrong.map(({kind, id}) => `${kind} ${id}`).join(', ')}`,
			);
		}

		const told = store.changesSince(this.#since);
		if (
			told !== undefined &&
			(told.length !== this.#seen.length || told.some((change, at) => change !== this.#seen[at]))
		) {
			this.#parts.report('the store tells another history than it told its watcher');
		}
	}

	#take(changes: readonly StoreChange[]): void {
		const [{revision} = {revision: 0}] = changes;
		if (revision <= Math.max(this.#revision, this.#since) || changes.some(change => change.revision !== revision)) {
			this.#parts.report(`revision ${revision} follows ${this.#revision}`);
		}

		this.#revision = revision;
		this.#seen.push(...changes);
		const before = changes.map(({kind, object}) => this.get(kind, object.id));
		for (const {type, kind, object} of changes) {
			if (type === 'put') {
				this.#objects.set(`${kind} ${object.id}`, object);
			} else {
				this.#objects.delete(`${kind} ${object.id}`);
			}
		}

		for (const [index, change] of changes.entries()) {
			if (change.kind === 'instance' && change.type === 'put') {
				this.#judge(before[index] as Instance | undefined, change.object);
			} else {
				this.#noteOther(change);
				this.#judgeNode(before[index], change);
			}
		}
	}

	#judge(before: Instance | undefined, after: Instance): void {
		const {report, note, machine} = this.#parts;
		const {state, health, reason} = after.status;
		note(() => `  ${after.name} (${after.id}) ${state} ${health} ${after.desired}${reason ? `: ${reason}` : ''}`);
		const wasReported = (said: string) => this.#reported.has(`${after.id} ${said}`);
		for (const problem of [...brokenMoves(before, after), ...unreportedMove(before, after, wasReported)]) {
			report(problem);
		}

		if (before?.desired === 'running' && after.desired === 'stopped') {
			this.#stoppedAtMs.set(after.id, this.#parts.monotonicMs());
			const service = this.get('service', after.serviceId);
			const node = this.get('node', after.nodeId ?? '');
			const others = this.all('instance').filter(({serviceId}) => serviceId === after.serviceId);
			const problems = [
				...brokenDrain(before, after, service, node, others),
				...brokenFloor(before, after, service, others, id => this.get('node', id)),
			];
			for (const problem of problems) {
				report(problem);
			}
		}

		if (state !== before?.status.state) {
			if (
				isFinal(state) &&
				machine()
					.processes()
					.some(({assignment}) => assignment.instanceId === after.id)
			) {
				report(`${after.name} (${after.id}) is said to be ${state} while its process lives`);
			}

			if (state === 'assigned') {
				const full = overfull(this.all('node'), this.all('instance'), instance => this.reserveOf(instance));
				for (const problem of full) {
					report(problem);
				}
			}
		}
	}

	/** No lease runs out while the agent renews it: who judges late gives everyone another one. */
	#judgeNode(before: StoreChange['object'] | undefined, {kind, object}: StoreChange): void {
		if (kind === 'node' && before === undefined && object.pool !== undefined) {
			this.#judgeMember(object.pool.name);
		}

		if (
			kind === 'node' &&
			before?.kind === 'node' &&
			before.status.state !== 'down' &&
			object.status.state === 'down'
		) {
			const soundForMs = this.#parts.machine().node(object.id)?.agent?.soundForMs ?? 0;
			if (object.status.message?.startsWith('not heard of') && soundForMs > leaseMs) {
				this.#parts.report(`node ${object.name} is taken down although its agent was there for ${soundForMs} ms`);
			}
		}
	}

	/** A pool never makes a node beyond its limit, those that are on their way out included. */
	#judgeMember(name: string): void {
		const pool = this.all('pool').find(one => one.name === name);
		const members = this.all('node').filter(node => node.pool?.name === name && !node.removing).length;
		if (pool === undefined || members > pool.spec.max) {
			this.#parts.report(`pool ${name} makes a node and has ${members} then, of at most ${pool?.spec.max}`);
		}
	}

	#noteOther({type, kind, object}: StoreChange): void {
		if (kind === 'node' || kind === 'service') {
			this.#parts.note(() => {
				const status =
					kind === 'node' ? `${object.status.state} ${object.availability}` : JSON.stringify(object.status);
				return `  ${kind} ${object.name} ${type === 'put' ? status : 'is gone'}`;
			});
		}
	}
}
