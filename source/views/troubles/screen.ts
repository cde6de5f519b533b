import type {Fields, Input} from '../../actions/action.ts';
import {equalCommand} from '../../actions/fields/equal-command.ts';
import {actions} from '../../actions/index.ts';
import {displayWidth, fitWidth, stripControl, truncate} from '../../core/text/text.ts';
import type {Severity, Trouble} from '../../core/troubles/trouble.ts';
import {clickLine, drawnFrom, topFor} from '../cursor.ts';
import {refusedText, unreadText} from '../live/waiting.ts';
import type {PictureScreen} from '../screen.ts';
import type {Size} from '../state.ts';
import type {Role} from '../theme.ts';
import type {Ui} from '../ui.ts';
import {emptyLines} from '../widgets/empty-lines.ts';
import {type Span, wrapWords} from '../widgets/line.ts';
import {troublesOf, unwatchComponents, watchComponents} from './finding.ts';
import {selectedIndex, selectedTrouble, troublesKeymap} from './keymap.ts';

type Line = readonly Span[];

export const troublesScreen: PictureScreen = {
	type: 'picture',
	id: 'troubles',
	aliases: ['trouble', 'tr'],
	keymap: troublesKeymap,
	draw,
	target: ui => ui.find(selectedTrouble(ui)?.about),
	status(ui) {
		const {length} = troublesOf(ui);
		return length === 0 ? '' : `${selectedIndex(ui) + 1}/${length}`;
	},
	click: (ui, {row}) =>
		clickLine(
			ui,
			row,
			troublesOf(ui).map(({id}) => id),
		),
	open: watchComponents,
	close: unwatchComponents,
};

const roles: Readonly<Record<Severity, Role>> = {critical: 'bad', serious: 'warning', minor: 'busy'};
const marks: Readonly<Record<Severity, string>> = {critical: '✗', serious: '!', minor: '·'};

function draw(ui: Ui, {columns, rows}: Size): readonly Line[] {
	const troubles = troublesOf(ui);
	if (troubles.length === 0) {
		const unread = unreadText(ui, ['service', 'instance', 'node']);
		// As long as something was never read, nobody knows.
		if (unread !== undefined) return emptyLines(unread, columns);
		const refused = refusedText(ui, ['service', 'instance']);
		if (refused !== undefined) return emptyLines(`Nothing is wrong in what may be seen. ${refused}`, columns);
		return ui.collections.connection().state === 'live'
			? emptyLines('Nothing is wrong.', columns, 'good')
			: emptyLines('Nothing was wrong when the cluster was heard of last.', columns);
	}

	const index = selectedIndex(ui);
	const details = detailLines(ui, troubles[index], columns);
	const room = Math.max(1, Math.min(troubles.length, rows - details.length - 1));
	const top = topFor(index, troubles.length, room);
	drawnFrom(ui, {line: 1, top, count: room});
	const titleColumns = titleWidth(troubles, columns);
	const shown = troubles.slice(top, top + room);
	const list = shown.map((trouble, row) => rowLine(trouble, top + row === index, titleColumns, columns));
	const gap = Math.max(1, rows - 1 - list.length - details.length);
	return [heading(titleColumns), ...list, ...Array.from({length: gap}, () => []), ...details].slice(0, rows);
}

function titleWidth(troubles: readonly Trouble[], columns: number): number {
	const longest = troubles.reduce((most, {title}) => Math.max(most, displayWidth(stripControl(title))), 0);
	return Math.min(longest, Math.max(16, Math.floor(columns * 0.45)));
}

const countColumns = 6;

function heading(titleColumns: number): Line {
	return [
		{role: 'dim', text: `    ${fitWidth('TROUBLE', titleColumns)} ${fitWidth('COUNT', countColumns, 'right')}  CAUSE`},
	];
}

function rowLine(
	{severity, title, count, cause}: Trouble,
	isSelected: boolean,
	titleColumns: number,
	columns: number,
): Line {
	const left = `${isSelected ? '▸' : ' '} `;
	const name = fitWidth(stripControl(title), titleColumns);
	const number = fitWidth(String(count), countColumns, 'right');
	const why = truncate(stripControl(cause), Math.max(0, columns - titleColumns - countColumns - 7));
	return isSelected
		? [{role: 'selected', text: fitWidth(`${left}${marks[severity]} ${name} ${number}  ${why}`, columns)}]
		: [left, {role: roles[severity], text: `${marks[severity]} ${name}`}, ` ${number}  `, {role: 'dim', text: why}];
}

/** The one under the cursor, in full. */
function detailLines(ui: Ui, trouble: Trouble | undefined, columns: number): readonly Line[] {
	if (trouble === undefined) {
		return [];
	}

	const {severity, title, cause, remedy} = trouble;
	return [
		[' ', {role: roles[severity], text: severity}, ' ', {role: 'title', text: title}],
		...labelled('cause', cause, columns),
		...labelled('remedy', remedy.text, columns),
		...(remedy.action === undefined ? [] : labelled('key a', commandOf(ui, trouble), columns)),
	];
}

const labelColumns = 8;
const mostLines = 3;

function labelled(label: string, text: string, columns: number): readonly Line[] {
	const lines = wrapWords(stripControl(text), Math.max(10, columns - labelColumns - 4)).slice(0, mostLines);
	return lines.map((line, index) => [
		{role: 'dim', text: `   ${fitWidth(index === 0 ? label : '', labelColumns)}`},
		line,
	]);
}

function commandOf(ui: Ui, {remedy}: Trouble): string {
	const {id = '', target, input = {}} = remedy.action ?? {};
	const action = actions.get(id);
	const object = ui.find(target);
	return action === undefined || object === undefined
		? 'what it was to be done to is gone'
		: equalCommand(action, object.name, input as Input<Fields>);
}
