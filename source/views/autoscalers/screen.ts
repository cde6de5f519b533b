import {targetsText} from '../../core/autoscale/autoscale.ts';
import type {Service} from '../../core/model/index.ts';
import {compareValues} from '../list/sorted-rows.ts';
import type {TableScreen} from '../screen.ts';
import {replicasCell, serviceRole} from '../services/columns.ts';
import {namespaceColumn} from '../widgets/namespace-column.ts';
import {autoscalersKeymap} from './keymap.ts';

/** The services whose number the load says, each with its policy and the last decision. */
export const autoscalersScreen: TableScreen<'service'> = {
	type: 'table',
	id: 'autoscalers',
	aliases: ['autoscaler', 'autoscale'],
	kind: 'service',
	belongs: ({spec}) => spec.autoscale !== undefined,
	compare: (a, b) => compareValues(a.name, b.name),
	orderedBy: 'NAME',
	columns: [
		namespaceColumn,
		{
			title: 'NAME',
			letter: 'n',
			isName: true,
			priority: 0,
			min: 8,
			max: 40,
			cell: ({name}) => name,
			sortBy: ({name}) => name,
		},
		{
			title: 'REPLICAS',
			letter: 'r',
			priority: 0,
			min: 8,
			max: 18,
			cell: replicasCell,
			sortBy: ({status}) => status.running,
		},
		{
			title: 'RANGE',
			letter: 'o',
			priority: 0,
			min: 5,
			max: 9,
			cell: ({spec: {autoscale}}) => (autoscale === undefined ? '' : `${autoscale.min}–${autoscale.max}`),
			sortBy: ({spec}) => spec.autoscale?.max,
		},
		{
			title: 'TARGETS',
			priority: 1,
			min: 10,
			max: 32,
			cell: ({spec: {autoscale}}) => (autoscale === undefined ? '' : targetsText(autoscale)),
		},
		{
			title: 'SCALED',
			letter: 'c',
			priority: 2,
			min: 6,
			max: 12,
			align: 'right',
			ifAny: true,
			cell: (service, {ages}) => scaledCell(service, at => ages.of(at)),
			sortBy: ({autoscale}) => -(autoscale?.scaledAt ?? 0),
		},
		{title: 'DECISION', priority: 1, min: 16, max: 80, cell: decisionCell},
	],
	filterable: ({name, spec, autoscale}) => ({text: `${name} ${autoscale?.reason ?? ''}`, labels: spec.labels}),
	isFault: service => serviceRole(service) === 'bad' || isAtItsMost(service),
	keymap: autoscalersKeymap,
	empty:
		'No service is scaled by its load. A on a service begins it; in a shell:  muster service autoscale --max 10 --cpu 70% web',
};

function decisionCell({autoscale}: Service): string {
	return autoscale?.reason ?? 'none yet: :tending tells who decides here';
}

/** When it was last, and from how many: `from 3, 5m`. */
function scaledCell({autoscale}: Service, age: (at: number) => string): string {
	const {scaledAt, scaledFrom} = autoscale ?? {};
	return scaledAt === undefined ? '' : `from ${scaledFrom}, ${age(scaledAt)}`;
}

/** More load finds no more instances. */
function isAtItsMost({spec: {autoscale, replicas}}: Service): boolean {
	return autoscale !== undefined && replicas >= autoscale.max;
}
