import type {Instant, MachineCapacity, Node, Pool, PoolStatus} from '../../core/model/index.ts';
import {isLeaving, membersOf, newMember} from '../../core/pool/members.ts';
import {decidePool, type PoolDecision} from '../../core/pool/pool.ts';
import {emit, newMeta, type Turn} from '../turn.ts';
import {machineName, takeDown} from './node-controller.ts';
import {reservesOf, specOf} from './spec-versions.ts';

/**
 * Makes, drains and removes the nodes of pools. Writer of: pools' status, nodes' `pool`, and the availability of those that leave.
 * What it remembers is since when nodes are idle: after a start that begins anew.
 */
export class PoolController {
	readonly #machine: MachineCapacity;
	readonly #idleSince = new Map<string, ReadonlyMap<string, Instant>>();

	constructor(machine: MachineCapacity) {
		this.#machine = machine;
	}

	/** One after the other by name: what one decides on is there for the next. Answers when to look again. */
	control(turn: Turn): Instant | undefined {
		const pools = [...turn.tx.all('pool')].sort((a, b) => (a.name < b.name ? -1 : 1));
		const moments = pools.flatMap(pool => this.#controlOne(turn, pool) ?? []);
		return moments.length === 0 ? undefined : Math.min(...moments);
	}

	#controlOne(turn: Turn, pool: Pool): Instant | undefined {
		const {tx, now} = turn;
		const nodes = [...tx.all('node')];
		const decision = decidePool({
			pool,
			nodes,
			instances: [...tx.all('instance')],
			specOf: instance => specOf(tx, instance),
			reserveOf: reservesOf(tx),
			machine: {name: machineName, capacity: this.#machine},
			idleSince: this.#idleSince.get(pool.id) ?? new Map(),
			now,
		});
		this.#idleSince.set(pool.id, decision.idleSince);
		carryOut(turn, pool, decision, this.#machine);
		if (pool.removing && !nodes.some(({pool: member}) => member?.name === pool.name)) {
			tx.remove('pool', pool.id);
			this.#idleSince.delete(pool.id);
			emit(turn, pool, 'Removed', 'its nodes are gone');
			return undefined;
		}

		record(turn, pool, decision);
		return decision.recheckAt;
	}
}

function carryOut(
	turn: Turn,
	pool: Pool,
	{add, keep, drain, remove, reason}: PoolDecision,
	machine: MachineCapacity,
): void {
	const {tx, now} = turn;
	for (const name of add) {
		const meta = newMeta(turn, name);
		const node = tx.put('node', {...newMember(pool, name, {name: machineName, capacity: machine}, now), ...meta});
		emit(turn, node, 'Added', `by pool ${pool.name}: ${reason}`);
	}

	for (const node of nodesOf(turn, keep)) {
		const {drainDeadlineAt: _, ...spec} = node.spec;
		tx.put('node', {
			...node,
			spec: {...spec, availability: 'active'},
			availability: 'active',
			pool: {name: pool.name, leaving: false},
		});
		emit(turn, node, 'Availability', `from drained to active, by pool ${pool.name}: ${reason}`);
	}

	for (const node of nodesOf(turn, drain)) {
		const availability = node.instances > 0 ? 'draining' : 'drained';
		const spec = {...node.spec, availability: 'drained'} as const;
		tx.put('node', {...node, spec, availability, pool: {name: pool.name, leaving: true}});
		emit(turn, node, 'Availability', `from ${node.spec.availability} to drained, by pool ${pool.name}: ${reason}`);
	}

	for (const node of nodesOf(turn, remove)) {
		// Fenced as one that a user removes: its agent is gone for certain before its name is free again.
		takeDown(turn, {...node, removing: true}, `is removed by pool ${pool.name}`);
	}
}

function nodesOf({tx}: Turn, ids: readonly string[]): Node[] {
	return ids.flatMap(id => tx.get('node', id) ?? []);
}

function record({tx, now}: Turn, pool: Pool, {add, keep, drain, reason}: PoolDecision): void {
	const members = membersOf(pool, [...tx.all('node')]);
	const isChanged = add.length + keep.length + drain.length > 0;
	const {status: before} = pool;
	const status: PoolStatus = {
		nodes: members.length,
		ready: members.filter(node => node.status.state === 'ready' && !isLeaving(node)).length,
		reason,
		at: isChanged || before.reason !== reason ? now : before.at,
		...(isChanged ? {changed: {at: now, reason}} : before.changed && {changed: before.changed}),
	};
	if (JSON.stringify(status) !== JSON.stringify(before)) {
		tx.put('pool', {...pool, status});
	}
}
