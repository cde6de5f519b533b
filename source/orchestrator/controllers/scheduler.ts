import type {Instance, Node} from '../../core/model/index.ts';
import {clusterView} from '../../core/schedule/cluster-view.ts';
import {pendingInstance} from '../../core/schedule/demand.ts';
import {schedule} from '../../core/schedule/schedule.ts';
import {emit, type Turn} from '../turn.ts';
import {reservesOf, specOf} from './spec-versions.ts';

/** Gives every pending instance a node, or says why it has none. Writer of: pending → assigned. */
export function placePending(turn: Turn): void {
	const {tx, now} = turn;
	const instances = tx.all('instance');
	const pending = pendingOf(instances);
	if (pending.length === 0) {
		return;
	}

	const view = clusterView({now, nodes: tx.all('node'), instances, reserveOf: reservesOf(tx)});
	const {placements, refusals} = schedule(
		pending.map(instance => pendingInstance(instance, specOf(tx, instance))),
		view,
	);
	const byId = new Map(pending.map(instance => [instance.id, instance]));
	for (const {instanceId, nodeId} of placements) {
		const instance = byId.get(instanceId);
		const node = tx.get('node', nodeId);
		if (instance !== undefined && node !== undefined) {
			place(turn, instance, node);
		}
	}

	for (const {instanceId, reason} of refusals) {
		const instance = byId.get(instanceId);
		if (instance !== undefined) {
			refuse(turn, instance, reason);
		}
	}
}

function pendingOf(instances: Iterable<Instance>): readonly Instance[] {
	const pending: Instance[] = [];
	for (const instance of instances) {
		if (instance.status.state === 'pending' && instance.desired === 'running') {
			pending.push(instance);
		}
	}

	return pending;
}

function place(turn: Turn, instance: Instance, node: Node): void {
	const {reason: _, ...status} = instance.status;
	turn.tx.put('instance', {
		...instance,
		nodeId: node.id,
		nodeName: node.name,
		nodeGeneration: node.generation,
		status: {...status, state: 'assigned', at: turn.now},
	});
}

function refuse(turn: Turn, instance: Instance, reason: string): void {
	if (instance.status.reason === reason) {
		return;
	}

	turn.tx.put('instance', {...instance, status: {...instance.status, reason}});
	// Just after a start nobody is there yet: that is no event.
	const nodesThere = [...turn.tx.all('node')].some(({status}) => status.state === 'ready');
	if (instance.status.reason === undefined && nodesThere) {
		emit(turn, instance, 'Pending', reason, 'warning');
	}
}
