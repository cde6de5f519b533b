import type {Instant, Labels} from '../../core/model/index.ts';
import {formatLabels} from '../../core/text/text.ts';
import {ageColumn} from './age-column.ts';
import {absent} from './cells.ts';
import type {Column} from './columns.ts';
import {namespaceColumn} from './namespace-column.ts';

/* Columns of objects that are just there: networks, volumes, configs, secrets. */

type Named = {
	readonly name: string;
	readonly scope?: string;
	readonly createdAt: Instant;
	readonly usedBy: readonly string[];
	readonly spec: {readonly labels: Labels};
};

/** The name first, then what is particular, then who uses it, and how long it has been there. */
export function namedColumns<R extends Named>(particular: ReadonlyArray<Column<R>>): ReadonlyArray<Column<R>> {
	return [
		namespaceColumn,
		{
			title: 'NAME',
			letter: 'n',
			isName: true,
			priority: 0,
			min: 8,
			max: 60,
			cell: ({name}) => name,
			sortBy: ({name}) => name,
		},
		...particular,
		{
			title: 'USED BY',
			letter: 'u',
			priority: 1,
			min: 7,
			max: 50,
			cell: ({usedBy}) => (usedBy.length === 0 ? absent : usedBy.join(', ')),
			sortBy: ({usedBy}) => usedBy.length,
		},
		{
			title: 'LABELS',
			priority: 8,
			min: 6,
			max: 50,
			wide: true,
			cell: ({spec}) => formatLabels(spec.labels),
		},
		ageColumn(2),
	];
}
