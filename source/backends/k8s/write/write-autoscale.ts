import {ClusterError} from '../../../core/error.ts';
import type {AutoscalePolicy, ServiceSpec} from '../../../core/model/index.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, objectPath} from '../reading/resources.ts';
import {usualCooldownMs} from '../translate/translate-autoscale.ts';
import {own} from '../translate/translate-meta.ts';
import type {WorkloadType} from '../translate/translate-workload.ts';
import {withQuery} from '../watch.ts';
import {cpuQuantity, memoryQuantity} from '../wire/quantity.ts';
import type {WireAutoscaler, WireList, WireWorkload} from '../wire/wire.ts';
import type {Found} from './find-workload.ts';
import type {Json} from './json.ts';
import {isSame} from './manifest-template.ts';
import {apiOf} from './workload-kind.ts';
import {ifThere, manager, type Writing} from './writing.ts';

/** Before anything is written: what a HorizontalPodAutoscaler has no place for is named. */
export function refusePolicy({autoscale}: ServiceSpec): void {
	if (autoscale === undefined) return;
	const refuse = (why: string) => {
		throw new ClusterError('unsupported', why);
	};
	if (autoscale.min === 0) refuse('--min 0: Kubernetes keeps at least one as long as CPU or memory say how many run');
	if (autoscale.cooldownMs !== usualCooldownMs) refuse('--cooldown: an autoscaler here has its windows: --down-window');
	const other = autoscale.targets.find(({metric}) => metric !== 'cpu' && metric !== 'memory');
	if (other) refuse(`--${other.metric}: a HorizontalPodAutoscaler of muster's goes by CPU and memory`);
}

/** Brings its autoscaler, muster's or anybody's, to what is asked; what it scales by besides stays. */
export async function writeAutoscaler(
	{client}: Pick<Writing, 'client'>,
	{type, scope, wire, service}: Pick<Found, 'type' | 'scope' | 'wire' | 'service'>,
	after: ServiceSpec,
): Promise<void> {
	const before = service.spec.autoscale;
	if (isSame(before, after.autoscale)) return;
	const resource = partResources.autoscalers as never;
	const live = await autoscalerOf(client, type, scope, wire.metadata.name);
	const path = live && objectPath(resource, scope, live.metadata.name);
	if (after.autoscale === undefined) {
		if (path) await ifThere(client.text({method: 'DELETE', path}));
		return;
	}

	const spec = specOf(after.autoscale, after, live);
	if (live && path) {
		const {resourceVersion} = live.metadata;
		const body = {type: 'application/merge-patch+json', text: JSON.stringify({metadata: {resourceVersion}, spec})};
		await client.text({method: 'PATCH', path: withQuery(path, manager), body});
	} else {
		const text = JSON.stringify(newAutoscaler(type, wire, spec));
		const path = withQuery(collectionPath(resource, scope), manager);
		await client.text({method: 'POST', path, body: {type: 'application/json', text}});
	}
}

async function autoscalerOf(
	client: Writing['client'],
	type: WorkloadType,
	scope: string,
	name: string,
): Promise<WireAutoscaler | undefined> {
	const path = collectionPath(partResources.autoscalers as never, scope);
	const list = await client.json<WireList<WireAutoscaler>>({path});
	return list.items?.find(({spec: {scaleTargetRef: ref}}) => ref.kind === apiOf[type].kind && ref.name === name);
}

/** It goes with what it scales. */
function newAutoscaler(type: WorkloadType, {metadata}: WireWorkload, spec: Json): Json {
	const {name, uid} = metadata;
	const {version: apiVersion, kind} = apiOf[type];
	return {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: {
			name,
			labels: {[own.managedByLabel]: own.managedBy},
			ownerReferences: [{apiVersion, kind, name, uid}],
		},
		spec: {scaleTargetRef: {apiVersion, kind, name}, ...spec},
	};
}

function specOf(policy: AutoscalePolicy, service: ServiceSpec, live: WireAutoscaler | undefined): Json {
	const kept = (live?.spec.metrics ?? []).filter(
		({resource}) => resource?.name !== 'cpu' && resource?.name !== 'memory',
	);
	const window = (ms: number) => ({stabilizationWindowSeconds: Math.round(ms / 1000)});
	return {
		minReplicas: policy.min,
		maxReplicas: policy.max,
		metrics: [...policy.targets.map(target => metricOf(target, service)), ...kept],
		behavior: {scaleUp: window(policy.upWindowMs), scaleDown: window(policy.downWindowMs)},
	};
}

/** A part of what an instance reserves; of one that reserves nothing, of a core. */
function metricOf({metric, value}: AutoscalePolicy['targets'][number], {template}: ServiceSpec): Json {
	const hasShare = template.reserve.cpus > 0 || (template.limit.cpus ?? 0) > 0;
	const target =
		metric === 'cpu' && hasShare
			? {type: 'Utilization', averageUtilization: Math.round(value * 100)}
			: {type: 'AverageValue', averageValue: metric === 'cpu' ? cpuQuantity(value) : memoryQuantity(value)};
	return {type: 'Resource', resource: {name: metric, target}};
}
