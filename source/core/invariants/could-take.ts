import {holdsRoom} from '../instance-state.ts';
import type {Instance, Node, Resources, Service} from '../model/index.ts';
import {addResources, fits, noResources, subtractResources} from '../model/resources.ts';
import {meetsConstraints} from '../schedule/constraint.ts';
import type {ClusterState} from './cluster-state.ts';

/** Whether a pending instance has a place on the node; said again, in few words, what the scheduler's filters say in many. */
export function couldTake(node: Node, instance: Instance, service: Service, state: ClusterState): boolean {
	const {placement, template, mode} = service.spec;
	const isOpen =
		node.status.state === 'ready' && !node.status.fencing && !node.removing && node.spec.availability === 'active';
	if (!isOpen || (mode === 'global' && instance.nodeId !== node.id) || !meetsConstraints(node, placement.constraints)) {
		return false;
	}

	const living = state.instances.filter(({status}) => holdsRoom(status.state));
	const here = living.filter(({nodeId}) => nodeId === node.id);
	const ofService = here.filter(({serviceId, desired}) => serviceId === service.id && desired === 'running').length;
	const isCrowded = placement.maxReplicasPerNode > 0 && ofService >= placement.maxReplicasPerNode;
	const machine = node.machine?.capacity ?? node.capacity;
	return (
		!isCrowded &&
		fits(template.reserve, subtractResources(node.capacity, reserved(here, state))) &&
		fits(template.reserve, subtractResources(machine, reserved(living, state)))
	);
}

function reserved(instances: readonly Instance[], {reserveOf}: ClusterState): Resources {
	return instances.reduce((sum, instance) => addResources(sum, reserveOf(instance)), noResources);
}
