import type {Instance} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import type {About} from '../state.ts';
import {instanceColumns, instanceNote, instanceRole} from './columns.ts';
import {instancesKeymap} from './keymap.ts';

export const instancesScreen: TableScreen<'instance'> = {
	type: 'table',
	id: 'instances',
	aliases: ['instance', 'ins', 'ps', 'po', 'pod', 'pods', 'task', 'tasks'],
	kind: 'instance',
	belongs,
	compare: (a, b) =>
		compareValues(a.serviceName, b.serviceName) ||
		compareValues(a.slot, b.slot) ||
		(a.slot === 0 ? compareValues(a.name, b.name) : 0) ||
		compareValues(a.createdAt, b.createdAt),
	orderedBy: 'NAME',
	columns: instanceColumns,
	note: instanceNote,
	filterable({name, nodeName, serviceId, status}, world) {
		const {spec, instanceLabels} = world.service(serviceId) ?? {};
		const text = `${name} ${nodeName ?? ''} ${status.state} ${status.health}`;
		return {text, labels: {...spec?.labels, ...instanceLabels}};
	},
	isFault: instance => instanceRole(instance) !== 'good' && instanceRole(instance) !== 'done',
	keymap: instancesKeymap,
	empty: 'No instance here. Scale a service with + in :services.',
};

/** Those of a service or of a node; without either, all. */
function belongs({serviceId, nodeId}: Instance, about: About | undefined): boolean {
	switch (about?.kind) {
		case 'service':
			return serviceId === about.id;
		case 'node':
			return nodeId === about.id;
		default:
			return true;
	}
}
