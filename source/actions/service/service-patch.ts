import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {HealthCheck, ServiceSpec} from '../../core/model/index.ts';
import {signalName} from '../../core/signals.ts';
import {checkServiceSpec, serviceSpec} from '../../core/spec/service-spec.ts';
import type {Input} from '../action.ts';
import {flagName} from '../fields/equal-command.ts';
import {record} from '../fields/fields.ts';
import type {containerChangeFields} from './container-fields.ts';
import {genericPatch} from './container-patch.ts';
import type {serviceFields} from './service-fields.ts';

export type ServiceInput = Input<typeof serviceFields>;

/** What was given, as a patch of single values and maps; lists (ports, constraints, networks, …) are the action's own. */
export function servicePatch(
	input: ServiceInput & Input<typeof containerChangeFields>,
	imageHealth?: HealthCheck,
): Patch<ServiceSpec> {
	return {
		...given('replicas', input.replicas),
		...given('labels', input.label && record(input.label)),
		...given('endpointMode', input.endpointMode === 'vip' ? null : input.endpointMode),
		template: {
			...given('env', input.env && record(input.env)),
			...given('user', input.user),
			...given('workdir', input.workdir),
			...given('isolation', input.isolate && [...new Set(input.isolate)]),
			...given('tty', input.tty),
			...given('openStdin', input.interactive),
			...given('stopSignal', input.stopSignal && signalName(input.stopSignal)),
			...given('stopGraceMs', input.stopGracePeriod),
			...given('health', healthPatch(input, imageHealth)),
			...section('reserve', {
				cpus: input.reserveCpu,
				memoryBytes: input.reserveMemory,
				generic: genericPatch(input),
			}),
			...section('limit', {
				cpus: input.limitCpu,
				memoryBytes: input.limitMemory,
				pids: input.limitPids === 0 ? null : input.limitPids,
			}),
		},
		...section('placement', {maxReplicasPerNode: input.replicasMaxPerNode}),
		...section('restart', {
			condition: input.restartCondition,
			delayMs: input.restartDelay,
			maxAttempts: input.restartMaxAttempts,
			windowMs: input.restartWindow,
		}),
		...section('update', {
			parallelism: input.updateParallelism,
			delayMs: input.updateDelay,
			order: input.updateOrder,
			monitorMs: input.updateMonitor,
			maxFailureRatio: input.updateMaxFailureRatio,
			failureAction: input.updateFailureAction,
		}),
		...section('rollback', {
			parallelism: input.rollbackParallelism,
			delayMs: input.rollbackDelay,
			order: input.rollbackOrder,
			monitorMs: input.rollbackMonitor,
			maxFailureRatio: input.rollbackMaxFailureRatio,
			failureAction: input.rollbackFailureAction,
		}),
	};
}

function given(name: string, value: unknown): Record<string, unknown> {
	return value === undefined ? {} : {[name]: value};
}

function section(name: string, members: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const known = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
	return Object.keys(known).length === 0 ? {} : {[name]: known};
}

/** `term`, `TERM`, `SIGTERM` → `SIGTERM`. */
function healthTest({healthCmd, healthHttp, healthTcp}: ServiceInput): HealthCheck['test'] | undefined {
	const tests = [
		healthCmd !== undefined && {type: 'command' as const, command: ['sh', '-c', healthCmd]},
		healthHttp !== undefined && {type: 'http' as const, path: healthHttp},
		healthTcp === true && {type: 'tcp' as const},
	].filter(test => test !== false);
	if (tests.length > 1) {
		throw new ClusterError('usage', 'only one of --health-cmd, --health-http and --health-tcp can be given');
	}

	return tests[0];
}

/** Times alone belong to the health check that there is: the image's own, where the service has none. */
function healthPatch(input: ServiceInput, present: HealthCheck | undefined): Patch<HealthCheck> | undefined {
	const test = healthTest(input);
	const times = section('health', {
		intervalMs: input.healthInterval,
		timeoutMs: input.healthTimeout,
		retries: input.healthRetries,
		startPeriodMs: input.healthStartPeriod,
		startIntervalMs: input.healthStartInterval,
	}).health as Partial<HealthCheck> | undefined;
	if (test === undefined && times === undefined) {
		return undefined;
	}

	if (test === undefined && present === undefined) {
		throw new ClusterError('usage', 'a health check needs one of --health-cmd, --health-http or --health-tcp');
	}

	return {...(test === undefined ? present : {test}), ...times} as Patch<HealthCheck>;
}

/** Where a flag ends up in a spec; the first that a problem's path begins with names it. */
export const flagOfPath: ReadonlyArray<
	readonly [path: string, field: keyof typeof serviceFields | 'image' | 'command' | 'mode' | 'maxConcurrent' | 'canary']
> = [
	['spec.mode', 'mode'],
	['spec.replicas', 'replicas'],
	['spec.maxConcurrent', 'maxConcurrent'],
	['spec.labels', 'label'],
	['spec.template.image', 'image'],
	['spec.template.command', 'command'],
	['spec.template.env', 'env'],
	['spec.template.user', 'user'],
	['spec.template.workdir', 'workdir'],
	['spec.template.tty', 'tty'],
	['spec.template.openStdin', 'interactive'],
	['spec.template.stopSignal', 'stopSignal'],
	['spec.template.stopGraceMs', 'stopGracePeriod'],
	['spec.template.health.test.command', 'healthCmd'],
	['spec.template.health.test', 'healthHttp'],
	['spec.template.health.intervalMs', 'healthInterval'],
	['spec.template.health.timeoutMs', 'healthTimeout'],
	['spec.template.health.retries', 'healthRetries'],
	['spec.template.health.startPeriodMs', 'healthStartPeriod'],
	['spec.template.health.startIntervalMs', 'healthStartInterval'],
	['spec.template.reserve.cpus', 'reserveCpu'],
	['spec.template.reserve.memoryBytes', 'reserveMemory'],
	['spec.template.limit.cpus', 'limitCpu'],
	['spec.template.limit.memoryBytes', 'limitMemory'],
	['spec.template.reserve.generic', 'genericResource'],
	['spec.template.limit.pids', 'limitPids'],
	['spec.template.container.labels', 'containerLabel'],
	['spec.template.container.hostname', 'hostname'],
	['spec.template.container.hosts', 'host'],
	['spec.template.container.dnsSearch', 'dnsSearch'],
	['spec.template.container.dnsOptions', 'dnsOption'],
	['spec.template.container.dns', 'dns'],
	['spec.template.container.entrypoint', 'entrypoint'],
	['spec.template.container.init', 'init'],
	['spec.template.container.groups', 'group'],
	['spec.template.container.readOnly', 'readOnlyRoot'],
	['spec.template.container.oomScoreAdj', 'oomScoreAdj'],
	['spec.template.container.swapBytes', 'memorySwap'],
	['spec.template.container.swappiness', 'memorySwappiness'],
	['spec.template.container.capAdd', 'capAdd'],
	['spec.template.container.capDrop', 'capDrop'],
	['spec.template.container.sysctls', 'sysctl'],
	['spec.template.container.ulimits', 'ulimit'],
	['spec.template.container.isolation', 'isolation'],
	['spec.template.container.credentialSpec', 'credentialSpec'],
	['spec.template.container.log.driver', 'logDriver'],
	['spec.template.container.log.options', 'logOpt'],
	['spec.template.container.noHealthcheck', 'noHealthcheck'],
	['spec.endpointMode', 'endpointMode'],
	['spec.template.networks', 'network'],
	['spec.template.mounts', 'mount'],
	['spec.template.configs', 'config'],
	['spec.template.secrets', 'secret'],
	['spec.template.isolation', 'isolate'],
	['spec.ports', 'publish'],
	['spec.placement.constraints', 'constraint'],
	['spec.placement.preferences', 'placementPref'],
	['spec.placement.maxReplicasPerNode', 'replicasMaxPerNode'],
	['spec.restart.condition', 'restartCondition'],
	['spec.restart.delayMs', 'restartDelay'],
	['spec.restart.maxAttempts', 'restartMaxAttempts'],
	['spec.restart.windowMs', 'restartWindow'],
	['spec.update.parallelism', 'updateParallelism'],
	['spec.update.delayMs', 'updateDelay'],
	['spec.update.order', 'updateOrder'],
	['spec.update.monitorMs', 'updateMonitor'],
	['spec.update.maxFailureRatio', 'updateMaxFailureRatio'],
	['spec.update.failureAction', 'updateFailureAction'],
	['spec.rollback.parallelism', 'rollbackParallelism'],
	['spec.rollback.delayMs', 'rollbackDelay'],
	['spec.rollback.order', 'rollbackOrder'],
	['spec.rollback.monitorMs', 'rollbackMonitor'],
	['spec.rollback.maxFailureRatio', 'rollbackMaxFailureRatio'],
	['spec.rollback.failureAction', 'rollbackFailureAction'],
	['spec.canary', 'canary'],
];

/** Throws `usage` that names the flag when the spec that this patch makes is wrong. */
export function checkService(patch: Patch<ServiceSpec>, base?: ServiceSpec): void {
	const [problem] = checkServiceSpec(serviceSpec(patch, base));
	if (problem !== undefined) {
		const message = problem.message.replace(/spec\.[\w.]+\w/g, flagFor);
		throw new ClusterError('usage', `${flagFor(problem.path)} ${message}`);
	}
}

function flagFor(path: string): string {
	const field = flagOfPath.find(([start]) => path.startsWith(start))?.[1];
	const isOperand = field === 'image' || field === 'command';
	const part = /^spec\.ports\[\d+\]\.([\w.]+)/.exec(path)?.[1] ?? '';
	const word = portWords[part] === undefined ? '' : ` ${portWords[part]}`;
	return field === undefined ? path : isOperand ? field.toUpperCase() : `${flagName(field)}${word}`;
}

/** What stands in the long form of --publish for a part of a port. */
const portWords: Readonly<Record<string, string>> = {
	host: 'address',
	tls: 'tls',
	proxyProtocol: 'proxy-protocol',
	'http.hosts': 'domain',
	'http.paths': 'path',
	'http.maxRequests': 'max-requests',
};
