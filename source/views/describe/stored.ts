import type {Config, FileData, Network, Secret, Service, Volume} from '../../core/model/index.ts';
import {formatLabels} from '../../core/text.ts';
import {exactBytes} from '../../core/units.ts';
import type {Section} from './sections.ts';

/**
 * Networks, volumes, configs and secrets: what is said of them, and who uses them. Of a secret only the names of its files, of a
 * network by which names and where its services are reached.
 */
export function storedSections(
	target: Network | Volume | Config | Secret,
	services: Iterable<Service>,
): readonly Section[] {
	const {kind, name, spec, scope, usedBy} = target;
	return [
		{
			title: `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} ${name}`,
			rows: [
				['namespace', scope],
				...particularRows(target),
				['labels', formatLabels(spec.labels)],
				['used by', usedBy.length === 0 ? 'nobody' : usedBy.join(', ')],
			],
		},
		...(target.kind === 'config' ? contents(target.spec.data) : []),
		...(target.kind === 'network' ? [membersOf(target, services)] : []),
	];
}

function membersOf({name, scope}: Network, services: Iterable<Service>): Section {
	const rows = [...services].flatMap(({name: service, scope: place, spec, status}): Row[] => {
		const joined = spec.template.networks?.find(({network}) => network === name);
		if (joined === undefined || place !== scope || status.address === undefined) {
			return [];
		}

		const names = [service, ...(joined.aliases ?? [])].join(', ');
		return [[service, `${status.address} as ${names}, ${status.healthy} of ${status.desired} healthy`]];
	});
	return {title: 'Services', rows};
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
				['options', formatLabels(options)],
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
				['options', formatLabels(options)],
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
