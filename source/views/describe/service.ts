import type {FileAttachment, HealthCheck, Mount, Service} from '../../core/model/index.ts';
import {formatBytes, formatDuration} from '../../core/units.ts';
import {replicasCell, serviceRole} from '../services/columns.ts';
import {cpuCell, memoryCell} from '../widgets/cells.ts';
import type {RowContext} from '../widgets/columns.ts';
import type {Section} from './sections.ts';

export function serviceSections(service: Service, {world, ages}: RowContext): readonly Section[] {
	const {spec, status, rollout} = service;
	const {template, placement, restart} = spec;
	const usage = world.serviceUsage.get(service.id);
	return [
		{
			title: `Service ${service.name}`,
			rows: [
				['id', service.id],
				['mode', spec.mode],
				['replicas', replicasCell(service)],
				['healthy', {role: serviceRole(service), text: `${status.healthy} of ${status.desired}`}],
				['message', status.message && {role: 'bad', text: status.message}],
				[
					'rollout',
					rollout && `${rollout.state}, ${rollout.updated} of ${rollout.total} at version ${service.version}`,
				],
				['version', String(service.version)],
				['cpu', cpuCell(usage)],
				['memory', memoryCell(usage)],
				['labels', pairs(spec.labels)],
				['age', ages.of(service.createdAt)],
			],
		},
		{
			title: 'Instances',
			rows: [
				['image', template.image],
				['command', template.command.map(word => JSON.stringify(word)).join(' ')],
				['environment', pairs(template.env)],
				['user', template.user],
				['folder', template.workdir],
				['health check', template.health && healthText(template.health)],
				['stop', `${template.stopSignal}, killed after ${formatDuration(template.stopGraceMs)}`],
				['reserved', resources(template.reserve)],
				['limit', resources(template.limit)],
				['networks', template.networks?.map(({network}) => network).join(', ')],
				...(template.mounts ?? []).map(mountRow),
				['configs', template.configs?.map(fileText).join(', ')],
				['secrets', template.secrets?.map(fileText).join(', ')],
			],
		},
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
			title: 'Published ports',
			rows: status.ports.map(({published, target, host}) => [
				String(target),
				`http://${host ?? '127.0.0.1'}:${published}`,
			]),
		},
	];
}

export function pairs(values: Readonly<Record<string, string>>): string {
	return Object.entries(values)
		.map(([key, value]) => `${key}=${value}`)
		.join('  ');
}

/** What is given of CPU and memory; nothing where neither is. */
export function resources({cpus, memoryBytes}: {readonly cpus?: number; readonly memoryBytes?: number}): string {
	return [cpus ? `${cpus} CPUs` : '', memoryBytes ? formatBytes(memoryBytes) : ''].filter(Boolean).join(', ');
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

function healthText({test, intervalMs, timeoutMs, retries}: HealthCheck): string {
	const what =
		test.type === 'command' ? test.command.join(' ') : test.type === 'http' ? `GET ${test.path}` : 'a TCP connection';
	return `${what}, each ${formatDuration(intervalMs)}, within ${formatDuration(timeoutMs)}, ${retries} failures`;
}
