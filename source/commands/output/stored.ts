import type {Config, Network, Objects, Secret, Volume} from '../../core/model/index.ts';
import type {NetworkMember} from '../../core/network-members.ts';
import {formatLabels} from '../../core/text/text.ts';
import {formatBytes} from '../../core/text/units.ts';
import {age, type Listing, scopeColumn} from './listings.ts';
import {meta} from './shape.ts';
import type {Column} from './table.ts';

/* Networks, volumes, configs and secrets, as they are printed: name first, who uses it and its age last. */

type Stored = Objects['network' | 'volume' | 'config' | 'secret'];

function listing<T extends Stored>(
	particular: ReadonlyArray<Column<T>>,
	shape: (item: T) => Readonly<Record<string, unknown>>,
): Listing<T> {
	return {
		columns: now => [
			{title: 'ID', value: ({id}) => id},
			scopeColumn,
			{title: 'NAME', value: ({name}) => name},
			...particular,
			{title: 'USED BY', shrinkTo: 12, value: ({usedBy}) => usedBy.join(', ')},
			{title: 'LABELS', wide: true, value: ({spec}) => formatLabels(spec.labels)},
			{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		],
		shape: (item, context) => ({
			...meta(item, context),
			...shape(item),
			labels: item.spec.labels,
			usedBy: item.usedBy,
		}),
	};
}

export const networkListing = listing<Network>(
	[
		{title: 'DRIVER', value: ({spec}) => spec.driver ?? ''},
		{title: 'REACH', value: ({reach}) => reach},
		{title: 'SUBNETS', wide: true, value: ({spec}) => (spec.subnets ?? []).map(({subnet}) => subnet).join(', ')},
	],
	({spec, reach}) => ({
		driver: spec.driver ?? null,
		reach,
		attachable: spec.attachable ?? null,
		internal: spec.internal ?? null,
		subnets: (spec.subnets ?? []).map(({subnet, gateway = null, range = null}) => ({subnet, gateway, range})),
		options: spec.options ?? {},
	}),
);

/** What `inspect` tells besides: who is on it. */
export function memberShape({service, names, instances}: NetworkMember) {
	const {name, status} = service;
	return {
		service: name,
		names,
		address: status.address ?? null,
		desired: status.desired,
		healthy: status.healthy,
		instances: instances.map(instance => ({
			id: instance.id,
			name: instance.name,
			node: instance.nodeName ?? null,
			state: instance.status.state,
			health: instance.status.health,
			endpoints: instance.status.endpoints,
		})),
	};
}

export const volumeListing = listing<Volume>(
	[
		{title: 'DRIVER', value: ({spec}) => spec.driver ?? spec.storageClass ?? ''},
		{title: 'NODE', value: ({nodeName}) => nodeName ?? ''},
		{
			title: 'SIZE',
			align: 'right',
			value: ({spec}) => (spec.sizeBytes === undefined ? '' : formatBytes(spec.sizeBytes)),
		},
		{title: 'PATH', wide: true, value: ({path}) => path ?? ''},
		{title: 'MESSAGE', shrinkTo: 12, value: ({message}) => message ?? ''},
	],
	({spec, nodeName, path, message}) => ({
		driver: spec.driver ?? null,
		storageClass: spec.storageClass ?? null,
		sizeBytes: spec.sizeBytes ?? null,
		node: nodeName ?? null,
		path: path ?? null,
		message: message ?? null,
		options: spec.options ?? {},
	}),
);

const version: Column<Config | Secret> = {
	title: 'VERSION',
	align: 'right',
	value: item => (item.version === undefined ? '' : String(item.version)),
};

export const configListing = listing<Config>(
	[version, {title: 'FILES', shrinkTo: 12, value: ({spec}) => Object.keys(spec.data).join(', ')}],
	({spec, version: number}) => ({version: number ?? null, data: spec.data}),
);

export const secretListing = listing<Secret>(
	[
		version,
		{title: 'TYPE', value: ({type}) => type ?? ''},
		{title: 'FILES', shrinkTo: 12, value: ({files}) => files.join(', ')},
	],
	({version: number, type, files}) => ({version: number ?? null, type: type ?? null, files}),
);
