import {isObject} from '../../../core/difference/merge-patch.ts';
import {ClusterError} from '../../../core/error.ts';
import type {HealthCheck, InstanceTemplate, Placement, ServiceSpec} from '../../../core/model/index.ts';
import {parseConstraint, parsePreference} from '../../../core/schedule/constraint.ts';
import {expressionOf, hostnameLabel} from '../translate/translate-template.ts';
import {cpuQuantity, memoryQuantity} from '../wire/quantity.ts';
import type {WireContainer} from '../wire/wire.ts';
import type {Json} from './json.ts';
import {containerOptionsPatch, genericPatch, podOptionsPatch} from './pod-options.ts';

/** What of a template differs, as a strategic merge patch of the pod template's `spec`; lists merge by their keys. */
export function templatePatch(
	before: ServiceSpec,
	after: ServiceSpec,
	live: WireContainer | undefined,
	name: string,
): Json {
	const [was, is] = [before.template, after.template];
	const container: Json = {};
	const isOther = <P extends keyof InstanceTemplate>(member: P) => !isSame(was[member], is[member]);
	if (isOther('image')) container.image = is.image;
	if (isOther('command')) container.args = is.command.length === 0 ? null : is.command;
	if (isOther('env')) container.env = envPatch(was.env, is.env);
	const {securityContext, ...options} = containerOptionsPatch(was.container, is.container);
	Object.assign(container, options);
	const context = {...(isOther('user') && userPatch(is.user)), ...(securityContext as Json | undefined)};
	if (Object.keys(context).length > 0) container.securityContext = context;
	if (isOther('workdir')) container.workingDir = is.workdir ?? null;
	if (isOther('tty')) container.tty = is.tty;
	if (isOther('openStdin')) container.stdin = is.openStdin;
	if (isOther('reserve') || isOther('limit')) container.resources = resourcesPatch(was, is);
	if (isOther('health') || (is.health && !isSame(before.ports, after.ports))) {
		container.readinessProbe = is.health ? {$patch: 'replace', ...probeOf(is.health, after)} : null;
	}

	if (!isSame(before.ports, after.ports)) {
		container.ports = portsPatch(before, after);
	}

	const spec: Json = podOptionsPatch(was.container, is.container);
	if (isOther('stopGraceMs')) spec.terminationGracePeriodSeconds = Math.ceil(is.stopGraceMs / 1000);
	refuseSignal(is);
	if (!isSame(before.placement, after.placement)) Object.assign(spec, placementPatch(after.placement, name));
	if (Object.keys(container).length > 0) spec.containers = [{name: live?.name ?? name, ...container}];
	return spec;
}

export function isSame(a: unknown, b: unknown): boolean {
	if (isObject(a) && isObject(b)) {
		const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
		return [...keys].every(key => isSame(a[key], b[key]));
	}

	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
	}

	return a === b;
}

function refuseSignal({stopSignal}: InstanceTemplate): void {
	if (stopSignal !== 'SIGTERM') {
		throw new ClusterError(
			'unsupported',
			`--stop-signal ${stopSignal}: Kubernetes sends the signal that the image names, or SIGTERM`,
		);
	}
}

function envPatch(was: Readonly<Record<string, string>>, is: Readonly<Record<string, string>>): Json[] {
	const gone = Object.keys(was).filter(name => !Object.hasOwn(is, name));
	const changed = Object.entries(is).filter(([name, value]) => was[name] !== value);
	return [
		...changed.map(([name, value]) => ({name, value, ...(Object.hasOwn(was, name) ? {} : {valueFrom: null})})),
		...gone.map(name => ({name, $patch: 'delete'})),
	];
}

function userPatch(user: string | undefined): Json {
	if (user === undefined) return {runAsUser: null, runAsGroup: null};
	const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
	if (uid === undefined) {
		throw new ClusterError('unsupported', `--user ${user}: Kubernetes takes numbers only, such as 1000 or 1000:1000`);
	}

	return {runAsUser: Number(uid), runAsGroup: gid === undefined ? null : Number(gid)};
}

function resourcesPatch(was: InstanceTemplate, {reserve, limit}: InstanceTemplate): Json {
	const generic = genericPatch(was.reserve, reserve);
	return {
		requests: {
			cpu: reserve.cpus > 0 ? cpuQuantity(reserve.cpus) : null,
			memory: reserve.memoryBytes > 0 ? memoryQuantity(reserve.memoryBytes) : null,
			...generic,
		},
		limits: {
			cpu: limit.cpus === undefined ? null : cpuQuantity(limit.cpus),
			memory: limit.memoryBytes === undefined ? null : memoryQuantity(limit.memoryBytes),
			...generic,
		},
	};
}

function probeOf({test, intervalMs, timeoutMs, retries, startPeriodMs}: HealthCheck, {ports}: ServiceSpec): Json {
	const seconds = (ms: number) => Math.max(1, Math.round(ms / 1000));
	const port = () => {
		const found = (test.type === 'command' ? undefined : test.port) ?? ports[0]?.target;
		if (found === undefined) {
			throw new ClusterError('usage', 'a health check over a port needs one: publish it with --publish');
		}

		return found;
	};
	return {
		...(test.type === 'command' && {exec: {command: test.command}}),
		...(test.type === 'http' && {httpGet: {path: test.path, port: port()}}),
		...(test.type === 'tcp' && {tcpSocket: {port: port()}}),
		periodSeconds: seconds(intervalMs),
		timeoutSeconds: seconds(timeoutMs),
		failureThreshold: retries,
		...(startPeriodMs > 0 && {initialDelaySeconds: seconds(startPeriodMs)}),
	};
}

function portsPatch(before: ServiceSpec, after: ServiceSpec): Json[] {
	const targets = (spec: ServiceSpec) => [...new Set(spec.ports.map(({target}) => target))];
	const [was, is] = [targets(before), targets(after)];
	return [
		...is.map(containerPort => ({containerPort, protocol: 'TCP'})),
		...was.filter(port => !is.includes(port)).map(containerPort => ({containerPort, $patch: 'delete'})),
	];
}

/** Muster's constraints as affinity to nodes; what else a pod prefers is kept. */
function placementPatch({constraints, preferences, maxReplicasPerNode}: Placement, name: string): Json {
	const expressions = constraints.map(text => {
		const {text: whole, equal, value} = parseConstraint(text);
		return expressionOf(whole.split(/[=!]=/)[0] ?? '', equal, value);
	});
	const fields = expressions.filter(({field}) => field).map(({expression}) => expression);
	const labels = expressions.filter(({field}) => !field).map(({expression}) => expression);
	const term = {
		...(labels.length > 0 && {matchExpressions: labels}),
		...(fields.length > 0 && {matchFields: fields}),
	};
	if (maxReplicasPerNode > 1) {
		throw new ClusterError(
			'unsupported',
			`--replicas-max-per-node ${maxReplicasPerNode}: Kubernetes can only keep to one on each node`,
		);
	}

	const selector = {matchLabels: {app: name}};
	return {
		nodeSelector: null,
		affinity: {
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution:
					expressions.length === 0 ? null : {$patch: 'replace', nodeSelectorTerms: [term]},
			},
			podAntiAffinity:
				maxReplicasPerNode === 0
					? {requiredDuringSchedulingIgnoredDuringExecution: null}
					: {
							requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: hostnameLabel, labelSelector: selector}],
						},
		},
		topologySpreadConstraints:
			preferences.length === 0
				? null
				: preferences.map(text => ({
						topologyKey: parsePreference(text).label,
						maxSkew: 1,
						whenUnsatisfiable: 'ScheduleAnyway',
						labelSelector: selector,
					})),
	};
}
