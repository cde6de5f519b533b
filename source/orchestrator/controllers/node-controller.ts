import {holdsRoom, isFinal} from '../../core/instance-state.ts';
import {takeBackAt} from '../../core/lease.ts';
import type {Availability, Instance, Node} from '../../core/model/index.ts';
import {addResources, type MachineCapacity, noResources} from '../../core/model/resources.ts';
import {emit, type Turn, type Write} from '../turn.ts';
import {reservesOf} from './spec-versions.ts';

/** All nodes of this orchestrator share one machine. */
export const machineName = 'this machine';

/** Brings one node a step on: counts, observed availability, and back from down when its time has come. */
export function controlNode(turn: Turn, nodeId: string, machine: MachineCapacity): void {
	const {tx, now} = turn;
	const node = tx.get('node', nodeId);
	if (node === undefined) {
		return;
	}

	const live = [...tx.instancesOnNode(nodeId)].filter(({status}) => holdsRoom(status.state));
	const reserve = reservesOf(tx);
	const reserved = live.reduce((sum, instance) => addResources(sum, reserve(instance)), noResources);
	const next: Node = {
		...node,
		...takenBack(turn, node),
		availability: availabilityOf(node, live.length),
		capacity: {
			cpus: Math.min(node.spec.capacity.cpus ?? machine.cpus, machine.cpus),
			memoryBytes: Math.min(node.spec.capacity.memoryBytes ?? machine.memoryBytes, machine.memoryBytes),
		},
		machine: {name: machineName, capacity: machine},
		reserved: {cpus: Math.round(reserved.cpus * 1000) / 1000, memoryBytes: reserved.memoryBytes},
		instances: live.length,
	};
	if (JSON.stringify(next) !== JSON.stringify(node)) {
		tx.put('node', next);
		if (next.availability === 'drained' && node.availability === 'draining') {
			emit(turn, node, 'Drained', 'holds no instance any more');
		}
	}

	const backAt = takeBackAt(next.status, now);
	if (backAt !== undefined && backAt > now) {
		turn.recheckNode(nodeId, backAt);
	}
}

function availabilityOf({spec}: Node, live: number): Availability {
	return spec.availability === 'drained' && live > 0 ? 'draining' : spec.availability;
}

/** A fenced node whose time is over starts anew, empty, under the next generation. */
function takenBack(turn: Turn, node: Node): Pick<Node, 'status' | 'generation'> {
	const backAt = takeBackAt(node.status, turn.now);
	if (backAt === undefined || backAt > turn.now || node.removing) {
		return {status: node.status, generation: node.generation};
	}

	emit(turn, node, 'Restarting', `its agent is started anew as generation ${node.generation + 1}`);
	return {
		status: {state: 'unknown', at: turn.now, fencing: false, message: 'waits for its agent'},
		generation: node.generation + 1,
	};
}

/** From now on the node is down and must be fenced; nothing of it counts as ended before that has been done. */
export function takeDown(turn: Write, node: Node, message: string, failedUntil?: number): void {
	const status = {state: 'down' as const, at: turn.now, message, fencing: true};
	turn.tx.put('node', {...node, status: failedUntil === undefined ? status : {...status, failedUntil}});
	emit(turn, node, 'Down', message, 'warning');
}

/** Its processes are gone for certain: what they ran is lost, and may be replaced. */
export function finishFence(turn: Turn, node: Node): void {
	const {tx, now} = turn;
	for (const instance of [...tx.instancesOnNode(node.id)]) {
		if (!isFinal(instance.status.state) && instance.status.state !== 'pending') {
			tx.put('instance', lost(instance, node, now));
		}
	}

	if (node.removing) {
		tx.remove('node', node.id);
		emit(turn, node, 'Removed', 'its agent has ended');
		return;
	}

	tx.put('node', {...node, status: {...node.status, fencing: false, at: now}});
	emit(turn, node, 'Fenced', 'its agent and instances are gone for certain');
}

function lost(instance: Instance, node: Node, now: number): Instance {
	const reason = `node ${node.name} went down: ${node.status.message ?? 'silent'}`;
	return {...instance, status: {...instance.status, state: 'lost', at: now, finishedAt: now, reason, health: 'none'}};
}
