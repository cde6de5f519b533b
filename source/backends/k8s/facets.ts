import {filesByTar} from '../../core/archive/files-by-tar.ts';
import type {ExecOptions, Facets, Ref, Session} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError} from '../../core/error.ts';
import type {Instance} from '../../core/model/index.ts';
import {refuseOptions} from '../../core/spec/engine-options.ts';
import {stripControl} from '../../core/text/text.ts';
import type {KubeClient} from './client.ts';
import {podDetails, readNodeDetails} from './details.ts';
import {readHealth} from './health.ts';
import {readHistory} from './history.ts';
import {anyResource} from './kinds/any-resource.ts';
import {heldOn} from './nodes/budgets.ts';
import {createPermissions} from './permissions.ts';
import {openDebug} from './pods/debug.ts';
import {readLogs} from './pods/logs.ts';
import {removePod} from './pods/pods.ts';
import {openTunnel} from './pods/port-forward.ts';
import {containerExit, withKnownEnd} from './pods/session-end.ts';
import {openAttach, openExec, type PodPlace, podPath} from './pods/sessions.ts';
import {listFeed, type Reading, watchFeed} from './reading/read.ts';
import type {WireList, WireObject, WirePod} from './wire/wire.ts';
import {refuseNew} from './write/refusals.ts';
import {triggerJob} from './write/trigger.ts';
import {applyTaints} from './write/write-node.ts';
import type {Writing} from './write/writing.ts';

export type FacetParts = {
	readonly client: KubeClient;
	readonly reading: Reading;
	readonly writing: Writing;
	readonly clock: Clock;
};

const workloadParts = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs', 'replicasets', 'jobs'] as const;
const defaultContainer = 'kubectl.kubernetes.io/default-container';

export function kubernetesFacets({client, reading, writing, clock}: FacetParts): Partial<Facets> {
	const {namespace} = writing;

	/** Where an instance is: one that is named by its id alone is looked up. */
	async function placeOf(instance: Ref<'instance'>, container?: string): Promise<PodPlace> {
		const place = await podOf(instance);
		return {...place, container: await checked(place.scope, place.pod, container)};
	}

	async function podOf({id, name, scope}: Ref<'instance'>): Promise<{readonly scope: string; readonly pod: string}> {
		if (scope !== undefined) return {scope, pod: name};
		const query = {kind: 'instance', history: true, ...(id === undefined ? {name} : {id})} as const;
		const [found] = (await listFeed(reading, query)).items as readonly Instance[];
		if (!found) throw new ClusterError('not-found', `there is no instance ${JSON.stringify(stripControl(name))}`);
		return {scope: found.scope ?? namespace, pod: found.name};
	}

	/** The one that is meant: asked for, marked as the usual one, or the first. */
	async function checked(scope: string, pod: string, container: string | undefined): Promise<string | undefined> {
		const {metadata, spec = {}} = await client.json<WirePod>({path: podPath({scope, pod})});
		const names = [...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])].map(({name}) => name);
		if (container !== undefined && !names.includes(container)) {
			throw new ClusterError('not-found', `${pod} has no container ${container}: it has ${names.join(', ')}`);
		}

		return container ?? metadata.annotations?.[defaultContainer] ?? names[0];
	}

	async function execIn(place: PodPlace, options: ExecOptions): Promise<Session> {
		return withKnownEnd(await openExec(client, place, options), client, place, clock);
	}

	const exec: Facets['exec'] = async (instance, options) => execIn(await placeOf(instance, options.container), options);

	return {
		refuseSpec(spec, before) {
			if (before === undefined) refuseNew(spec);
			else refuseOptions('kubernetes', spec, {before});
		},
		namespaces: {
			current: reading.scope,
			async list(signal) {
				const {items} = await client.json<WireList<WireObject>>({path: '/api/v1/namespaces', signal});
				return (items ?? []).map(({metadata}) => metadata.name).toSorted();
			},
		},
		requestRate: () => client.rate(),
		held: async ({name}) => heldOn(client, name),
		cascades: true,
		resources: anyResource({client, namespace, scope: reading.scope, clock, hub: reading.hub}),
		logs: (query, signal, missed, opened) =>
			readLogs(
				{
					client,
					instances: () => listFeed(reading, {kind: 'instance', history: true}),
					watch: (since, ending) => watchFeed(reading, {kind: 'instance', history: true}, since, ending),
				},
				query,
				signal,
				missed,
				opened,
			),
		exec,
		files: filesByTar(exec),
		connect: async (instance, port) => openTunnel({client, clock}, await podOf(instance), port),
		async attach(instance, size) {
			const place = await placeOf(instance);
			const before = await client.json<WirePod>({path: podPath(place)});
			const container = before.spec?.containers?.find(({name}) => name === place.container);
			const streams = {tty: container?.tty ?? false, stdin: container?.stdin ?? false};
			const session = await openAttach(client, place, streams, size);
			const ended = async (code: number | undefined) =>
				code === 0 ? containerExit(client, place, before, writing.rest) : code;
			const exit = session.exit.then(ended);
			exit.catch(() => {});
			return {...session, exit};
		},
		async kill(instance, signal) {
			const place = await placeOf(instance);
			// Nobody else can send one: the container's own shell does, to its first process.
			const command = ['sh', '-c', `kill -${signal.replace(/^SIG/, '')} 1`];
			const session = await openExec(client, place, {command, tty: false, stdin: false});
			let said = '';
			for await (const {data} of session.output) said += Buffer.from(data).toString('utf8');
			const code = await session.exit;
			if (code !== 0) {
				throw new ClusterError(
					'failed',
					`${place.pod}: the signal was not sent: ${stripControl(said.trim() || `exit code ${code}`)}`,
				);
			}
		},
		permissions: createPermissions(client, {
			namespace,
			clock,
			typeOf(id) {
				for (const part of workloadParts) {
					const found = reading.hub.reflector(part, reading.scope).items.get(id);
					if (found !== undefined) return 'type' in found ? found.type : found.workload?.type;
				}

				return undefined;
			},
		}),
		async details({kind, ...ref}) {
			if (kind === 'node') return readNodeDetails(client, ref.name);
			return podDetails(await client.json<WirePod>({path: podPath(await podOf({...ref, kind: 'instance'}))}));
		},
		evict: async (instance, {force, graceMs}) =>
			removePod(client, await podOf(instance), {
				force,
				graceS: graceMs === undefined ? undefined : Math.round(graceMs / 1000),
			}),
		async debug(instance, {size, ...options}) {
			const place = await placeOf(instance, options.target);
			return openDebug(client, place, {...options, size}, writing.rest);
		},
		taint: (node, taints) => applyTaints(client, node.id ?? node.name, taints),
		history: service => readHistory(writing, service),
		trigger: service => triggerJob(writing, clock, service),
		health: () =>
			readHealth(client, clock.now, async () => {
				const {items} = await reading.hub.list('nodes', {scope: undefined, needed: true});
				return [...items.values()].toSorted((a, b) => (a.base.name < b.base.name ? -1 : 1));
			}),
	};
}
