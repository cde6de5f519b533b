import type {Config, FileData, Instance, Network, Secret, Service, Volume} from '../../core/model/index.ts';
import {networkMembers} from '../../core/network-members.ts';
import {exactBytes} from '../../core/text/units.ts';
import {pairRows, type Section} from './sections.ts';

type Around = {readonly services: Iterable<Service>; readonly instances: Iterable<Instance>};

/**
 * Networks, volumes, configs and secrets: what is said of them, and who uses them. Of a secret only the names of its files, of a
 * network by which names and where its services and their instances are reached.
 */
export function storedSections(
	target: Network | Volume | Config | Secret,
	{services, instances}: Around,
): readonly Section[] {
	const {kind, name, spec, scope, usedBy} = target;
	return [
		{
			title: `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} ${name}`,
			rows: [
				['namespace', scope],
				...particularRows(target),
				...pairRows('labels', spec.labels),
				['used by', usedBy.length === 0 ? 'nobody' : usedBy.join(', ')],
			],
		},
		...(target.kind === 'config' ? contents(target.spec.data) : []),
		...(target.kind === 'network' ? [membersOf(target, services, instances)] : []),
	];
}

/** So many instances of a service are named; of the others it is said how many there are. */
const namedInstances = 20;

function membersOf(target: Network, services: Iterable<Service>, instances: Iterable<Instance>): Section {
	const rows = networkMembers(target, services, instances).flatMap(({service, names, instances: own}): Row[] => {
		const {address, healthy, desired} = service.status;
		const where = address === undefined ? '' : `${address} as ${names.join(', ')}, `;
		const unnamed = own.length - namedInstances;
		return [
			[service.name, `${where}${healthy} of ${desired} healthy`],
			...own.slice(0, namedInstances).map(({name, nodeName, status}): Row => {
				const endpoints = status.endpoints.map(({host, port, target: of}) => `${host}:${port}→${of}`);
				return [`  ${name}`, [nodeName ?? '', status.state, ...endpoints].filter(Boolean).join(' ')];
			}),
			...(unnamed > 0 ? [['', `and ${unnamed} more`] as Row] : []),
		];
	});
	return {title: 'Who is on it', rows};
}

type Row = Section['rows'][number];

function particularRows(target: Network | Volume | Config | Secret): readonly Row[] {
	switch (target.kind) {
		case 'network': {
			const {driver, attachable, internal, subnets = [], options = {}} = target.spec;
			return [
				['driver', driver],
				['reach', target.reach],
				['attachable', attachable === undefined ? undefined : attachable ? 'yes' : 'no'],
				['internal', internal === undefined ? undefined : internal ? 'yes' : 'no'],
				['subnets', subnets.map(({subnet, gateway}) => (gateway ? `${subnet} via ${gateway}` : subnet)).join(', ')],
				...pairRows('options', options),
			];
		}

		case 'volume': {
			const {driver, storageClass, sizeBytes, options = {}} = target.spec;
			return [
				['driver', driver],
				['storage class', storageClass],
				['size', sizeBytes === undefined ? undefined : exactBytes(sizeBytes)],
				['node', target.nodeName],
				['path', target.path],
				['state', target.message],
				...pairRows('options', options),
			];
		}

		case 'config':
			return [['version', target.version === undefined ? undefined : String(target.version)]];
		case 'secret':
			return [
				['version', target.version === undefined ? undefined : String(target.version)],
				['type', target.type],
				['files', target.files.join(', ')],
			];
	}
}

function contents(data: FileData): readonly Section[] {
	return Object.entries(data).map(([file, text]) => ({
		title: file,
		rows:
			typeof text === 'string'
				? text.split('\n').map((line): Row => ['', line])
				: [['', `${Math.floor((text.base64.length * 3) / 4)} bytes that are no text`]],
	}));
}
