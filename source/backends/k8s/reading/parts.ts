import {type KeptAutoscaler, keepAutoscaler} from '../translate/translate-autoscale.ts';
import {
	type KeptConfig,
	type KeptSecret,
	type KeptVolume,
	keepConfig,
	keepSecret,
	keepVolume,
} from '../translate/translate-config.ts';
import {type KeptEvent, keepEvent} from '../translate/translate-event.ts';
import {type KeptIngress, keepIngress} from '../translate/translate-ingress.ts';
import {controllerOf} from '../translate/translate-meta.ts';
import {type KeptNode, keepNode} from '../translate/translate-node.ts';
import {type KeptPod, keepPod} from '../translate/translate-pod.ts';
import {
	type KeptService,
	type KeptWorkload,
	keepService,
	keepWorkload,
	rolloutRevision,
	type WorkloadType,
} from '../translate/translate-workload.ts';
import {controllerRevisionSchema, eventSchema, podSchema, replicaSetSchema, secretSchema} from '../wire/schemas.ts';
import type {
	WireAutoscaler,
	WireClaim,
	WireConfigMap,
	WireEvent,
	WireIngress,
	WireNode,
	WireObject,
	WirePod,
	WireSecret,
	WireService,
	WireWorkload,
} from '../wire/wire.ts';
import type {Resource} from './resources.ts';

/** A ReplicaSet or Job leads from a pod to the workload above it. */
export type KeptLink = {
	readonly ownerId: string | undefined;
	readonly ownerName: string | undefined;
	readonly version: number | undefined;
	/** Where nothing is above it. */
	readonly workload: KeptWorkload | undefined;
};

/** A numbered version of a StatefulSet or DaemonSet. */
export type KeptRevision = {
	readonly name: string;
	readonly scope: string;
	readonly ownerId: string | undefined;
	readonly revision: number;
};

/** What is kept of each collection that the model is put together from. */
export type Kept = {
	pods: KeptPod;
	nodes: KeptNode;
	events: KeptEvent;
	services: KeptService;
	deployments: KeptWorkload;
	statefulsets: KeptWorkload;
	daemonsets: KeptWorkload;
	cronjobs: KeptWorkload;
	replicasets: KeptLink;
	jobs: KeptLink;
	revisions: KeptRevision;
	configmaps: KeptConfig;
	secrets: KeptSecret;
	claims: KeptVolume;
	autoscalers: KeptAutoscaler;
	ingresses: KeptIngress;
};

export type PartName = keyof Kept;

/** The collections as they are now, by uid. */
export type PartItems = {readonly [P in PartName]: ReadonlyMap<string, Kept[P]>};

/** Lists one part and watches it; what W is, only the part itself knows. */
export type PartResource<P extends PartName> = Resource<WireObject, Kept[P]>;

function workload(api: string, plural: string, type: WorkloadType): Resource<WireObject, KeptWorkload> {
	return {api, plural, namespaced: true, keep: object => keepWorkload(type, object as WireWorkload)};
}

function link(type: WorkloadType): (object: WireObject) => KeptLink {
	return object => {
		const owner = controllerOf(object.metadata);
		const version = Number(object.metadata.annotations?.[rolloutRevision]);
		return {
			ownerId: owner?.uid,
			ownerName: owner?.name,
			version: version > 0 ? version : undefined,
			workload: owner === undefined ? keepWorkload(type, object as WireWorkload) : undefined,
		};
	};
}

export const partResources: {readonly [P in PartName]: PartResource<P>} = {
	pods: {
		api: '/api/v1',
		plural: 'pods',
		namespaced: true,
		schema: podSchema,
		keep: object => keepPod(object as WirePod),
	},
	nodes: {api: '/api/v1', plural: 'nodes', namespaced: false, keep: object => keepNode(object as WireNode)},
	events: {
		api: '/api/v1',
		plural: 'events',
		namespaced: true,
		schema: eventSchema,
		keep: object => keepEvent(object as WireEvent),
	},
	services: {api: '/api/v1', plural: 'services', namespaced: true, keep: object => keepService(object as WireService)},
	deployments: workload('/apis/apps/v1', 'deployments', 'deployment'),
	statefulsets: workload('/apis/apps/v1', 'statefulsets', 'statefulset'),
	daemonsets: workload('/apis/apps/v1', 'daemonsets', 'daemonset'),
	cronjobs: workload('/apis/batch/v1', 'cronjobs', 'cronjob'),
	replicasets: {
		api: '/apis/apps/v1',
		plural: 'replicasets',
		namespaced: true,
		schema: replicaSetSchema,
		keep: link('replicaset'),
	},
	jobs: {api: '/apis/batch/v1', plural: 'jobs', namespaced: true, keep: link('job')},
	revisions: {
		api: '/apis/apps/v1',
		plural: 'controllerrevisions',
		namespaced: true,
		schema: controllerRevisionSchema,
		keep(object) {
			const {name, namespace = ''} = object.metadata;
			const {revision = 0} = object as WireObject & {readonly revision?: number};
			return {name, scope: namespace, ownerId: controllerOf(object.metadata)?.uid, revision};
		},
	},
	configmaps: {
		api: '/api/v1',
		plural: 'configmaps',
		namespaced: true,
		keep: object => keepConfig(object as WireConfigMap),
	},
	secrets: {
		api: '/api/v1',
		plural: 'secrets',
		namespaced: true,
		schema: secretSchema,
		keep: object => keepSecret(object as WireSecret),
	},
	claims: {
		api: '/api/v1',
		plural: 'persistentvolumeclaims',
		namespaced: true,
		keep: object => keepVolume(object as WireClaim),
	},
	autoscalers: {
		api: '/apis/autoscaling/v2',
		plural: 'horizontalpodautoscalers',
		namespaced: true,
		keep: object => keepAutoscaler(object as WireAutoscaler),
	},
	ingresses: {
		api: '/apis/networking.k8s.io/v1',
		plural: 'ingresses',
		namespaced: true,
		keep: object => keepIngress(object as WireIngress),
	},
};
