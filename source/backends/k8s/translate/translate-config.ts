import type {Config, FileData, Network, Secret, Volume} from '../../../core/model/index.ts';
import {holdersText} from '../../../core/resource/holders.ts';
import {parseQuantity} from '../wire/quantity.ts';
import type {WireClaim, WireConfigMap, WireMeta, WirePodSpec, WireSecret, WireService} from '../wire/wire.ts';
import {contentVersion, versionOf} from './translate-files.ts';
import {labelsOf, metaOf, revisionOf} from './translate-meta.ts';

/** What the pods of a workload name of other objects. */
export type Uses = {
	readonly configs: readonly string[];
	readonly secrets: readonly string[];
	readonly volumes: readonly string[];
};

export function usesOf(spec: WirePodSpec | undefined): Uses {
	const volumes = spec?.volumes ?? [];
	const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
	const from = containers.flatMap(({envFrom = []}) => envFrom);
	const values = containers.flatMap(({env = []}) => env.map(({valueFrom}) => valueFrom));
	const names = (found: ReadonlyArray<string | undefined>) => [...new Set(found.filter(name => name !== undefined))];
	return {
		configs: names([
			...volumes.map(({configMap}) => configMap?.name),
			...from.map(({configMapRef}) => configMapRef?.name),
			...values.map(value => value?.configMapKeyRef?.name),
		]),
		secrets: names([
			...volumes.map(({secret}) => secret?.secretName),
			...from.map(({secretRef}) => secretRef?.name),
			...values.map(value => value?.secretKeyRef?.name),
			...(spec?.imagePullSecrets ?? []).map(({name}) => name),
		]),
		volumes: names(volumes.map(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName)),
	};
}

type Own<T> = Omit<T, 'usedBy'>;

export type KeptConfig = Own<Config>;
export type KeptSecret = Own<Secret>;
export type KeptVolume = Own<Volume>;

export function keepConfig({metadata, data = {}, binaryData = {}}: WireConfigMap): KeptConfig {
	const binary = Object.entries(binaryData).map(([name, base64]) => [name, {base64}] as const);
	const spec = {labels: labelsOf(metadata), data: {...data, ...Object.fromEntries(binary)} as FileData};
	return {
		...metaOf(metadata, revisionOf(metadata.resourceVersion, spec)),
		kind: 'config',
		spec,
		...versionGiven(metadata),
	};
}

/** Its contents go no further than this. */
export function keepSecret({metadata, data = {}, type}: WireSecret): KeptSecret {
	const spec = {labels: labelsOf(metadata)};
	return {
		...metaOf(metadata, revisionOf(metadata.resourceVersion, spec)),
		kind: 'secret',
		spec,
		...(type === undefined ? {} : {type}),
		files: Object.keys(data).toSorted(),
		...versionGiven(metadata),
	};
}

/** Only of contents that muster has written anew is it counted. */
function versionGiven({annotations}: WireMeta): {version?: number} {
	return annotations?.[contentVersion] === undefined ? {} : {version: versionOf(annotations)};
}

export function keepVolume({metadata, spec = {}, status = {}}: WireClaim): KeptVolume {
	const sizeBytes = parseQuantity(status.capacity?.storage ?? spec.resources?.requests?.storage);
	const own = {
		labels: labelsOf(metadata),
		...(sizeBytes === undefined ? {} : {sizeBytes}),
		...(spec.storageClassName === undefined ? {} : {storageClass: spec.storageClassName}),
	};
	const message =
		metadata.deletionTimestamp !== undefined
			? ['being removed', holdersText(metadata.finalizers ?? [])].filter(Boolean).join(', ')
			: status.phase === 'Bound'
				? undefined
				: (status.phase ?? 'Pending');
	return {
		...metaOf(metadata, revisionOf(metadata.resourceVersion, own)),
		kind: 'volume',
		spec: own,
		...(spec.volumeName ? {path: spec.volumeName} : {}),
		...(message === undefined ? {} : {message}),
	};
}

/** What Kubernetes leads traffic through: a Service is a name and an address for the pods that it chooses. */
export function networkOf({metadata, spec = {}}: WireService): Own<Network> {
	const own = {
		driver: spec.type ?? 'ClusterIP',
		labels: labelsOf(metadata),
		...(spec.clusterIP && spec.clusterIP !== 'None' ? {subnets: [{subnet: spec.clusterIP}]} : {}),
		options: Object.fromEntries(
			(spec.ports ?? []).map(({port, targetPort, protocol = 'TCP', nodePort}) => [
				`${port}/${protocol.toLowerCase()}`,
				`${targetPort ?? port}${nodePort ? `, on each node ${nodePort}` : ''}`,
			]),
		),
	};
	return {
		...metaOf(metadata, revisionOf(metadata.resourceVersion, own)),
		kind: 'network',
		spec: own,
		reach: 'cluster',
	};
}
