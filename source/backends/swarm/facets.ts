import type {Facets, Ref} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text.ts';
import type {RawTask} from './api-types.ts';
import type {DockerClient} from './docker.ts';
import {managersHealth} from './health.ts';
import type {Live} from './live.ts';
import {membershipOf} from './membership.ts';
import type {NodeAccess} from './node-access.ts';
import type {Route} from './route.ts';
import {versionsOf} from './service-versions.ts';
import type {Source} from './source.ts';
import {tendFacet} from './tend.ts';

export type FacetParts = {
	readonly source: Source;
	readonly route: Route;
	readonly access: NodeAccess;
	live(): Live;
};

export function swarmFacets({source, route, access, live}: FacetParts): Partial<Facets> {
	/** The container of a task, and the engine that has it. */
	async function reach(ref: Ref<'instance'>): Promise<{client: DockerClient; containerId: string; task: RawTask}> {
		await source.list('instance');
		const task = findTask(source, ref);
		const containerId = task.Status.ContainerStatus?.ContainerID;
		const node = source.raw.nodes.find(({ID}) => ID === task.NodeID);
		if (containerId === undefined || containerId === '' || node === undefined || task.Status.State !== 'running') {
			throw new ClusterError('conflict', `${stripControl(ref.name)} does not run: it is ${task.Status.State}.`);
		}

		return {client: await access.clientOf(node), containerId, task};
	}

	return {
		tend: tendFacet({source, route, live}),
		async *logs(query, signal) {
			const {readLogs} = await import('./logs.ts');
			yield* readLogs(await route.docker(), source, query, signal);
		},
		async exec(ref, options) {
			const {client, containerId} = await reach(ref);
			const {execIn} = await import('./session.ts');
			return execIn(client, containerId, options);
		},
		async attach(ref, size) {
			const {client, containerId, task} = await reach(ref);
			const {attachTo} = await import('./session.ts');
			return attachTo(client, containerId, task.Spec.ContainerSpec?.TTY ?? false, size);
		},
		async kill(ref, signal) {
			const {client, containerId} = await reach(ref);
			await client.call(async dockerode => dockerode.getContainer(containerId).kill({signal}));
		},
		membership: membershipOf({source, route, access}),
		requestRate: () => route.requestRate,
		async health() {
			await source.read(['nodes']);
			return managersHealth(source.raw.nodes);
		},
		async history({id, name}) {
			await source.read(['services', 'tasks', 'networks', 'configs', 'secrets']);
			const service = source.raw.services.find(({ID, Spec}) => (id === undefined ? Spec.Name === name : ID === id));
			if (service === undefined) {
				throw new ClusterError('not-found', `There is no service ${JSON.stringify(stripControl(name))}.`);
			}

			return versionsOf(service, source);
		},
	};
}

function findTask(source: Source, {id, name}: Ref<'instance'>): RawTask {
	const found =
		id === undefined ? source.store.read<'instance'>('current').find(instance => instance.name === name)?.id : id;
	const task = source.raw.tasks.find(({ID}) => ID === found);
	if (task === undefined) {
		throw new ClusterError('not-found', `There is no instance ${JSON.stringify(stripControl(name))}.`);
	}

	return task;
}
