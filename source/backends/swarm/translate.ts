import {currentOfSlot, slotKey} from '../../core/current-instances.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Instance, Node, Service} from '../../core/model/index.ts';
import type {RawNode, RawService, RawTask} from './api-types.ts';
import type {Names} from './translate/attachments.ts';
import {templateVersion} from './translate/template-version.ts';
import {toNode} from './translate/translate-node.ts';
import {type Tally, toInstant, toService} from './translate/translate-service.ts';
import {isLiving, isNodeUp, isWanted, slotOf, toInstance} from './translate/translate-task.ts';

/** What an object is before it is known which revision it has. */
export type Unversioned<T> = Omit<T, 'revision'>;

/** The engine's objects at one time. */
export type RawWorld = {
	readonly services: readonly RawService[];
	readonly tasks: readonly RawTask[];
	readonly nodes: readonly RawNode[];
};

export function toServices({services, tasks, nodes}: RawWorld, names: Names): ReadonlyArray<Unversioned<Service>> {
	const byService = Map.groupBy(tasks, ({ServiceID}) => ServiceID ?? '');
	const up = new Set(nodes.filter(isNodeUp).map(({ID}) => ID));
	const known = new Set(nodes.map(({ID}) => ID));
	return services.map(service => {
		const all = byService.get(service.ID) ?? [];
		// What a job on each node has done on one that has left is not asked for any more.
		const isPerNode = service.Spec.Mode?.GlobalJob !== undefined;
		const own = isPerNode ? all.filter(({NodeID = ''}) => known.has(NodeID)) : all;
		return toService(service, tally(service, own, up), names);
	});
}

/** Without the tasks: as the engine counts them itself. */
export function toServicesAsCounted(
	services: readonly RawService[],
	troubled: readonly RawTask[],
	names: Names,
): ReadonlyArray<Unversioned<Service>> {
	const byService = Map.groupBy(troubled, ({ServiceID}) => ServiceID ?? '');
	return services.map(service => {
		const {RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0} = service.ServiceStatus ?? {};
		const tasks = byService.get(service.ID) ?? [];
		const message = RunningTasks < DesiredTasks ? whyMissing(tasks) : undefined;
		const counted = {
			running: RunningTasks,
			// Of what has completed on its node, nothing is asked there any more.
			desired: service.Spec.Mode?.GlobalJob === undefined ? DesiredTasks : DesiredTasks + CompletedTasks,
			completed: CompletedTasks,
			...updatedOf(service, tasks),
			...(message !== undefined && {message}),
		};
		return toService(service, counted, names);
	});
}

function tally(service: RawService, tasks: readonly RawTask[], up: ReadonlySet<string>): Tally {
	const iteration = service.JobStatus?.JobIteration?.Index;
	const own = iteration === undefined ? tasks : tasks.filter(({JobIteration}) => JobIteration?.Index === iteration);
	const wanted = own.filter(isWanted);
	const running = wanted.filter(({Status, NodeID = ''}) => Status.State === 'running' && up.has(NodeID));
	const mode = service.Spec.Mode ?? {};
	const completed = new Set(own.filter(({Status}) => Status.State === 'complete').map(slotOf)).size;
	const desired = mode.Replicated?.Replicas ?? mode.ReplicatedJob?.TotalCompletions ?? wanted.length;
	const message = running.length + (iteration === undefined ? 0 : completed) < desired ? whyMissing(own) : undefined;
	return {
		running: running.length,
		desired,
		completed,
		...updatedOf(service, own),
		...(message !== undefined && {message}),
	};
}

/** Only of one that is updated, for it looks at all of every task. */
function updatedOf(service: RawService, tasks: readonly RawTask[]): Pick<Tally, 'updated' | 'failed'> {
	const {State = ''} = service.UpdateStatus ?? {};
	if (State === '' || /completed$/.test(State)) return {updated: 0, failed: 0};
	const version = templateVersion(service.Spec.TaskTemplate);
	const own = tasks.filter(({Spec}) => templateVersion(Spec) === version);
	const failed = own.filter(({Status}) => Status.State === 'failed' || Status.State === 'rejected');
	return {
		updated: own.filter(task => isWanted(task) && task.Status.State === 'running').length,
		failed: new Set(failed.map(slotOf)).size,
	};
}

/** Why one is pending, else why the last one ended. */
function whyMissing(tasks: readonly RawTask[]): string | undefined {
	const said = tasks.filter(({Status}) => Status.Err);
	const pending = said.find(task => isWanted(task) && !isLiving(task) && task.Status.State === 'pending');
	const newest = said
		.filter(({Status}) => Status.State === 'failed' || Status.State === 'rejected')
		.reduce<RawTask | undefined>(
			(last, one) => (last && last.Status.Timestamp > one.Status.Timestamp ? last : one),
			undefined,
		);
	return (pending ?? newest)?.Status.Err?.replace(/^task: /, '');
}

export function toNodes({nodes, tasks}: Pick<RawWorld, 'nodes' | 'tasks'>): ReadonlyArray<Unversioned<Node>> {
	const byNode = Map.groupBy(tasks, ({NodeID}) => NodeID ?? '');
	return nodes.map(node => toNode(node, byNode.get(node.ID) ?? []));
}

export type InstanceCache = Map<string, {readonly key: string; readonly instance: Unversioned<Instance>}>;

/** `names`: of services, also of removed ones; `cache`: what was translated before and is the same still is the same. */
export function toInstances(
	{services, tasks, nodes}: RawWorld,
	names: ReadonlyMap<string, string>,
	cache: InstanceCache = new Map(),
): ReadonlyArray<Unversioned<Instance>> {
	const serviceOf = new Map(services.map(service => [service.ID, service]));
	const nodeOf = new Map(nodes.map(node => [node.ID, node]));
	const inOrder = tasks
		.filter(({ServiceID}) => ServiceID)
		.toSorted((a, b) => toInstant(a.CreatedAt) - toInstant(b.CreatedAt));
	const ended = new Map<string, number>();
	const instances = inOrder.map(task => {
		const service = serviceOf.get(task.ServiceID ?? '');
		const node = nodeOf.get(task.NodeID ?? '');
		const slot = slotOf(task);
		const restarts = ended.get(slot) ?? 0;
		if (task.Status.State === 'failed' || task.Status.State === 'complete' || task.Status.State === 'rejected') {
			ended.set(slot, restarts + 1);
		}

		const serviceName = names.get(task.ServiceID ?? '');
		const key = [task.Version.Index, restarts, service?.Spec.Name ?? serviceName, node?.Status.State].join();
		const known = cache.get(task.ID);
		if (known?.key === key) return known.instance;
		const instance = toInstance(task, {service, serviceName, node, restarts});
		cache.set(task.ID, {key, instance});
		return instance;
	});
	if (cache.size > 2 * instances.length + 100) {
		const ids = new Set(tasks.map(({ID}) => ID));
		for (const id of cache.keys()) if (!ids.has(id)) cache.delete(id);
	}

	return instances;
}

/** What `ps` shows without history: what lives, and of a slot in which nothing does what ended last by itself. */
export function currentOf(instances: readonly Instance[], services: readonly RawService[]): readonly Instance[] {
	const present = new Map(services.map(service => [service.ID, service]));
	const bySlot = Map.groupBy(instances, instance => `${instance.serviceId} ${slotKey(instance)}`);
	const current = [...bySlot.values()].flatMap(slot =>
		currentOfSlot(slot, ({serviceId, status}) => present.has(serviceId) && status.state !== 'stopped'),
	);
	const byService = Map.groupBy(current, ({serviceId}) => serviceId);
	return [...byService].flatMap(([id, own]) => {
		const replicas = present.get(id)?.Spec.Mode?.Replicated?.Replicas;
		return replicas === undefined ? own : withoutLeftSlots(own, replicas);
	});
}

/** Swarm fills slots of any number: one that ended and has no place any more lacks nowhere, for others are there. */
function withoutLeftSlots(instances: readonly Instance[], replicas: number): readonly Instance[] {
	const ended = instances.filter(({status}) => isFinal(status.state));
	const missing = Math.max(0, replicas - (instances.length - ended.length));
	if (ended.length <= missing) return instances;
	const left = new Set(ended.toSorted((a, b) => b.status.at - a.status.at).slice(missing));
	return instances.filter(instance => !left.has(instance));
}
