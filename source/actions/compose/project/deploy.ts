import type {Patch} from '../../../core/backend.ts';
import type {ServiceSpec, UpdatePolicy} from '../../../core/model/index.ts';
import {parseBytes, parseCpus, parseDuration} from '../../../core/text/units.ts';
import {given, type Section} from './section.ts';

const modes = {
	replicated: {mode: 'replicated'},
	global: {mode: 'global'},
	'replicated-job': {mode: 'job'},
	'global-job': {mode: 'job', perNode: true},
} as const;

/** How a service runs in a cluster: its `deploy`, and what Compose had for that before. */
export function deployPatch(service: Section): Patch<ServiceSpec> {
	const deploy = service.section('deploy');
	const mode = deploy?.oneOf('mode', modes);
	const scale = service.whole('scale');
	const replicas = deploy?.whole('replicas') ?? scale;
	const labels = deploy?.pairs('labels');
	const {reserve, limit} = resourcesOf(service, deploy?.section('resources'));
	const endpointMode = deploy?.oneOf('endpoint_mode', {vip: undefined, dnsrr: 'dnsrr'} as const);
	const patch = {
		...mode,
		...given({replicas: mode?.mode === 'global' || (mode && 'perNode' in mode) ? undefined : replicas, endpointMode}),
		labels: Object.fromEntries((labels ?? []).map(([key, value = '']) => [key, value])),
		template: {...given({reserve, limit})},
		...given({
			placement: placementOf(deploy?.section('placement')),
			restart: restartOf(service, deploy?.section('restart_policy')),
			update: policyOf(deploy?.section('update_config')),
			rollback: policyOf(deploy?.section('rollback_config')),
		}),
	};
	deploy?.end();
	return patch as Patch<ServiceSpec>;
}

function resourcesOf(service: Section, resources: Section | undefined) {
	const own = {
		cpus: service.parsed('cpus', parseCpus),
		memoryBytes: service.parsed('mem_limit', parseBytes),
		pids: service.whole('pids_limit', 1),
	};
	const ownReserved = service.parsed('mem_reservation', parseBytes);
	const limits = resources?.section('limits');
	const reservations = resources?.section('reservations');
	const limit = given({
		cpus: limits?.parsed('cpus', parseCpus) ?? own.cpus,
		memoryBytes: limits?.parsed('memory', parseBytes) ?? own.memoryBytes,
		pids: limits?.whole('pids', 1) ?? own.pids,
	});
	const reserve = given({
		cpus: reservations?.parsed('cpus', parseCpus),
		memoryBytes: reservations?.parsed('memory', parseBytes) ?? ownReserved,
		generic: genericOf(reservations),
	});
	limits?.end();
	reservations?.end({}, {devices: 'devices are not given out: generic_resources are'});
	resources?.end();
	return {limit, reserve};
}

function genericOf(reservations: Section | undefined): Record<string, number> | undefined {
	const entries = reservations?.list('generic_resources')?.flatMap((one, index) => {
		const spec = (one as {discrete_resource_spec?: {kind?: unknown; value?: unknown}} | null)?.discrete_resource_spec;
		if (typeof spec?.kind === 'string' && Number.isSafeInteger(spec.value)) return [[spec.kind, spec.value as number]];
		reservations.findings.wrong(
			reservations.at(`generic_resources[${index}]`),
			'a discrete_resource_spec with kind and value',
			one,
		);
		return [];
	});
	return entries && Object.fromEntries(entries);
}

function placementOf(placement: Section | undefined): Patch<ServiceSpec['placement']> | undefined {
	if (placement === undefined) return undefined;
	const constraints = placement.texts('constraints')?.map(text => text.replace(/\s*(==|!=)\s*/, '$1').trim());
	const preferences = placement.list('preferences')?.flatMap((one, index) => {
		const spread = (one as {spread?: unknown} | null)?.spread;
		if (typeof spread === 'string') return [`spread=${spread}`];
		placement.findings.wrong(placement.at(`preferences[${index}]`), 'spread: node.labels.NAME', one);
		return [];
	});
	const maxReplicasPerNode = placement.whole('max_replicas_per_node');
	placement.end();
	return given({constraints, preferences, maxReplicasPerNode});
}

const restarts = new Map(
	Object.entries({no: 'none', always: 'any', 'unless-stopped': 'any', 'on-failure': 'on-failure'}),
);
const conditions = {any: 'any', 'on-failure': 'on-failure', none: 'none'} as const;

/** `restart` is what Compose had before `restart_policy`; where both are, the newer one holds. */
function restartOf(service: Section, policy: Section | undefined): Patch<ServiceSpec['restart']> | undefined {
	const [, word, attempts] = /^([a-z-]+)(?::(\d+))?$/.exec(service.text('restart') ?? '') ?? [];
	const short = restarts.get(word ?? '');
	if (service.raw('restart') !== undefined && short === undefined) {
		service.findings.wrong(
			service.at('restart'),
			'one of no, always, on-failure, unless-stopped',
			service.raw('restart'),
		);
	}

	if (policy === undefined) {
		return given({condition: short, maxAttempts: attempts === undefined ? undefined : Number(attempts)}) as Patch<
			ServiceSpec['restart']
		>;
	}

	const restart = given({
		condition: policy.oneOf('condition', conditions),
		delayMs: policy.parsed('delay', parseDuration),
		maxAttempts: policy.whole('max_attempts'),
		windowMs: policy.parsed('window', parseDuration),
	});
	policy.end();
	return restart;
}

const failureActions = {pause: 'pause', continue: 'continue', rollback: 'rollback'} as const;

function policyOf(config: Section | undefined): Patch<UpdatePolicy> | undefined {
	if (config === undefined) return undefined;
	const policy = given({
		parallelism: config.whole('parallelism'),
		delayMs: config.parsed('delay', parseDuration),
		order: config.oneOf('order', {'stop-first': 'stop-first', 'start-first': 'start-first'} as const),
		monitorMs: config.parsed('monitor', parseDuration),
		maxFailureRatio: config.ratio('max_failure_ratio'),
		failureAction: config.oneOf('failure_action', failureActions),
	});
	config.end();
	return policy;
}
