import type {Instance, Instant, Placement, Resources, ServiceSpec} from '../model/index.ts';
import {failureKey} from './cluster-view.ts';
import {type Constraint, type Preference, parseConstraint, parsePreference} from './constraint.ts';
import {type Amount, amountOf} from './room.ts';

/** An instance that waits for a node. */
export type PendingInstance = {
	readonly instanceId: string;
	readonly serviceId: string;
	readonly version: number;
	readonly slot: number;
	readonly createdAt: Instant;
	readonly placement: Placement;
	readonly reserve: Resources;
	/** Global: the only node that it may go to. */
	readonly nodeId?: string;
};

/** What a group of equal pending instances asks of a node. */
export type Demand = {
	readonly serviceId: string;
	readonly failureKey: string;
	readonly need: Amount;
	readonly constraints: readonly Constraint[];
	readonly preferences: readonly Preference[];
	/** 0: no limit. */
	readonly maxPerNode: number;
};

/** `spec` is that of the version which the instance is to run. */
export function pendingInstance(instance: Instance, {placement, template}: ServiceSpec): PendingInstance {
	const {id, serviceId, version, slot, createdAt, nodeId} = instance;
	const wanted = {instanceId: id, serviceId, version, slot, createdAt, placement, reserve: template.reserve};
	return nodeId === undefined ? wanted : {...wanted, nodeId};
}

/** Throws `usage` where a constraint or a preference is none. */
export function demandOf(pending: PendingInstance): Demand {
	const {serviceId, placement, reserve} = pending;
	return {
		serviceId,
		failureKey: failureKey(pending),
		need: amountOf(reserve),
		constraints: placement.constraints.map(parseConstraint),
		preferences: placement.preferences.map(parsePreference),
		maxPerNode: placement.maxReplicasPerNode,
	};
}
