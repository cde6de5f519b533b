import type {Ref} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Service} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, objectPath, type Resource} from '../reading/resources.ts';
import {keepAutoscaler} from '../translate/translate-autoscale.ts';
import {keepIngress} from '../translate/translate-ingress.ts';
import {
	keepService,
	keepWorkload,
	scales,
	selects,
	serviceOf,
	type WorkloadType,
	workloadTypes,
} from '../translate/translate-workload.ts';
import type {WireAutoscaler, WireIngress, WireList, WireService, WireWorkload} from '../wire/wire.ts';
import {ifThere, type Writing} from './writing.ts';

const plurals = {
	deployment: 'deployments',
	statefulset: 'statefulsets',
	daemonset: 'daemonsets',
	replicaset: 'replicasets',
	job: 'jobs',
	cronjob: 'cronjobs',
} as const satisfies Readonly<Record<WorkloadType, keyof typeof partResources>>;

export type Found = {
	readonly type: WorkloadType;
	readonly scope: string;
	readonly wire: WireWorkload;
	readonly service: Service;
	/** The Service with its name, where there is one that leads to it. */
	readonly ports: WireService | undefined;
};

export function workloadResource(type: WorkloadType): Resource<never, unknown> {
	return partResources[plurals[type]] as Resource<never, unknown>;
}

/** The workload that a name or an id means: of several with one name, the id's or the only one. */
export async function findWorkload({client, namespace, locate}: Writing, ref: Ref): Promise<Found> {
	const scope = ref.scope ?? (await locate(ref)) ?? namespace;
	const found = await Promise.all(workloadTypes.map(async type => readWorkload(client, type, scope, ref.name)));
	const fitting = found.filter(one => one !== undefined && (ref.id === undefined || one.service.id === ref.id));
	const [first, ...others] = fitting as Found[];
	if (first === undefined) {
		throw new ClusterError('not-found', `there is no service ${JSON.stringify(stripControl(ref.name))} in ${scope}`);
	}

	if (others.length > 0) {
		const types = fitting.map(one => one?.type).join(', ');
		throw new ClusterError('conflict', `${ref.name} in ${scope} may be several: ${types}`);
	}

	return first;
}

export async function readWorkload(
	client: KubeClient,
	type: WorkloadType,
	scope: string,
	name: string,
): Promise<Found | undefined> {
	const wire = await ifThere(client.json<WireWorkload>({path: objectPath(workloadResource(type), scope, name)}));
	if (wire === undefined) return undefined;
	const kept = keepWorkload(type, wire);
	if (kept.isPart) return undefined;
	const list = await ifThere(
		client.json<WireList<WireService>>({path: collectionPath(partResources.services as never, scope)}),
	);
	const leading = (list?.items ?? []).filter(one => selects(keepService(one), kept));
	const [autoscalers, ingress] = await Promise.all([
		ifThere(client.json<WireList<WireAutoscaler>>({path: collectionPath(partResources.autoscalers as never, scope)})),
		ifThere(client.json<WireIngress>({path: objectPath(partResources.ingresses as never, scope, name)})),
	]);
	return {
		type,
		scope,
		wire,
		service: serviceOf(kept, {
			services: leading.map(keepService),
			autoscaler: autoscalers?.items?.map(keepAutoscaler).find(one => scales(one, kept)),
			ingresses: ingress === undefined ? [] : [keepIngress(ingress)],
			version: await versionOf(client, type, scope, wire),
		}),
		ports: leading.find(({metadata}) => metadata.name === name),
	};
}

/** Of a StatefulSet or DaemonSet; a Deployment carries its own. */
async function versionOf(
	client: KubeClient,
	type: WorkloadType,
	scope: string,
	{metadata, status}: WireWorkload,
): Promise<number | undefined> {
	if (type !== 'statefulset' && type !== 'daemonset') return undefined;
	const path = collectionPath(partResources.revisions as never, scope);
	const list = await ifThere(client.json<WireList<WireWorkload & {readonly revision: number}>>({path}));
	const ofIt = (list?.items ?? []).filter(one =>
		one.metadata.ownerReferences?.some(owner => owner.uid === metadata.uid),
	);
	const present = ofIt.find(one => one.metadata.name === status?.updateRevision);
	return present?.revision ?? ofIt.reduce((newest, {revision}) => Math.max(newest, revision), 0);
}
