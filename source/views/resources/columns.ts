import type {Resource} from '../../core/model/index.ts';
import type {ResourceColumn} from '../../core/resource/facet.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Column} from '../widgets/columns.ts';
import {namespaceColumn} from '../widgets/namespace-column.ts';
import {grown, toldAge} from './told-age.ts';

const mostColumns = 60;

/** The columns that an engine has made for a kind, as a list of the dashboard has them: ages go on, numbers are ordered as such. */
export function columnsOf(columns: readonly ResourceColumn[]): ReadonlyArray<Column<Resource>> {
	const titles = columns.map(({title}) => stripControl(title));
	const name = Math.max(0, titles.indexOf('NAME'));
	const letters = lettersOf(titles);
	const own = columns.map((column, index): Column<Resource> => {
		const {wide, numeric} = column;
		const title = titles[index] ?? '';
		const letter = letters[index];
		return {
			title,
			...(letter === undefined ? {} : {letter}),
			...(index === name && {isName: true}),
			priority: index === name ? 0 : index + 1,
			min: Math.min(title.length, 12),
			max: mostColumns,
			...(wide && {wide}),
			...(numeric && {align: 'right'}),
			...(title === 'AGE' ? age : asListed(column, index)),
		};
	});
	return [{...namespaceColumn, ifAny: true}, ...own];
}

function asListed(column: ResourceColumn, index: number): Pick<Column<Resource>, 'cell' | 'sortBy'> {
	const text = ({cells}: Resource) => cells[index] ?? '';
	const key = (resource: Resource) => {
		if (column.isAge) return -(toldAge(resource, column, index)?.since ?? Number.NEGATIVE_INFINITY);
		return column.numeric ? Number(text(resource)) : text(resource);
	};
	return {
		cell(resource, {ages}) {
			const age = toldAge(resource, column, index);
			return age === undefined ? text(resource) : grown(age, ages);
		},
		sortBy: resource => (text(resource) === '' ? undefined : key(resource)),
	};
}

/** The engine has written how old they were when it was asked. */
const age: Pick<Column<Resource>, 'cell' | 'sortBy'> = {
	cell: ({createdAt}, {ages}) => (createdAt === 0 ? '' : ages.of(createdAt)),
	sortBy: ({createdAt}) => (createdAt === 0 ? undefined : -createdAt),
};

/** Of each title a letter that no other one has. */
function lettersOf(titles: readonly string[]): ReadonlyArray<string | undefined> {
	const taken = new Set<string>();
	return titles.map(title => {
		const letter = [...title.toLowerCase()].find(one => /[a-z]/.test(one) && !taken.has(one));
		if (letter !== undefined) taken.add(letter);
		return letter;
	});
}
