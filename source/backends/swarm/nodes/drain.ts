import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {RawNode, RawService, RawServiceSpec, RawTask} from '../api-types.ts';
import type {Route} from '../connection/route.ts';
import type {Source} from '../reading/source.ts';
import {isLiving, isWanted} from '../translate/translate-task.ts';
import {drainLabel, drainOf, type ServiceDrain, serviceDrainOf} from './drain-labels.ts';

// Swarm's own drain stops what is on a node before there is anything in its place. One that brings the new up first: the node
// gets nothing new, each service with something on it is told to run elsewhere, start first (only those tasks are replaced), and
// when nothing is left the node is drained and the services are as they were. How far it is stands in labels, so that whoever
// watches moves it on, and it can be taken back at any time.

type Parts = {readonly source: Source; readonly route: Route};

function isReplicated({Spec}: RawService): boolean {
	return Spec.Mode?.Replicated !== undefined;
}

function held({raw}: Source, nodeId: string): readonly RawTask[] {
	const replicated = new Set(raw.services.filter(isReplicated).map(({ID}) => ID));
	return raw.tasks.filter(
		task =>
			task.NodeID === nodeId &&
			replicated.has(task.ServiceID ?? '') &&
			isLiving(task) &&
			// One that is told to stop is let to end, so that it may finish what it does.
			(isWanted(task) || task.Status.State === 'running'),
	);
}

/** Marks the node, and moves the services. */
export async function beginDrain({source, route}: Parts, node: RawNode, labels: Record<string, string>): Promise<void> {
	await route.calls.updateNode(node.ID, node.Version.Index, {
		...node.Spec,
		Availability: 'pause',
		Labels: {...labels, [drainLabel]: 'start-first'},
	});
	await source.read(['services', 'tasks', 'nodes']);
	const busy = new Set(held(source, node.ID).map(({ServiceID}) => ServiceID));
	for (const service of source.raw.services) {
		if (busy.has(service.ID)) await change({source, route}, service.ID, spec => leave(spec, node.ID));
	}
}

/** As far as it can go now; whoever else does the same at the same time is no harm. */
export async function advanceDrains(parts: Parts): Promise<boolean> {
	const {source} = parts;
	let hasMoved = false;
	for (const node of source.raw.nodes.filter(({Spec}) => drainOf(Spec) !== undefined)) {
		try {
			hasMoved = (await advance(parts, node)) || hasMoved;
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict') throw thrown;
		}
	}

	if (hasMoved) await source.refresh(['nodes', 'services', 'tasks']);
	return hasMoved;
}

async function advance(parts: Parts, node: RawNode): Promise<boolean> {
	const {source, route} = parts;
	if (node.Spec.Availability === 'pause') {
		const left = held(source, node.ID);
		if (left.length === 0) {
			await route.calls.updateNode(node.ID, node.Version.Index, {...node.Spec, Availability: 'drain'});
			return true;
		}

		// A service that came to it since.
		const moving = new Set(source.raw.services.filter(({Spec}) => isLeaving(Spec, node.ID)).map(({ID}) => ID));
		const rest = [...new Set(left.map(({ServiceID = ''}) => ServiceID))].filter(id => !moving.has(id));
		for (const id of rest) await change(parts, id, spec => leave(spec, node.ID));
		return rest.length > 0;
	}

	await release(parts, node.ID);
	const {[drainLabel]: _, ...labels} = node.Spec.Labels ?? {};
	await route.calls.updateNode(node.ID, node.Version.Index, {...node.Spec, Labels: labels});
	return true;
}

/** The services may use the node again, and are updated as before. */
export async function release(parts: Parts, nodeId: string): Promise<void> {
	for (const {ID, Spec} of parts.source.raw.services) {
		if (isLeaving(Spec, nodeId)) await change(parts, ID, spec => stay(spec, nodeId));
	}
}

function isLeaving(spec: RawServiceSpec, nodeId: string): boolean {
	return serviceDrainOf(spec)?.nodes.includes(nodeId) ?? false;
}

function constraintOf(nodeId: string): string {
	return `node.id!=${nodeId}`;
}

export function leave(spec: RawServiceSpec, nodeId: string): RawServiceSpec {
	const {nodes, order} = serviceDrainOf(spec) ?? {nodes: [], order: spec.UpdateConfig?.Order ?? ''};
	const drain: ServiceDrain = {nodes: [...new Set([...nodes, nodeId])], order};
	const {Placement = {}} = spec.TaskTemplate;
	const others = (Placement.Constraints ?? []).filter(text => text !== constraintOf(nodeId));
	return {
		...spec,
		Labels: {...spec.Labels, [drainLabel]: JSON.stringify(drain)},
		UpdateConfig: {Parallelism: 1, ...spec.UpdateConfig, Order: 'start-first'},
		TaskTemplate: {...spec.TaskTemplate, Placement: {...Placement, Constraints: [...others, constraintOf(nodeId)]}},
	};
}

export function stay(spec: RawServiceSpec, nodeId: string): RawServiceSpec {
	const drain = serviceDrainOf(spec);
	if (drain === undefined) return spec;
	const nodes = drain.nodes.filter(id => id !== nodeId);
	const {[drainLabel]: _, ...labels} = spec.Labels ?? {};
	const {Placement = {}} = spec.TaskTemplate;
	const {Order: __, ...config} = spec.UpdateConfig ?? {};
	const isLast = nodes.length === 0;
	return {
		...spec,
		Labels: isLast ? labels : {...labels, [drainLabel]: JSON.stringify({...drain, nodes})},
		UpdateConfig: isLast ? {...config, ...(drain.order !== '' && {Order: drain.order})} : (spec.UpdateConfig ?? {}),
		TaskTemplate: {
			...spec.TaskTemplate,
			Placement: {
				...Placement,
				Constraints: (Placement.Constraints ?? []).filter(text => text !== constraintOf(nodeId)),
			},
		},
	};
}

const attempts = 5;

async function change(
	{source, route}: Parts,
	serviceId: string,
	edit: (spec: RawServiceSpec) => RawServiceSpec,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const raw = source.raw.services.find(({ID}) => ID === serviceId);
		if (raw === undefined) return;
		try {
			await route.calls.updateService(raw.ID, raw.Version.Index, edit(raw.Spec));
			return;
		} catch (error) {
			if (attempt === attempts || !(error instanceof ClusterError) || error.code !== 'conflict') throw error;
			await source.read(['services']);
		}
	}
}
