import {holdsRoom} from '../../../source/core/instance-state.ts';
import type {Instance} from '../../../source/core/model/index.ts';
import {reconcileService} from '../../../source/core/reconcile/index.ts';
import {schedule} from '../../../source/core/schedule/schedule.ts';
import type {ClusterText} from '../../helpers/cluster-text.ts';
import {pendingOf, viewOf} from '../../helpers/scheduling.ts';

/**
 * Lets the cluster live on as the orchestrator does, until nothing changes any more: each turn one service is controlled,
 * then all that waits is scheduled; before the next turn what was placed runs, and what was told to stop has ended.
 */
export function liveOn(world: ClusterText, serviceId: string): ClusterText {
	const nodes = new Map(world.nodes.map(node => [node.id, node]));
	const service = world.services.find(({id}) => id === serviceId)!;
	let {instances} = world;
	for (let turn = 0; ; turn++) {
		const before = instances;
		const own = instances.filter(instance => instance.serviceId === serviceId);
		const {steps} = reconcileService({service, instances: own, nodes, now: world.now});
		for (const [serial, step] of steps.entries()) {
			if (step.type === 'stop') {
				instances = change(instances, step.instanceId, instance => ({
					...instance,
					desired: 'stopped',
					status: instance.status.state === 'pending' ? {...instance.status, state: 'stopped'} : instance.status,
				}));
				continue;
			}

			const {type: _, ...given} = step;
			const pattern = world.instances[0] ?? fallback;
			instances = [
				...instances,
				{
					...pattern,
					nodeId: undefined,
					replaces: undefined,
					...given,
					id: `turn ${turn} step ${serial}`,
					serviceId,
					version: service.version,
					createdAt: world.now,
					desired: 'running',
					status: {state: 'pending', at: world.now, health: 'none', endpoints: []},
				} as Instance,
			];
		}

		const now = {...world, instances};
		for (const {instanceId, nodeId} of schedule(pendingOf(now), viewOf(now)).placements) {
			const status = {state: 'running', at: world.now, health: 'healthy', endpoints: []} as const;
			instances = change(instances, instanceId, instance => ({...instance, nodeId, status}));
		}

		instances = instances.map(instance =>
			instance.desired === 'stopped' && holdsRoom(instance.status.state)
				? {...instance, status: {...instance.status, state: 'stopped', finishedAt: world.now}}
				: instance,
		);
		if (instances.length === before.length && instances.every((instance, index) => instance === before[index])) {
			return {...world, instances};
		}
	}
}

const fallback = {kind: 'instance', revision: '1', updatedAt: 0, name: '', serviceName: ''};

function change(instances: Instance[], id: string, changed: (instance: Instance) => Instance): Instance[] {
	return instances.map(instance => (instance.id === id ? changed(instance) : instance));
}
