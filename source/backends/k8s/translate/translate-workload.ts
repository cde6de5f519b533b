import type {
	Network,
	PublishedPort,
	Rollout,
	Service,
	ServiceMode,
	ServiceSpec,
	ServiceStatus,
} from '../../../core/model/index.ts';
import {holdersText} from '../../../core/resource/holders.ts';
import {serviceSpec} from '../../../core/spec/service-spec.ts';
import {refusalText} from '../../../core/troubles/refusals.ts';
import {instantOf, type WireService, type WireWorkload} from '../wire/wire.ts';
import type {KeptAutoscaler} from './translate-autoscale.ts';
import {networkOf, type Uses, usesOf} from './translate-config.ts';
import {type KeptIngress, withRules} from './translate-ingress.ts';
import {controllerOf, labelsOf, metaOf, own, revisionOf} from './translate-meta.ts';
import {placementOf, templateOf} from './translate-template.ts';

/** The engine's own kinds that are services to muster. */
export const workloadTypes = ['deployment', 'statefulset', 'daemonset', 'replicaset', 'job', 'cronjob'] as const;

export type WorkloadType = (typeof workloadTypes)[number];

export const modeOf: Readonly<Record<WorkloadType, ServiceMode>> = {
	deployment: 'replicated',
	statefulset: 'replicated',
	replicaset: 'replicated',
	daemonset: 'global',
	job: 'job',
	cronjob: 'job',
};

/** What is kept of a workload: the service but for what lies in other objects. */
export type KeptWorkload = {
	readonly type: WorkloadType;
	readonly resourceVersion: string;
	readonly base: Service;
	/** The labels of its pods: what Services choose them by. */
	readonly podLabels: Readonly<Record<string, string>>;
	/** A StatefulSet's present version, by the name of its ControllerRevision. */
	readonly updateRevision: string | undefined;
	/** A part of another one, which is the service: a Deployment's ReplicaSet, a CronJob's Job. */
	readonly isPart: boolean;
	readonly ownerId: string | undefined;
	readonly uses: Uses;
};

export function keepWorkload(type: WorkloadType, wire: WireWorkload): KeptWorkload {
	const {metadata} = wire;
	const owner = controllerOf(metadata);
	const spec = specOf(type, wire);
	const template = templateWire(type, wire);
	const podLabels = template?.metadata?.labels ?? {};
	return {
		type,
		resourceVersion: metadata.resourceVersion,
		base: {
			...metaOf(metadata, ''),
			kind: 'service',
			type,
			instanceLabels: podLabels,
			spec,
			version: revisionNumber(wire) ?? 0,
			removing: metadata.deletionTimestamp !== undefined,
			status: statusOf(type, wire, spec),
			...rolloutOf(type, wire),
		},
		podLabels,
		updateRevision: wire.status?.updateRevision,
		isPart: owner !== undefined && (type === 'replicaset' || type === 'job'),
		ownerId: owner?.uid,
		uses: withClaims(usesOf(template?.spec), wire),
	};
}

/** A StatefulSet makes a claim for each of its pods; those that it had more of once are left, and nobody's. */
function withClaims(uses: Uses, {metadata, spec: {volumeClaimTemplates = [], replicas = 1} = {}}: WireWorkload): Uses {
	const numbers = volumeClaimTemplates.length === 0 ? [] : Array.from({length: replicas}, (_, number) => number);
	const claims = volumeClaimTemplates.flatMap(claim =>
		numbers.map(number => `${claim.metadata?.name}-${metadata.name}-${number}`),
	);
	return claims.length === 0 ? uses : {...uses, volumes: [...uses.volumes, ...claims]};
}

/** What other objects know of a workload. */
export type Around = {
	/** Those that lead to its pods. */
	readonly services: readonly KeptService[];
	readonly autoscaler: KeptAutoscaler | undefined;
	/** Of its namespace. */
	readonly ingresses: readonly KeptIngress[];
	readonly version: number | undefined;
};

/** The service, with its Services' ports, who scales it, and the number of its version. */
export function serviceOf(
	{base, resourceVersion}: KeptWorkload,
	{services, autoscaler, ingresses, version}: Around,
): Service {
	const named = services.find(({name}) => name === base.name);
	const leading = ingresses.find(({name}) => name === base.name);
	const spec: ServiceSpec = {
		...base.spec,
		ports: (named?.ports ?? []).map(port => withRules(base.name, port, leading)),
		...(autoscaler && {autoscale: autoscaler.policy}),
	};
	const ports = services.flatMap(service => service.ports.map(port => withRules(service.name, port, leading)));
	const others = [...services, ...(autoscaler ? [autoscaler] : []), ...(leading ? [leading] : [])]
		.map(one => one.resourceVersion)
		.join('.');
	return {
		...base,
		...(autoscaler && {autoscale: autoscaler.status}),
		spec,
		version: version ?? base.version,
		status: {...base.status, ports},
		revision: revisionOf(`${resourceVersion}.${others}.${version ?? ''}`, spec),
	};
}

export type KeptService = {
	readonly name: string;
	readonly scope: string;
	readonly resourceVersion: string;
	readonly selector: Readonly<Record<string, string>>;
	readonly ports: readonly PublishedPort[];
	readonly network: Omit<Network, 'usedBy'>;
};

export function keepService(wire: WireService): KeptService {
	const {metadata, spec} = wire;
	return {
		network: networkOf(wire),
		name: metadata.name,
		scope: metadata.namespace ?? '',
		resourceVersion: metadata.resourceVersion,
		selector: spec?.selector ?? {},
		ports: (spec?.ports ?? [])
			.filter(({protocol = 'TCP'}) => protocol === 'TCP')
			.map(({port, targetPort}) => ({
				published: port,
				// A port by its name is that of the container; the number people know is the Service's.
				target: typeof targetPort === 'number' ? targetPort : port,
				protocol: 'tcp',
			})),
	};
}

export function scales({targetKind, targetName, scope}: KeptAutoscaler, {base, type}: KeptWorkload): boolean {
	return targetKind.toLowerCase() === type && targetName === base.name && scope === base.scope;
}

export function selects({selector, scope}: KeptService, {base, podLabels}: KeptWorkload): boolean {
	const entries = Object.entries(selector);
	return scope === base.scope && entries.length > 0 && entries.every(([key, value]) => podLabels[key] === value);
}

function templateWire(type: WorkloadType, {spec}: WireWorkload) {
	return type === 'cronjob' ? spec?.jobTemplate?.spec?.template : spec?.template;
}

function specOf(type: WorkloadType, wire: WireWorkload): ServiceSpec {
	const {metadata, spec = {}} = wire;
	const job = type === 'cronjob' ? (spec.jobTemplate?.spec ?? {}) : spec;
	const mode = modeOf[type];
	const template = templateWire(type, wire);
	const completions = job.completions ?? 1;
	return serviceSpec({
		mode,
		replicas: mode === 'global' ? 0 : mode === 'job' ? completions : (spec.replicas ?? 1),
		maxConcurrent: mode === 'job' && (job.parallelism ?? 1) < completions ? (job.parallelism ?? 1) : 0,
		labels: labelsOf(metadata),
		template: templateOf(template),
		placement: placementOf(template?.spec),
		...(mode === 'job' && {
			restart: {
				condition: template?.spec?.restartPolicy === 'Never' ? 'none' : 'on-failure',
				maxAttempts: job.backoffLimit ?? 6,
			},
		}),
		update: updateOf(spec),
		paused: spec.paused === true || spec.suspend === true,
		forceUpdate: Number(template?.metadata?.annotations?.[own.forceUpdate] ?? 0) || 0,
	});
}

/** As far as it is one that the model can say: Kubernetes' own, a quarter more and a quarter fewer at a time, is none. */
function updateOf({strategy, updateStrategy, minReadySeconds = 0}: NonNullable<WireWorkload['spec']>) {
	const {maxSurge, maxUnavailable} = (strategy ?? updateStrategy)?.rollingUpdate ?? {};
	const delay = {delayMs: minReadySeconds * 1000};
	const [more, fewer] = [maxSurge, maxUnavailable].map(count => (count === '100%' ? 0 : count));
	if (typeof more === 'number' && maxSurge !== 0 && maxUnavailable === 0) {
		return {...delay, parallelism: more, order: 'start-first' as const};
	}

	return typeof fewer === 'number' && maxUnavailable !== 0 && maxSurge === 0
		? {...delay, parallelism: fewer, order: 'stop-first' as const}
		: delay;
}

export const rolloutRevision = 'deployment.kubernetes.io/revision';

function revisionNumber({metadata}: WireWorkload): number | undefined {
	const number = Number(metadata.annotations?.[rolloutRevision]);
	return number > 0 ? number : undefined;
}

function statusOf(type: WorkloadType, {metadata, spec, status = {}}: WireWorkload, asked: ServiceSpec): ServiceStatus {
	const isGoing = metadata.deletionTimestamp !== undefined;
	const message = isGoing ? holdersText(metadata.finalizers ?? []) : messageOf(type, {spec, status});
	const active = typeof status.active === 'number' ? status.active : (status.active?.length ?? 0);
	const figures: Record<ServiceMode, Pick<ServiceStatus, 'desired' | 'running' | 'healthy' | 'completed'>> = {
		replicated: {
			desired: asked.replicas,
			running: status.readyReplicas ?? 0,
			healthy: status.readyReplicas ?? 0,
			completed: 0,
		},
		global: {
			desired: status.desiredNumberScheduled ?? 0,
			running: status.numberReady ?? 0,
			healthy: status.numberReady ?? 0,
			completed: 0,
		},
		job: {
			desired: type === 'cronjob' ? 0 : asked.replicas,
			running: active,
			healthy: type === 'cronjob' ? active : (status.ready ?? active),
			completed: status.succeeded ?? 0,
		},
	};
	return {...figures[asked.mode], ...(message === undefined ? {} : {message}), ports: []};
}

/** What a controller says stands in the way. */
function messageOf(type: WorkloadType, {spec, status = {}}: Pick<WireWorkload, 'spec' | 'status'>): string | undefined {
	const {conditions = []} = status;
	const failing = conditions.find(({type: name, status: value}) => name === 'ReplicaFailure' && value === 'True');
	const failed = conditions.find(({type: name, status: value}) => name === 'Failed' && value === 'True');
	const stuck = conditions.find(({type: name, status: value}) => name === 'Progressing' && value === 'False');
	const said = failing?.message ?? failed?.message ?? stuck?.message;
	if (said !== undefined) return refusalText(said);
	if (type === 'cronjob') return `${spec?.suspend ? 'suspended · ' : ''}at ${spec?.schedule ?? ''}`;
	return spec?.suspend ? 'suspended' : spec?.paused ? 'rollout paused' : undefined;
}

/** Only while one is under way: what has been is told by the history. */
function rolloutOf(type: WorkloadType, wire: WireWorkload): {rollout?: Rollout} {
	const {metadata, spec = {}, status = {}} = wire;
	if (type === 'job' || type === 'cronjob' || type === 'replicaset') return {};
	const total = type === 'daemonset' ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
	const updated = (type === 'daemonset' ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
	const available = (type === 'daemonset' ? status.numberAvailable : status.availableReplicas) ?? 0;
	const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
	const old = type === 'deployment' ? (status.replicas ?? 0) - updated : total - updated;
	const isStateful = type === 'statefulset' && status.updateRevision === status.currentRevision;
	const progressing = status.conditions?.find(condition => condition.type === 'Progressing');
	const stuck = progressing?.status === 'False' ? progressing.message : undefined;
	// The first one, too, may not come to its end.
	if (stuck === undefined && isSeen && (isStateful || (updated >= total && old <= 0))) return {};
	const startedAt = instantOf(progressing?.lastTransitionTime) ?? instantOf(metadata.creationTimestamp) ?? 0;
	return {
		rollout: {
			state: spec.paused ? 'paused' : 'updating',
			isRollback: false,
			...(spec.paused && {pausedBy: 'user' as const}),
			startedAt,
			updated: Math.min(updated, available, total),
			total,
			failed: 0,
			...(stuck === undefined ? {} : {message: stuck}),
		},
	};
}
