import type {Patch} from '../../../core/backend.ts';
import type {FileAttachment, HealthCheck, InstanceTemplate, Mount, Placement} from '../../../core/model/index.ts';
import {parseQuantity} from '../wire/quantity.ts';
import type {WireContainer, WireNodeExpression, WirePodSpec, WirePodTemplate, WireProbe} from '../wire/wire.ts';
import type {WireVolume} from '../wire/wire-volumes.ts';
import {genericOf, optionsOf} from '../write/pod-options.ts';
import {fileOf} from './translate-files.ts';

/** The first container is what the service is about; others (sidecars) are kept as they are and seen in `describe`. */
export function templateOf(template: WirePodTemplate | undefined): Patch<InstanceTemplate> {
	const spec = template?.spec ?? {};
	const container = spec.containers?.[0];
	const {securityContext} = container ?? {};
	const user =
		securityContext?.runAsUser === undefined
			? undefined
			: `${securityContext.runAsUser}${securityContext.runAsGroup === undefined ? '' : `:${securityContext.runAsGroup}`}`;
	const health = healthOf(container?.readinessProbe);
	const generic = genericOf(container?.resources?.limits);
	const options = optionsOf(spec, container);
	return {
		image: container?.image ?? '',
		command: [...(container?.args ?? [])],
		env: Object.fromEntries(
			(container?.env ?? []).flatMap(({name, value}) => (value === undefined ? [] : [[name, value]])),
		),
		...(user === undefined ? {} : {user}),
		...(container?.workingDir ? {workdir: container.workingDir} : {}),
		tty: container?.tty ?? false,
		openStdin: container?.stdin ?? false,
		stopGraceMs: (spec.terminationGracePeriodSeconds ?? 30) * 1000,
		...(health === undefined ? {} : {health}),
		reserve: {
			cpus: parseQuantity(container?.resources?.requests?.cpu) ?? 0,
			memoryBytes: parseQuantity(container?.resources?.requests?.memory) ?? 0,
			...(generic && {generic}),
		},
		limit: limitOf(container),
		...attachmentsOf(template, container),
		...(options && {container: options}),
	};
}

function limitOf(container: WireContainer | undefined): {cpus?: number; memoryBytes?: number} {
	const cpus = parseQuantity(container?.resources?.limits?.cpu);
	const memoryBytes = parseQuantity(container?.resources?.limits?.memory);
	return {...(cpus === undefined ? {} : {cpus}), ...(memoryBytes === undefined ? {} : {memoryBytes})};
}

function healthOf(probe: WireProbe | undefined): HealthCheck | undefined {
	const test = probe && testOf(probe);
	return (
		test && {
			test,
			intervalMs: (probe.periodSeconds ?? 10) * 1000,
			timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
			retries: probe.failureThreshold ?? 3,
			startPeriodMs: (probe.initialDelaySeconds ?? 0) * 1000,
		}
	);
}

function testOf({exec, httpGet, tcpSocket}: WireProbe): HealthCheck['test'] | undefined {
	const port = (found: number | string) => (typeof found === 'number' ? {port: found} : {});
	if (exec) return {type: 'command', command: exec.command ?? []};
	if (httpGet) return {type: 'http', path: httpGet.path ?? '/', ...port(httpGet.port)};
	return tcpSocket && {type: 'tcp', ...port(tcpSocket.port)};
}

/** Volumes that muster's model has, where this container mounts them. */
function attachmentsOf(
	template: WirePodTemplate | undefined,
	container: WireContainer | undefined,
): Pick<InstanceTemplate, 'mounts' | 'configs' | 'secrets'> {
	const mounts: Mount[] = [];
	const configs: FileAttachment[] = [];
	const secrets: FileAttachment[] = [];
	for (const wire of container?.volumeMounts ?? []) {
		const volume = template?.spec?.volumes?.find(one => one.name === wire.name);
		if (volume === undefined) continue;
		const mount = mountOf(volume, wire.mountPath, wire.readOnly ?? false);
		if (mount) mounts.push(mount);
		const found = fileOf(volume, wire, template);
		if (found) (found.kind === 'config' ? configs : secrets).push(found.file);
	}

	return {
		...(mounts.length > 0 && {mounts}),
		...(configs.length > 0 && {configs}),
		...(secrets.length > 0 && {secrets}),
	};
}

function mountOf(volume: WireVolume, target: string, isReadOnly: boolean): Mount | undefined {
	const readOnly = isReadOnly ? {readOnly: true} : {};
	if (volume.persistentVolumeClaim) {
		return {type: 'volume', source: volume.persistentVolumeClaim.claimName, target, ...readOnly};
	}

	if (volume.hostPath) return {type: 'bind', source: volume.hostPath.path, target, ...readOnly};
	if (!volume.emptyDir) return undefined;
	const sizeBytes = parseQuantity(volume.emptyDir.sizeLimit);
	const isMemory = volume.emptyDir.medium === 'Memory';
	return {
		type: isMemory ? 'tmpfs' : 'volume',
		target,
		...readOnly,
		...(isMemory && sizeBytes !== undefined ? {sizeBytes} : {}),
	};
}

const roleLabel = 'node-role.kubernetes.io/control-plane';
export const hostnameLabel = 'kubernetes.io/hostname';

/** Constraints of muster's kind, as far as node selectors and affinity of this pod can be told in them. */
export function placementOf(spec: WirePodSpec | undefined): Patch<Placement> {
	const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	const [term, ...others] = required?.nodeSelectorTerms ?? [];
	const selected = Object.entries(spec?.nodeSelector ?? {}).map(([key, value]) => `node.labels.${key}==${value}`);
	// Several terms are alternatives, which constraints have not.
	const expressions = others.length > 0 ? [] : [...(term?.matchExpressions ?? []), ...(term?.matchFields ?? [])];
	const [anti] = spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
	return {
		constraints: [...selected, ...expressions.flatMap(constraintOf)],
		preferences: (spec?.topologySpreadConstraints ?? []).map(({topologyKey}) => `spread=node.labels.${topologyKey}`),
		maxReplicasPerNode: anti?.topologyKey === hostnameLabel ? 1 : 0,
	};
}

function constraintOf({key, operator, values = []}: WireNodeExpression): string[] {
	if (key === roleLabel) return [`node.role${operator === 'Exists' ? '==' : '!='}manager`];
	const [value, ...others] = values;
	if (value === undefined || others.length > 0 || (operator !== 'In' && operator !== 'NotIn')) return [];
	const left = key === 'metadata.name' ? 'node.name' : `node.labels.${key}`;
	return [`${left}${operator === 'In' ? '==' : '!='}${value}`];
}

/** The other way. `node.id` is its name on this engine. */
export function expressionOf(
	left: string,
	isEqual: boolean,
	value: string,
): {field: boolean; expression: WireNodeExpression} {
	const operator = isEqual ? 'In' : 'NotIn';
	if (left === 'node.role') {
		const isManager = (value === 'manager') === isEqual;
		return {field: false, expression: {key: roleLabel, operator: isManager ? 'Exists' : 'DoesNotExist'}};
	}

	const isLabel = left.startsWith('node.labels.');
	const key = isLabel ? left.slice('node.labels.'.length) : 'metadata.name';
	return {field: !isLabel, expression: {key, operator, values: [value]}};
}
