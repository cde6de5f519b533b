import type {Instance, Instant, Node, Pool, ServiceSpec} from '../model/index.ts';
import {plural} from '../preview/places.ts';
import type {ReserveOf} from '../preview/world.ts';
import {clusterView} from '../schedule/cluster-view.ts';
import {type PendingInstance, pendingInstance} from '../schedule/demand.ts';
import {explain} from '../schedule/explain.ts';
import {schedule} from '../schedule/schedule.ts';
import {formatDuration} from '../text/units.ts';
import {asReady, freeNames, isLeaving, type Machine, membersOf, newMember, workOn} from './members.ts';

/** What a pool's decision looks at. */
export type PoolInput = {
	readonly pool: Pick<Pool, 'name' | 'spec' | 'removing'> & {readonly status: Pick<Pool['status'], 'changed'>};
	/** All of the cluster. */
	readonly nodes: readonly Node[];
	readonly instances: readonly Instance[];
	/** By which an instance was made. */
	specOf(instance: Instance): ServiceSpec;
	readonly reserveOf: ReserveOf;
	/** The machine that new nodes are parts of. */
	readonly machine: Machine;
	/** By node: since when it was idle at the last look. */
	readonly idleSince: ReadonlyMap<string, Instant>;
	readonly now: Instant;
};

export type PoolDecision = {
	/** Names of nodes to be made. */
	readonly add: readonly string[];
	/** Ids of nodes that were to leave, and stay. */
	readonly keep: readonly string[];
	/** Ids of nodes to be drained, to leave. */
	readonly drain: readonly string[];
	/** Ids of nodes that are drained and may go. */
	readonly remove: readonly string[];
	/** Why, in a sentence. */
	readonly reason: string;
	/** To be handed in the next time. */
	readonly idleSince: ReadonlyMap<string, Instant>;
	/** Something is decided by time: look again then. */
	readonly recheckAt?: Instant;
};

/** So many that wait are looked at: what helps the oldest helps them all in turn. */
const mostLookedAt = 500;

/**
 * Which nodes a pool gets and gives up: as many as `min` says at once; more, as few as it takes, when instances wait for room that
 * such nodes would have (the scheduler is asked); one fewer when one was idle for long and nothing has changed of late. A node
 * is drained before it goes, and one that is about to go stays when it is needed.
 */
export function decidePool(input: PoolInput): PoolDecision {
	const look = new Look(input);
	const change = look.removal() ?? look.bounds() ?? look.room() ?? look.idle();
	const recheckAt = look.recheckAt();
	return {
		...nothing,
		...change,
		remove: look.gone,
		idleSince: look.idleSince,
		...(recheckAt === undefined ? {} : {recheckAt}),
	};
}

type Change = Partial<Pick<PoolDecision, 'add' | 'keep' | 'drain'>> & {readonly reason: string};

const nothing = {add: [], keep: [], drain: []} as const;

class Look {
	readonly #input: PoolInput;
	readonly #leaving: readonly Node[];
	readonly #staying: readonly Node[];
	readonly #waiting: readonly Instance[];
	readonly idleSince: ReadonlyMap<string, Instant>;
	/** Ids of those that are empty, to be removed. */
	readonly gone: readonly string[];
	readonly #moments: Instant[] = [];
	readonly #modes = new Map<string, ServiceSpec['mode']>();

	constructor(input: PoolInput) {
		this.#input = input;
		const members = membersOf(input.pool, input.nodes);
		this.#staying = members.filter(node => !isLeaving(node));
		const leaving = members.filter(isLeaving);
		const isEmpty = (node: Node) => node.instances === 0 && node.availability === 'drained' && !node.status.fencing;
		this.gone = leaving.filter(isEmpty).map(({id}) => id);
		this.#leaving = leaving.filter(node => !isEmpty(node));
		this.#waiting = input.instances.filter(isRefused);
		this.idleSince = new Map(
			this.#staying.filter(node => this.#isIdle(node)).map(({id}) => [id, input.idleSince.get(id) ?? input.now]),
		);
	}

	recheckAt(): Instant | undefined {
		const later = this.#moments.filter(at => at > this.#input.now);
		return later.length === 0 ? undefined : Math.min(...later);
	}

	/** A pool that is to go gives all its nodes up. */
	removal(): Change | undefined {
		return this.#input.pool.removing
			? {reason: 'is being removed with its nodes', drain: this.#staying.map(({id}) => id)}
			: undefined;
	}

	bounds(): Change | undefined {
		const {min, max} = this.#input.pool.spec;
		const count = this.#staying.length;
		if (count < min) {
			return {...this.#more(min - count), reason: `${count} of at least ${plural(min, 'node')}`};
		}

		const surplus = [...this.#staying].sort(byLoad).slice(0, Math.max(0, count - max));
		return surplus.length > 0
			? {drain: surplus.map(({id}) => id), reason: `${count} of at most ${plural(max, 'node')}`}
			: undefined;
	}

	/**
	 * For what waits for room, as few nodes as give a place to as many as they can. What seems to wait from a moment that lies ahead has
	 * waited since before the clock was set back.
	 */
	room(): Change | undefined {
		const {pool, now} = this.#input;
		const {addAfterMs, max} = pool.spec;
		const due = this.#waiting.filter(({status}) => status.at + addAfterMs <= now || status.at > now);
		this.#moments.push(...this.#waiting.map(({status}) => status.at + addAfterMs));
		if (due.length === 0) {
			return undefined;
		}

		const pending = due.slice(0, mostLookedAt).map(instance => pendingInstance(instance, this.#input.specOf(instance)));
		const places = this.#candidates(max);
		const placed = (count: number) => this.#placed(pending, places.slice(0, count));
		const before = placed(0);
		if (before === pending.length) {
			return undefined;
		}

		const best = placed(places.length);
		if (best > before) {
			const {length: count} = leastThat(places, some => placed(some.length) === best);
			return {...this.#more(count), reason: `${waitText(due)}: ${plural(count, 'more node')}`};
		}

		return {reason: `${waitText(due)}: ${this.#whyNoHelp(pending)}`};
	}

	/** The one that was idle longest, when it is time. */
	idle(): Change {
		const {pool, now} = this.#input;
		const {min, idleMs, cooldownMs} = pool.spec;
		const [longest] = [...this.idleSince].sort(([, a], [, b]) => a - b);
		if (longest === undefined || this.#staying.length <= min) {
			return {reason: this.#rest()};
		}

		const [id, since] = longest;
		const node = this.#staying.find(one => one.id === id);
		const {changed} = pool.status;
		const coolUntil = changed !== undefined && changed.at <= now ? changed.at + cooldownMs : now;
		const goesAt = Math.max(since + idleMs, coolUntil);
		this.#moments.push(goesAt);
		const after = since + idleMs < goesAt ? 'the cooldown' : formatDuration(idleMs);
		return goesAt <= now
			? {drain: [id], reason: `${node?.name} was idle for ${formatDuration(idleMs)}`}
			: {reason: `${node?.name} is idle and goes after ${after}`};
	}

	#rest(): string {
		const {min} = this.#input.pool.spec;
		const [leaving] = this.#leaving;
		if (leaving !== undefined) {
			return `${leaving.name} is drained, to leave`;
		}

		return this.idleSince.size > 0
			? `${plural(this.#staying.length, 'node')}, no fewer than ${min} stay`
			: 'nothing waits for room, no node is idle';
	}

	/** Those that were to leave first: they are there already. */
	#more(count: number): Pick<PoolDecision, 'add' | 'keep'> {
		const {pool, nodes} = this.#input;
		const keep = this.#leaving.slice(0, count).map(({id}) => id);
		return {keep, add: freeNames(pool, nodes, count - keep.length)};
	}

	/** What there could be more, in the order in which it would be taken. */
	#candidates(max: number): Node[] {
		const {pool, nodes, machine, now} = this.#input;
		const free = Math.max(0, max - this.#staying.length);
		const kept = this.#leaving.slice(0, free);
		const made = Math.max(0, free - this.#leaving.length - this.gone.length);
		const names = freeNames(pool, nodes, made);
		return [...kept, ...names.map(name => newMember(pool, name, machine, now))].map(asReady);
	}

	/** How many of them find a place, on what is there or about to be there, and these nodes besides. */
	#placed(pending: readonly PendingInstance[], more: readonly Node[]): number {
		return schedule(pending, this.#view(more)).placements.length;
	}

	#view(more: readonly Node[]) {
		const {nodes, instances, reserveOf, now} = this.#input;
		const added = new Set(more.map(({id}) => id));
		const coming = nodes
			.filter(({id}) => !added.has(id))
			.map(node => (node.status.state === 'unknown' && !isLeaving(node) ? asComing(node) : node));
		return clusterView({now, nodes: [...coming, ...more], instances, reserveOf});
	}

	#whyNoHelp(pending: readonly PendingInstance[]): string {
		const {pool, machine, now, nodes} = this.#input;
		const {max} = pool.spec;
		const [first] = pending;
		const [name = pool.name] = freeNames(pool, nodes, 1);
		const one = asReady(newMember(pool, name, machine, now));
		const verdict = first && explain(first, this.#view([one])).find(({node}) => node.id === one.id);
		if (verdict?.refusal === undefined) {
			return `it has all ${plural(max, 'node')} that it may have`;
		}

		return `a node of it would not help: ${verdict.refusal.reason}`;
	}

	/** Holds nothing but what runs everywhere; or little that has another place. */
	#isIdle(node: Node): boolean {
		if (node.spec.availability !== 'active' || node.status.state !== 'ready') {
			return false;
		}

		const work = workOn(node, this.#input.instances, this.#isGlobal);
		return work.length === 0 || (this.#isLittle(node) && this.#fitsElsewhere(node, work));
	}

	readonly #isGlobal = (instance: Instance): boolean => {
		const {serviceId} = instance;
		const mode = this.#modes.get(serviceId) ?? this.#input.specOf(instance).mode;
		this.#modes.set(serviceId, mode);
		return mode === 'global';
	};

	#isLittle({reserved, capacity}: Node): boolean {
		const {idleShare} = this.#input.pool.spec;
		const share = Math.max(reserved.cpus / capacity.cpus, reserved.memoryBytes / capacity.memoryBytes);
		return idleShare > 0 && share <= idleShare;
	}

	#fitsElsewhere(node: Node, work: readonly Instance[]): boolean {
		const {nodes, instances, reserveOf, specOf, now} = this.#input;
		if (work.some(instance => instance.desired === 'running' && specOf(instance).mode !== 'replicated')) {
			return false;
		}

		const away: Node = {...node, spec: {...node.spec, availability: 'drained'}, availability: 'draining'};
		const others = nodes.map(other => (other.id === node.id ? away : other));
		const moving = work.filter(({desired}) => desired === 'running');
		const pending = moving.map(({nodeId: _, ...instance}) => pendingInstance(instance, specOf(instance)));
		return schedule(pending, clusterView({now, nodes: others, instances, reserveOf})).refusals.length === 0;
	}
}

/** Asked the scheduler for a place, and got none. */
function isRefused({status, desired, nodeId}: Instance): boolean {
	return status.state === 'pending' && desired === 'running' && status.reason !== undefined && nodeId === undefined;
}

/** Its agent is on its way. */
function asComing(node: Node): Node {
	return {...node, status: {...node.status, state: 'ready'}};
}

function byLoad(a: Node, b: Node): number {
	return a.instances - b.instances || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);
}

function waitText(waiting: readonly Instance[]): string {
	const [first] = waiting;
	return waiting.length === 1
		? `${first?.name} waits for room`
		: `${first?.name} and ${waiting.length - 1} more wait for room`;
}

/** The shortest beginning of a list for which something holds that holds for the whole, and for what is longer. */
function leastThat<T>(list: readonly T[], holds: (beginning: readonly T[]) => boolean): readonly T[] {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (holds(list.slice(0, middle))) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return list.slice(0, high);
}
