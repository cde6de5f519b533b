import type {Availability, Node, NodeState, Resources} from '../../../core/model/index.ts';
import {addResources, noResources} from '../../../core/model/resources.ts';
import type {RawNode, RawTask} from '../api-types.ts';
import {drainLabel, drainOf} from '../nodes/drain-labels.ts';
import {toInstant} from './translate-service.ts';
import {isLiving, isNodeUp, isWanted, toNodeName} from './translate-task.ts';

const states: Readonly<Record<string, NodeState>> = {ready: 'ready', down: 'down'};

export const availabilities = {active: 'active', pause: 'cordoned', drain: 'drained'} as const;

/** `tasks`: those of this node. */
export function toNode(raw: RawNode, tasks: readonly RawTask[]): Omit<Node, 'revision'> {
	const holding = tasks.filter(task => isLiving(task) && (isWanted(task) || isNodeUp(raw)));
	const drain = drainOf(raw.Spec);
	const asked = drain === undefined ? (availabilities[raw.Spec.Availability] ?? 'active') : 'drained';
	return {
		kind: 'node',
		id: raw.ID,
		name: toNodeName(raw),
		createdAt: toInstant(raw.CreatedAt),
		updatedAt: toInstant(raw.UpdatedAt),
		spec: {
			availability: asked,
			labels: ownNodeLabels(raw),
			capacity: {},
			role: raw.Spec.Role,
			drainOrder: drain ?? 'stop-first',
		},
		status: {
			state: states[raw.Status.State] ?? 'unknown',
			at: toInstant(raw.UpdatedAt),
			...(raw.Status.Message && {message: raw.Status.Message}),
			fencing: false,
		},
		availability: drain === undefined ? observed(asked, holding.length) : 'draining',
		generation: 1,
		capacity: resources(raw.Description.Resources),
		role: raw.ManagerStatus === undefined ? 'worker' : 'manager',
		...(raw.ManagerStatus && {
			manager: {
				isLeader: raw.ManagerStatus.Leader ?? false,
				isReachable: raw.ManagerStatus.Reachability === 'reachable',
			},
		}),
		reserved: holding.reduce((sum, {Spec}) => addResources(sum, resources(Spec.Resources?.Reservations)), noResources),
		instances: holding.length,
		removing: false,
	};
}

export function ownNodeLabels({Spec}: RawNode): Record<string, string> {
	const {[drainLabel]: _, ...own} = Spec.Labels ?? {};
	return own;
}

function observed(asked: Node['spec']['availability'], instances: number): Availability {
	return asked === 'drained' && instances > 0 ? 'draining' : asked;
}

function resources(raw: {readonly NanoCPUs?: number; readonly MemoryBytes?: number} | undefined): Resources {
	return {cpus: (raw?.NanoCPUs ?? 0) / 1e9, memoryBytes: raw?.MemoryBytes ?? 0};
}
