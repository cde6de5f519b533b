import {renderToString, Text} from 'ink';
import InkTable from 'ink-table';
import type {ComponentType, ReactNode} from 'react';

/** A row of a small table: what stands in each column, by its heading. */
export type StaticRow = Readonly<Record<string, string>>;

type Parts = {readonly children?: ReactNode};
type TableProps = {
	readonly data: readonly StaticRow[];
	readonly header: ComponentType<Parts>;
	readonly cell: ComponentType<Parts>;
	readonly skeleton: ComponentType<Parts>;
};

// Its types are older than React's, and a bundle wraps what it exports.
const Table = ((InkTable as unknown as {default?: unknown}).default ?? InkTable) as ComponentType<TableProps>;

function Plain({children}: Parts): ReactNode {
	return <Text>{children}</Text>;
}

/** The lines of a small table that does not change, in a border. Not for lists: it costs ten times as much as they do. */
export function staticTableLines(data: readonly StaticRow[], columns: number): readonly string[] {
	const table = <Table data={data} header={Plain} cell={Plain} skeleton={Plain} />;
	return renderToString(table, {columns}).split('\n');
}
