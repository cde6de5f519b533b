import type {InstanceState} from '../../../core/instance-state.ts';
import type {Endpoint, Health, Instance, InstanceStatus} from '../../../core/model/index.ts';
import {withoutDigest} from '../../../core/spec/image-name.ts';
import type {RawNode, RawService, RawTask} from '../api-types.ts';
import {templateVersion} from './template-version.ts';
import {toInstant} from './translate-service.ts';

const states: Readonly<Record<string, InstanceState>> = {
	new: 'pending',
	allocated: 'pending',
	pending: 'pending',
	assigned: 'assigned',
	accepted: 'assigned',
	preparing: 'preparing',
	ready: 'ready',
	starting: 'starting',
	running: 'running',
	complete: 'completed',
	shutdown: 'stopped',
	failed: 'failed',
	rejected: 'rejected',
	remove: 'stopped',
	orphaned: 'lost',
};

const livingStates = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting', 'running']);

/** Steered towards running or towards the end; a task of a job is steered towards its completion. */
export function isWanted({DesiredState}: RawTask): boolean {
	return DesiredState !== 'shutdown' && DesiredState !== 'remove' && DesiredState !== 'orphaned';
}

/** Holds room on its node. */
export function isLiving({Status}: RawTask): boolean {
	return livingStates.has(Status.State);
}

export function isNodeUp(node: RawNode | undefined): boolean {
	return node?.Status.State === 'ready';
}

export function toNodeName(node: RawNode): string {
	return node.Description.Hostname || node.ID;
}

export type TaskContext = {
	readonly service: RawService | undefined;
	/** As it was called before it was removed. */
	readonly serviceName: string | undefined;
	readonly node: RawNode | undefined;
	/** Tasks that ended before this one in its slot. */
	readonly restarts: number;
};

export function toInstance(
	raw: RawTask,
	{service, serviceName, node, restarts}: TaskContext,
): Omit<Instance, 'revision'> {
	const serviceId = raw.ServiceID ?? '';
	const name = service?.Spec.Name ?? serviceName ?? serviceId;
	const slot = raw.Slot ?? 0;
	const nodeName = node === undefined ? undefined : toNodeName(node);
	const wanted = isWanted(raw);
	return {
		kind: 'instance',
		id: raw.ID,
		name: `${name}.${slot > 0 ? slot : (nodeName ?? raw.NodeID ?? raw.ID)}`,
		createdAt: toInstant(raw.CreatedAt),
		updatedAt: toInstant(raw.UpdatedAt),
		serviceId,
		serviceName: name,
		slot,
		version: templateVersion(raw.Spec),
		...(raw.Spec.ContainerSpec?.Image !== undefined && {image: withoutDigest(raw.Spec.ContainerSpec.Image)}),
		...(raw.NodeID && {nodeId: raw.NodeID}),
		...(nodeName !== undefined && {nodeName}),
		desired: wanted ? 'running' : 'stopped',
		restarts,
		attempts: 0,
		quickFailures: 0,
		status: toStatus(raw, node),
	};
}

function toStatus(raw: RawTask, node: RawNode | undefined): InstanceStatus {
	const {Status} = raw;
	const at = toInstant(Status.Timestamp);
	const told = states[Status.State] ?? 'pending';
	// Nobody can say how it is with a task on a node that is not heard of; Swarm has given it up.
	const isLost = isLiving(raw) && !isWanted(raw) && node !== undefined && !isNodeUp(node);
	const state = isLost ? 'lost' : told;
	const {ExitCode, PID} = Status.ContainerStatus ?? {};
	const hasEnded = state === 'completed' || state === 'failed' || state === 'stopped';
	const reason = isLost ? `${toNodeName(node)} is down: it may still run there` : reasonOf(Status, told);
	return {
		state,
		at,
		...(reason !== undefined && {reason}),
		health: healthOf(raw, state),
		...(state === 'running' && {startedAt: at}),
		...(hasEnded && {finishedAt: at}),
		...(hasEnded && ExitCode !== undefined && Status.ContainerStatus?.ContainerID ? {exitCode: ExitCode} : {}),
		...(PID ? {pid: PID} : {}),
		endpoints: toEndpoints(raw, node),
	};
}

function reasonOf({Err, Message}: RawTask['Status'], state: InstanceState): string | undefined {
	if (Err) return Err.replace(/^task: /, '');
	return state === 'rejected' || state === 'failed' ? Message : undefined;
}

/** An image's own check is not told by the API: until it is passed the task is starting. */
function healthOf({Spec}: RawTask, state: InstanceState): Health {
	const [test] = Spec.ContainerSpec?.Healthcheck?.Test ?? [];
	if (test === undefined || test === 'NONE') return 'none';
	return state === 'running' ? 'healthy' : state === 'starting' ? 'starting' : 'none';
}

function toEndpoints({Status}: RawTask, node: RawNode | undefined): readonly Endpoint[] {
	const host = node?.Status.Addr ?? '';
	const endpoints = (Status.PortStatus?.Ports ?? [])
		.filter(({PublishMode, PublishedPort}) => PublishMode === 'host' && PublishedPort)
		.map(({TargetPort: target, PublishedPort: port = 0}) => ({target, host, port}));
	// The engine names one for each of the node's address families.
	return [...new Map(endpoints.map(endpoint => [`${endpoint.target} ${endpoint.port}`, endpoint])).values()];
}

/** What the slot of a task is called: its number, of a global service its node. */
export function slotOf({ServiceID, Slot, NodeID, JobIteration}: RawTask): string {
	return `${ServiceID} ${Slot || NodeID} ${JobIteration?.Index ?? ''}`;
}
