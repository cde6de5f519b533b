import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import type {ServiceSpec, UpdatePolicy} from '../../../core/model/index.ts';
import {serviceSpec} from '../../../core/spec/service-spec.ts';
import {own} from '../translate/translate-meta.ts';
import type {WorkloadType} from '../translate/translate-workload.ts';
import type {WirePodSpec} from '../wire/wire.ts';
import type {Json} from './json.ts';
import {versionsPatch} from './manifest-files.ts';
import {isSame, templatePatch} from './manifest-template.ts';
import {volumesPatch} from './manifest-volumes.ts';
import {refuseWhatIsNot} from './refusals.ts';
import {apiOf, typeFor} from './workload-kind.ts';

export type Asked = {
	/** What was given of the spec: what was not, the server decides. */
	readonly hasUpdatePolicy: boolean;
};

/** The whole object for a service that is not there yet. */
export function newWorkload(name: string, spec: ServiceSpec, {hasUpdatePolicy}: Asked): Json {
	const type = typeFor(spec);
	const {version, kind} = apiOf[type];
	const blank = serviceSpec({mode: spec.mode, update: spec.update, rollback: spec.rollback});
	const before = {...blank, replicas: Number.NaN, update: hasUpdatePolicy ? updateAsIs : spec.update};
	const labels = {[own.selectorLabel]: name};
	const patch = workloadPatch(type, {...before, template: {...before.template, stopGraceMs: -1}}, spec, {name});
	const {spec: own_ = {}, metadata = {}} = clean(patch) as {spec?: Json; metadata?: Json};
	const template = (own_.template ?? {}) as {metadata?: Json; spec?: Json};
	const isJob = type === 'job';
	return {
		apiVersion: version,
		kind,
		metadata: {
			...metadata,
			name,
			labels: {...(metadata.labels as Json), [own.managedByLabel]: own.managedBy},
		},
		spec: {
			...own_,
			...(!isJob && {selector: {matchLabels: labels}}),
			template: {
				metadata: {...template.metadata, labels: {...labels, [own.managedByLabel]: own.managedBy}},
				spec: {...template.spec, ...(isJob && {restartPolicy: restartPolicyOf(spec)})},
			},
		},
	};
}

function restartPolicyOf({restart}: ServiceSpec): string {
	return restart.condition === 'none' ? 'Never' : 'OnFailure';
}

/** Something that no policy is, so that all of it counts as changed. */
const updateAsIs = {parallelism: -1} as unknown as UpdatePolicy;

export type Live = {readonly name: string; readonly podSpec?: WirePodSpec | undefined};

/** What differs between two specs, as a strategic merge patch of the workload; undefined members stay as they are. */
export function workloadPatch(type: WorkloadType, before: ServiceSpec, after: ServiceSpec, live: Live): Json {
	refuseWhatIsNot(type, before, after);
	const spec: Json = {};
	const container = live.podSpec?.containers?.[0];
	const podSpec = templatePatch(before, after, container, live.name);
	const volumes = volumesPatch(before.template, after.template, live.podSpec);
	if (volumes) {
		const [first] = (podSpec.containers ?? [{name: container?.name ?? live.name}]) as Json[];
		podSpec.containers = [{...first, volumeMounts: volumes.volumeMounts}];
		podSpec.volumes = volumes.volumes;
	}

	const template: Json = {...(Object.keys(podSpec).length > 0 && {spec: podSpec})};
	const annotations = {
		...(before.forceUpdate !== after.forceUpdate && {[own.forceUpdate]: String(after.forceUpdate)}),
		...versionsPatch(before.template, after.template),
	};
	if (Object.keys(annotations).length > 0) template.metadata = {annotations};

	if (Object.keys(template).length > 0) spec.template = template;
	if (after.mode === 'job') Object.assign(spec, jobPatch(before, after));
	else if (after.mode === 'replicated' && before.replicas !== after.replicas) spec.replicas = after.replicas;
	if (before.paused !== after.paused) {
		spec[type === 'deployment' ? 'paused' : 'suspend'] = after.paused;
	}

	if (!isSame(before.update, after.update)) Object.assign(spec, updatePatch(type, after));
	const patch: Json = type === 'cronjob' ? cronPatch(spec) : Object.keys(spec).length > 0 ? {spec} : {};
	if (!isSame(before.labels, after.labels)) {
		const gone = Object.keys(before.labels).filter(key => !Object.hasOwn(after.labels, key));
		patch.metadata = {labels: {...after.labels, ...Object.fromEntries(gone.map(key => [key, null]))}};
	}

	return patch;
}

function jobPatch(before: ServiceSpec, after: ServiceSpec): Json {
	const patch: Json = {};
	if (before.replicas !== after.replicas) patch.completions = after.replicas;
	if (before.replicas !== after.replicas || before.maxConcurrent !== after.maxConcurrent) {
		patch.parallelism = after.maxConcurrent || after.replicas;
	}

	if (before.restart.maxAttempts !== after.restart.maxAttempts) patch.backoffLimit = after.restart.maxAttempts;
	return patch;
}

/** A CronJob's own part is the schedule and whether it is suspended; the rest lies in what it makes. */
function cronPatch({suspend, ...job}: Json): Json {
	const spec: Json = {
		...(suspend === undefined ? {} : {suspend}),
		...(Object.keys(job).length > 0 && {jobTemplate: {spec: job}}),
	};
	return Object.keys(spec).length > 0 ? {spec} : {};
}

function updatePatch(type: WorkloadType, {update}: ServiceSpec): Json {
	const count = update.parallelism === 0 ? '100%' : update.parallelism;
	const startFirst = update.order === 'start-first';
	const rolling = startFirst ? {maxSurge: count, maxUnavailable: 0} : {maxSurge: 0, maxUnavailable: count};
	const strategy = {type: 'RollingUpdate', rollingUpdate: rolling};
	const seconds = {minReadySeconds: Math.round(update.delayMs / 1000)};
	if (type === 'deployment') return {strategy, ...seconds};
	if (type === 'daemonset') return {updateStrategy: strategy, ...seconds};
	throw new ClusterError('unsupported', `--update-…: a ${apiOf[type].kind} has no such policy`);
}

/** A patch for what is not there yet: nothing to take away. */
export function clean(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.filter(entry => !(isObject(entry) && entry.$patch === 'delete')).map(clean);
	}

	if (!isObject(value)) return value;
	const kept = Object.entries(value).filter(
		([key, member]) => key !== '$patch' && key !== '$retainKeys' && member !== null,
	);
	const cleaned = kept.map(([key, member]) => [key, clean(member)] as const);
	return Object.fromEntries(
		cleaned.filter(
			([, member]) => !isObject(member) || Object.keys(member).length > 0 || isEmptyOnPurpose(member, value),
		),
	);
}

/** `emptyDir: {}` says something. */
function isEmptyOnPurpose(member: unknown, parent: Readonly<Record<string, unknown>>): boolean {
	return 'emptyDir' in parent && isObject(member);
}

/** What leads traffic to the pods of a service. */
export function newService(name: string, {ports}: ServiceSpec, selector: Readonly<Record<string, string>>): Json {
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: {name, labels: {[own.managedByLabel]: own.managedBy}},
		spec: {selector, ports: servicePorts(ports)},
	};
}

export function servicePorts(ports: ServiceSpec['ports']): Json[] {
	return ports.map(({published, target}) => ({
		name: `port-${published}`,
		port: published,
		targetPort: target,
		protocol: 'TCP',
	}));
}
