import type {Instance, ServiceSpec} from '../../core/model/index.ts';
import {instanceRole} from '../instances/columns.ts';
import type {RowContext} from '../widgets/columns.ts';
import type {Section} from './sections.ts';
import {usageSection} from './usage.ts';

export function instanceSections(instance: Instance, {world, ages}: RowContext): readonly Section[] {
	const {status} = instance;
	const spec = world.service(instance.serviceId)?.spec;
	const template = spec?.template;
	return [
		{
			title: `Instance ${instance.name}`,
			rows: [
				['id', instance.id],
				['service', instance.serviceName],
				['slot', slotText(instance.slot, spec)],
				['version', String(instance.version)],
				['node', instance.nodeName],
				['age', ages.of(instance.createdAt)],
			],
		},
		{
			title: 'State',
			rows: [
				['state', {role: instanceRole(instance), text: `${status.state} for ${ages.of(status.at)}`}],
				['reason', status.reason],
				['should be', instance.desired === 'running' ? 'running' : `stopped: ${instance.desiredReason ?? ''}`],
				['health', status.health],
				['last answer', status.healthMessage],
				['exit code', number(status.exitCode)],
				['started', status.startedAt === undefined ? undefined : `${ages.of(status.startedAt)} ago`],
				['finished', status.finishedAt === undefined ? undefined : `${ages.of(status.finishedAt)} ago`],
				['restarts', String(instance.restarts)],
			],
		},
		usageSection({
			usage: instance.usage,
			limit: instance.bounds?.limit ?? template?.limit,
			reserved: instance.bounds?.reserve ?? template?.reserve,
			history: figure => world.trends.usage.ofInstance(instance.id, figure, world.now),
			period: 'the last five minutes',
		}),
		{
			title: 'Process',
			rows: [
				['pid', number(status.pid)],
				['limits by', status.isolation],
			],
		},
		{
			title: 'Endpoints',
			rows: status.endpoints.map(({target, host, port}) => [String(target), `${host}:${port}`]),
		},
	];
}

/** The pods of a Deployment have none. */
function slotText(slot: number, spec: ServiceSpec | undefined): string | undefined {
	if (slot > 0) return String(slot);
	return spec?.mode === 'global' || spec?.perNode ? 'its node' : undefined;
}

function number(value: number | undefined): string | undefined {
	return value === undefined ? undefined : String(value);
}
