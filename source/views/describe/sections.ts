import {displayWidth} from '../../core/text/text.ts';
import type {TextLines} from '../screen.ts';
import type {Span} from '../widgets/line.ts';

/** What is told of an object, under headings. Rows without a value are left out. */
export type Section = {
	readonly title: string;
	readonly rows: ReadonlyArray<readonly [label: string, value: Span | undefined]>;
};

/** A line for each: of 200 labels in one line three were seen. */
export function pairRows(label: string, values: Readonly<Record<string, string>>): Section['rows'] {
	return Object.entries(values).map(([key, value], index) => [index === 0 ? label : '', `${key}=${value}`]);
}

/** Sections as lines, their values below each other. */
export function sectionLines(sections: readonly Section[]): ReadonlyArray<readonly Span[]> {
	const filled = sections
		.map(({title, rows}) => ({title, rows: rows.filter(([, value]) => value !== undefined && value !== '')}))
		.filter(({rows}) => rows.length > 0);
	const labelColumns = Math.max(0, ...filled.flatMap(({rows}) => rows.map(([label]) => displayWidth(label)))) + 2;
	return filled.flatMap(({title, rows}) => [
		[],
		[' ', {role: 'title', text: title}],
		...rows.map(([label, value = '']): readonly Span[] => {
			const space = ' '.repeat(labelColumns - displayWidth(label));
			return ['   ', {role: 'dim', text: label}, space, value];
		}),
	]);
}

export function lines(all: ReadonlyArray<readonly Span[]>): TextLines {
	return {count: all.length, at: index => all[index] ?? []};
}
