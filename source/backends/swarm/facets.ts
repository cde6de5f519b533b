import type {ExecOptions, Facets, Ref} from '../../core/backend.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {refuseOptions} from '../../core/spec/engine-options.ts';
import {stripControl} from '../../core/text/text.ts';
import type {RawTask} from './api-types.ts';
import type {Route} from './connection/route.ts';
import type {DockerClient} from './docker.ts';
import {managersHealth, withoutQuorum} from './nodes/health.ts';
import {membershipOf} from './nodes/membership.ts';
import type {Live} from './reading/live.ts';
import type {Source} from './reading/source.ts';
import {filesByEngine} from './tasks/files.ts';
import type {NodeAccess} from './tasks/node-access.ts';
import {tendFacet} from './tend/tend.ts';
import {versionsOf} from './translate/service-versions.ts';

/** A swarm that takes longer to say who belongs to it is not well. */
const healthMs = 8000;

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

	const exec = async (ref: Ref<'instance'>, options: ExecOptions) => {
		const {client, containerId} = await reach(ref);
		const {execIn} = await import('./tasks/session.ts');
		return execIn(client, containerId, options);
	};

	return {
		tend: tendFacet({source, route, live}),
		refuseSpec: (spec, before) => refuseOptions('swarm', spec, {before, api: route.connection.version}),
		async *logs(query, signal, _missed, opened = () => {}) {
			const {readLogs} = await import('./tasks/logs.ts');
			yield* readLogs(await route.docker(), source, query, signal, opened);
		},
		exec,
		files: filesByEngine(reach),
		async connect(ref, port) {
			const {tunnelCommand, tunnelOver} = await import('./connection/tunnel.ts');
			const session = await exec(ref, {command: tunnelCommand(port), tty: false, stdin: true});
			return tunnelOver(session, stripControl(ref.name), port);
		},
		async attach(ref, size) {
			const {client, containerId, task} = await reach(ref);
			const {attachTo} = await import('./tasks/session.ts');
			return attachTo(client, containerId, task.Spec.ContainerSpec?.TTY ?? false, size);
		},
		async kill(ref, signal) {
			const {client, containerId} = await reach(ref);
			await client.call(async dockerode => dockerode.getContainer(containerId).kill({signal}));
		},
		membership: membershipOf({source, route, access}),
		requestRate: () => route.requestRate,
		async health() {
			try {
				await source.read(['nodes'], {timeoutMs: healthMs});
			} catch (thrown) {
				const lost = withoutQuorum(toClusterError(thrown), await route.managers());
				if (lost === undefined) throw thrown;
				return lost;
			}

			const managers = source.raw.nodes.filter(({ManagerStatus}) => ManagerStatus !== undefined);
			return managersHealth(source.raw.nodes, await access.silent(managers));
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
