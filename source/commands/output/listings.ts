import {targetsText} from '../../core/autoscale/autoscale.ts';
import {type InstanceState, stateTable, type Tone} from '../../core/instance-state.ts';
import type {
	ClusterEvent,
	Endpoint,
	Health,
	Image,
	Instance,
	Node,
	Pool,
	PublishedPort,
	Rollout,
	Service,
	Usage,
} from '../../core/model/index.ts';
import {isThrough} from '../../core/reconcile/rollout.ts';
import {withoutDigest} from '../../core/spec/image-name.ts';
import {modeText} from '../../core/spec/service-mode.ts';
import {formatLabels} from '../../core/text/text.ts';
import {formatAge, formatBytes} from '../../core/text/units.ts';
import {eventShape, imageShape, instanceShape, nodeShape, poolShape, reasonOf, serviceShape} from './shape.ts';
import type {Column} from './table.ts';

/** How objects of one kind are printed. */
export type Listing<T> = {
	columns(now: number): readonly Column<T>[];
	shape(item: T, context: string): unknown;
};

export function age(now: number, at: number | undefined): string {
	return at === undefined ? '' : formatAge(now - at);
}

export function cpu(usage: Usage | undefined): string {
	return usage?.cpus === undefined ? '' : `${(usage.cpus * 100).toFixed(usage.cpus < 0.1 ? 1 : 0)} %`;
}

export function memory(usage: Usage | undefined): string {
	return usage?.memoryBytes === undefined ? '' : formatBytes(usage.memoryBytes);
}

export function portText({host, published, target, protocol}: PublishedPort): string {
	const transport = protocol === 'tcp' ? '' : `/${protocol}`;
	const where = host === undefined || host === '127.0.0.1' ? '' : `${host.includes(':') ? `[${host}]` : host}:`;
	return `${where}${published || '?'}→${target}${transport}`;
}

function endpointText({host, port, target}: Endpoint): string {
	return `${host}:${port}→${target}`;
}

const healthTones: Readonly<Record<Health, Tone | undefined>> = {
	none: undefined,
	starting: 'waiting',
	healthy: 'good',
	unhealthy: 'bad',
};

function stateTone(state: InstanceState): Tone {
	return stateTable[state].tone;
}

/** Of one that is under way, or stands still. */
function rolloutText(rollout: Rollout | undefined): string | undefined {
	if (rollout === undefined || isThrough(rollout)) {
		return undefined;
	}

	const {state, isRollback, updated, total, message} = rollout;
	const what = state === 'paused' ? (isRollback ? 'rollback paused' : 'update paused') : state.replace('-', ' ');
	return `${what} ${updated}/${total}${message === undefined ? '' : `: ${message}`}`;
}

/** What the rollout does not say itself. */
function besides(rollout: Rollout | undefined, message: string | undefined): string | undefined {
	const isSaid = rollout !== undefined && (rollout.message !== undefined || rollout.state === 'paused');
	return isSaid ? undefined : message;
}

/** Tells objects of one name apart. */
export const scopeColumn = {
	title: 'NAMESPACE',
	scoped: true,
	value: ({scope}: {readonly scope?: string}) => scope ?? '',
};

export const serviceListing: Listing<Service> = {
	columns: now => [
		{title: 'ID', value: ({id}) => id},
		scopeColumn,
		{title: 'NAME', value: ({name}) => name},
		{title: 'MODE', value: ({spec}) => modeText(spec)},
		{
			title: 'REPLICAS',
			value: ({spec, status}) =>
				spec.mode === 'job' ? `${status.completed}/${status.desired} done` : `${status.running}/${status.desired}`,
			tone: ({spec, status}) =>
				spec.mode === 'job' || status.running >= status.desired ? undefined : status.running === 0 ? 'bad' : 'waiting',
		},
		{
			title: 'HEALTHY',
			align: 'right',
			value: ({status}) => String(status.healthy),
			tone: ({spec, status}) => (spec.mode === 'job' || status.healthy >= status.desired ? undefined : 'waiting'),
		},
		{title: 'IMAGE', shrinkTo: 12, value: ({spec}) => withoutDigest(spec.template.image)},
		{title: 'PORTS', shrinkTo: 12, value: ({status}) => status.ports.map(portText).join(', ')},
		{title: 'LABELS', wide: true, value: ({spec}) => formatLabels(spec.labels)},
		{title: 'VERSION', wide: true, align: 'right', value: ({version}) => String(version)},
		{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		{
			title: 'MESSAGE',
			shrinkTo: 16,
			value: ({removing, spec, status, rollout}) => {
				const said = [rolloutText(rollout), besides(rollout, status.message)].filter(Boolean).join(' · ');
				if (removing) return ['removing', status.running === 0 && status.message].filter(Boolean).join(': ');
				return said === '' && spec.paused ? 'updates are paused' : said;
			},
		},
	],
	shape: serviceShape,
};

/** Services whose number the load says. */
export const autoscalerListing: Listing<Service> = {
	columns: now => [
		scopeColumn,
		{title: 'NAME', value: ({name}) => name},
		{title: 'REPLICAS', value: ({status}) => `${status.running}/${status.desired}`},
		{title: 'MIN', align: 'right', value: ({spec}) => String(spec.autoscale?.min ?? '')},
		{title: 'MAX', align: 'right', value: ({spec}) => String(spec.autoscale?.max ?? '')},
		{title: 'TARGETS', value: ({spec}) => (spec.autoscale === undefined ? '' : targetsText(spec.autoscale))},
		{title: 'SCALED FROM', align: 'right', value: ({autoscale}) => String(autoscale?.scaledFrom ?? '')},
		{title: 'SCALED', align: 'right', value: ({autoscale}) => age(now, autoscale?.scaledAt)},
		{title: 'DECISION', shrinkTo: 16, value: ({autoscale}) => autoscale?.reason ?? ''},
	],
	shape: serviceShape,
};

export const instanceListing: Listing<Instance> = {
	columns: now => [
		{title: 'ID', value: ({id}) => id},
		scopeColumn,
		{title: 'NAME', value: ({name}) => name},
		{title: 'IMAGE', shrinkTo: 10, value: ({image}) => image ?? ''},
		{title: 'NODE', value: ({nodeName}) => nodeName ?? ''},
		{title: 'DESIRED', value: ({desired}) => desired},
		{title: 'STATE', value: ({status}) => status.state, tone: ({status}) => stateTone(status.state)},
		{
			title: 'HEALTH',
			value: ({status}) => (status.health === 'none' ? '' : status.health),
			tone: ({status}) => healthTones[status.health],
		},
		{title: 'SINCE', align: 'right', value: ({status}) => age(now, status.at)},
		{title: 'ENDPOINTS', shrinkTo: 12, value: ({status}) => status.endpoints.map(endpointText).join(', ')},
		{title: 'RESTARTS', wide: true, align: 'right', value: ({restarts}) => String(restarts)},
		{title: 'PID', wide: true, align: 'right', value: ({status}) => String(status.pid ?? '')},
		{title: 'CPU', wide: true, align: 'right', value: ({usage}) => cpu(usage)},
		{title: 'MEMORY', wide: true, align: 'right', value: ({usage}) => memory(usage)},
		{title: 'VERSION', wide: true, align: 'right', value: ({version}) => String(version)},
		{
			title: 'REASON',
			shrinkTo: 16,
			value: instance =>
				reasonOf(instance) ?? (instance.status.health === 'healthy' ? '' : (instance.status.healthMessage ?? '')),
		},
	],
	shape: instanceShape,
};

const nodeTones: Readonly<Record<Node['status']['state'], Tone>> = {ready: 'good', down: 'bad', unknown: 'waiting'};

export const nodeListing: Listing<Node> = {
	columns: now => [
		{title: 'ID', value: ({id}) => id},
		{title: 'NAME', value: ({name}) => name},
		{title: 'STATUS', value: ({status}) => status.state, tone: ({status}) => nodeTones[status.state]},
		{
			title: 'AVAILABILITY',
			value: ({availability}) => availability,
			tone: ({availability}) => (availability === 'active' ? undefined : 'waiting'),
		},
		{
			title: 'ROLE',
			filled: true,
			value: roleText,
			tone: ({manager}) => (manager?.isReachable === false ? 'bad' : undefined),
		},
		{title: 'INSTANCES', align: 'right', counted: true, value: ({instances}) => String(instances)},
		{
			title: 'CPUS',
			align: 'right',
			value: ({reserved, capacity, uncounted}) => `${uncounted ? '' : `${reserved.cpus}/`}${capacity.cpus}`,
		},
		{
			title: 'MEMORY',
			align: 'right',
			value: ({reserved, capacity, uncounted}) =>
				`${uncounted ? '' : `${formatBytes(reserved.memoryBytes)}/`}${formatBytes(capacity.memoryBytes)}`,
		},
		{title: 'CPU USED', wide: true, align: 'right', value: ({usage}) => cpu(usage)},
		{title: 'MEMORY USED', wide: true, align: 'right', value: ({usage}) => memory(usage)},
		{title: 'POOL', wide: true, value: ({pool}) => pool?.name ?? ''},
		{title: 'LABELS', wide: true, value: ({spec}) => formatLabels(spec.labels)},
		{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		{title: 'MESSAGE', shrinkTo: 16, value: ({removing, status}) => (removing ? 'removing' : (status.message ?? ''))},
	],
	shape: nodeShape,
};

export const poolListing: Listing<Pool> = {
	columns: now => [
		{title: 'ID', value: ({id}) => id},
		{title: 'NAME', value: ({name}) => name},
		{title: 'NODES', align: 'right', value: ({status}) => String(status.nodes)},
		{title: 'READY', align: 'right', value: ({status}) => String(status.ready)},
		{title: 'MIN', align: 'right', value: ({spec}) => String(spec.min)},
		{title: 'MAX', align: 'right', value: ({spec}) => String(spec.max)},
		{title: 'CPUS', align: 'right', value: ({spec}) => String(spec.capacity.cpus ?? 'all')},
		{
			title: 'MEMORY',
			align: 'right',
			value: ({spec: {capacity}}) => (capacity.memoryBytes === undefined ? 'all' : formatBytes(capacity.memoryBytes)),
		},
		{title: 'LABELS', wide: true, value: ({spec}) => formatLabels(spec.labels)},
		{title: 'CHANGED', align: 'right', value: ({status}) => age(now, status.changed?.at)},
		{title: 'LAST CHANGE', wide: true, shrinkTo: 16, value: ({status}) => status.changed?.reason ?? ''},
		{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		{title: 'DECISION', shrinkTo: 16, value: ({status}) => status.reason},
	],
	shape: poolShape,
};

function roleText({role, manager}: Node): string {
	return manager?.isLeader ? 'leader' : manager?.isReachable === false ? 'manager, unreachable' : (role ?? '');
}

export const imageListing: Listing<Image> = {
	columns: () => [
		{title: 'ID', value: ({id}) => id},
		{title: 'NAME', value: ({name}) => name},
		{title: 'ORIGIN', value: ({origin}) => origin},
		{title: 'PORT', align: 'right', value: ({port}) => String(port ?? '')},
		{title: 'COMMAND', shrinkTo: 12, value: ({command}) => command.join(' ')},
		{title: 'PATH', wide: true, value: ({path}) => path},
		{title: 'DESCRIPTION', shrinkTo: 16, value: ({description}) => description ?? ''},
	],
	shape: imageShape,
};

export const eventListing: Listing<ClusterEvent> = {
	columns: () => [
		{title: 'TIME', value: ({createdAt}) => new Date(createdAt).toISOString()},
		{title: 'KIND', value: ({about}) => about.kind},
		{title: 'NAME', value: ({about}) => about.name},
		{title: 'REASON', value: ({name}) => name, tone: ({tone}) => (tone === 'warning' ? 'bad' : undefined)},
		{title: 'MESSAGE', shrinkTo: 20, value: ({message}) => message},
	],
	shape: eventShape,
};
