import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {serviceColumns, serviceNote, serviceRole} from './columns.ts';
import {servicesKeymap} from './keymap.ts';

export const servicesScreen: TableScreen<'service'> = {
	type: 'table',
	id: 'services',
	aliases: ['service', 'svc', 'deploy', 'deployment', 'deployments', 'dp'],
	kind: 'service',
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: serviceColumns,
	note: serviceNote,
	filterable: ({name, spec, type = ''}) => ({
		text: `${name} ${spec.template.image} ${type}`.trimEnd(),
		labels: spec.labels,
	}),
	isFault: service => serviceRole(service) === 'bad' || serviceRole(service) === 'busy',
	keymap: servicesKeymap,
	empty({kinds, name}) {
		// What muster itself runs has images that come with it.
		const rest = kinds.includes('image') ? '--replicas=3 nodejs' : `-c ${name} --replicas=3 nginx`;
		return `No service yet. Press n to create one; in a shell:  muster service create ${rest}`;
	},
};
