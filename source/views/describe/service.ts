import {targetsText} from '../../core/autoscale/autoscale.ts';
import {isObject} from '../../core/difference/merge-patch.ts';
import type {
	AutoscalePolicy,
	ContainerOptions,
	FileAttachment,
	HealthCheck,
	Mount,
	Service,
	UpdatePolicy,
} from '../../core/model/index.ts';
import {modeText} from '../../core/spec/service-mode.ts';
import {formatBytes, formatDuration} from '../../core/text/units.ts';
import {replicasCell, serviceRole} from '../services/columns.ts';
import type {RowContext} from '../widgets/columns.ts';
import type {Span} from '../widgets/line.ts';
import {boundOf} from '../widgets/usage-columns.ts';
import {pairRows, type Section} from './sections.ts';
import {usageSection} from './usage.ts';

export function serviceSections(service: Service, {world, ages}: RowContext): readonly Section[] {
	const {spec, status} = service;
	const {template, placement, restart, update, rollback} = spec;
	const usage = world.serviceUsage.get(service.id);
	return [
		{
			title: `Service ${service.name}`,
			rows: [
				['id', service.id],
				['mode', modeText(spec)],
				['replicas', replicasCell(service)],
				['healthy', {role: serviceRole(service), text: `${status.healthy} of ${status.desired}`}],
				['message', status.message && {role: status.desired > 0 ? 'bad' : 'plain', text: status.message}],
				['autoscale', service.spec.autoscale && autoscaleText(service.spec.autoscale)],
				[
					'decision',
					service.autoscale?.reason ?? (service.spec.autoscale && 'none yet: :tending tells who decides here'),
				],
				['version', String(service.version)],
				['rollout', rolloutSpan(service)],
				...pairRows('labels', spec.labels),
				['age', ages.of(service.createdAt)],
			],
		},
		usageSection({
			usage,
			limit: boundOf(spec, usage, 'limit'),
			reserved: boundOf(spec, usage, 'reserve'),
			history: figure => world.trends.usage.ofMember(service.id, figure, world.now, 'minutes'),
			period: 'the last ten minutes',
		}),
		{
			title: 'Instances',
			rows: [
				['image', template.image],
				['command', template.command.map(word => JSON.stringify(word)).join(' ')],
				...pairRows('environment', template.env),
				['user', template.user],
				['folder', template.workdir],
				['health check', template.health && healthText(template.health)],
				['stop', `${template.stopSignal}, killed after ${formatDuration(template.stopGraceMs)}`],
				['reserved', [resources(template.reserve), numbers(template.reserve.generic)].filter(Boolean).join(', ')],
				['limit', [resources(template.limit), numbers({pids: template.limit.pids})].filter(Boolean).join(', ')],
				['networks', template.networks?.map(({network}) => network).join(', ')],
				...(template.mounts ?? []).map(mountRow),
				['configs', template.configs?.map(fileText).join(', ')],
				['secrets', template.secrets?.map(fileText).join(', ')],
			],
		},
		{title: 'Containers', rows: optionRows(template.container)},
		{
			title: 'Placement and restart',
			rows: [
				['constraints', placement.constraints.join(', ')],
				['preferences', placement.preferences.join(', ')],
				['per node', placement.maxReplicasPerNode > 0 ? `at most ${placement.maxReplicasPerNode}` : undefined],
				['restart', `${restart.condition}, after ${formatDuration(restart.delayMs)}`],
				['attempts', restart.maxAttempts > 0 ? `at most ${restart.maxAttempts}` : undefined],
			],
		},
		{
			title: 'Update and rollback',
			rows:
				spec.mode === 'job'
					? []
					: [
							...(service.type === undefined
								? ([
										['update', policyText(update)],
										['rollback', policyText(rollback)],
									] as const)
								: ([['update', `by the strategy of its ${service.type}: y shows it`]] as const)),
							['paused', spec.paused ? 'on request: P goes on' : undefined],
							['canaries', spec.canary > 0 ? String(spec.canary) : undefined],
						],
		},
		{
			title: 'Published ports',
			rows: status.ports.map(({published, target, host}) => [
				String(target),
				service.type === undefined ? `http://${host ?? '127.0.0.1'}:${published}` : `port ${published} in the cluster`,
			]),
		},
	];
}

function rolloutSpan({rollout, version}: Service): Span | undefined {
	if (rollout === undefined) {
		return undefined;
	}

	const {state, updated, total, failed, message, pausedBy} = rollout;
	const text = `${state.replace('-', ' ')}, ${updated} of ${total} at version ${version}`;
	const failures = failed > 0 ? `, ${failed} failed` : '';
	return {
		role: pausedBy === 'failure' ? 'bad' : 'plain',
		text: `${text}${failures}${message === undefined ? '' : `: ${message}`}`,
	};
}

/** `1 to 10, by cpu 70 %, requests 50/s for each`. */
function autoscaleText(policy: AutoscalePolicy): string {
	return `${policy.min} to ${policy.max}, by ${targetsText(policy)} for each`;
}

/** `2 at a time, start first, 10s between, watched for 5s, more than 20 % failed: pause`. */
function policyText({parallelism, delayMs, order, monitorMs, maxFailureRatio, failureAction}: UpdatePolicy): string {
	return [
		parallelism === 0 ? 'all at once' : `${parallelism} at a time`,
		order.replace('-', ' '),
		...(delayMs > 0 ? [`${formatDuration(delayMs)} between`] : []),
		`watched for ${formatDuration(monitorMs)}`,
		`${maxFailureRatio > 0 ? `more than ${Math.round(maxFailureRatio * 100)} % failed` : 'one failed'}: ${failureAction}`,
	].join(', ');
}

function pairs(values: Readonly<Record<string, string>>): string {
	return Object.entries(values)
		.map(([key, value]) => `${key}=${value}`)
		.join('  ');
}

/** What is given of CPU and memory; nothing where neither is. */
export function resources({cpus, memoryBytes}: {readonly cpus?: number; readonly memoryBytes?: number}): string {
	return [cpus ? `${cpus} CPUs` : '', memoryBytes ? formatBytes(memoryBytes) : ''].filter(Boolean).join(', ');
}

/** `2 gpu, 50 pids`. */
function numbers(amounts: Readonly<Record<string, number | undefined>> = {}): string {
	return Object.entries(amounts)
		.flatMap(([kind, amount]) => (amount === undefined ? [] : [`${amount} ${kind}`]))
		.join(', ');
}

/** Docker's rarer options, by the names that they have in a spec. */
function optionRows(options: ContainerOptions = {}): ReadonlyArray<readonly [string, string]> {
	return Object.entries(options).map(([name, value]) => [
		name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`),
		isObject(value) ? pairs(record(value)) : Array.isArray(value) ? value.join(' ') : String(value),
	]);
}

function record(value: Readonly<Record<string, unknown>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [key, isObject(one) ? Object.values(one).join(':') : String(one)]),
	);
}

function mountRow({type, source, target, readOnly, perSlot}: Mount): readonly [string, string] {
	const traits = [perSlot && 'one for each slot', readOnly && 'read only'].filter(Boolean);
	return [
		'mount',
		`${target} ← ${[type, source].filter(Boolean).join(' ')}${traits.map(trait => `, ${trait}`).join('')}`,
	];
}

function fileText({source, target, version}: FileAttachment): string {
	return `${source}${version === undefined ? '' : ` (version ${version})`}${target === undefined ? '' : ` → ${target}`}`;
}

function healthText({test, intervalMs, timeoutMs, retries, startPeriodMs, startIntervalMs}: HealthCheck): string {
	const what =
		test.type === 'command' ? test.command.join(' ') : test.type === 'http' ? `GET ${test.path}` : 'a TCP connection';
	const start = [
		startPeriodMs > 0 && `, none counts in the first ${formatDuration(startPeriodMs)}`,
		startIntervalMs !== undefined && `, then each ${formatDuration(startIntervalMs)}`,
	].filter(text => text !== false);
	return `${what}, each ${formatDuration(intervalMs)}, within ${formatDuration(timeoutMs)}, ${retries} failures${start.join('')}`;
}
