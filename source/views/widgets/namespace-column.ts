import type {Column} from './columns.ts';

type Scoped = {readonly scope?: string};

/** Where several namespaces are shown together: it tells objects of one name apart. */
export const namespaceColumn = {
	title: 'NAMESPACE',
	isName: true,
	priority: 1,
	min: 9,
	max: 24,
	scoped: true,
	cell: ({scope}: Scoped) => scope ?? '',
	sortBy: ({scope}: Scoped) => scope,
} satisfies Column<Scoped>;
