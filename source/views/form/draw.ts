import {commandFor} from '../../actions/fields/equal-command.ts';
import {displayWidth, fitWidth, stripControl, truncate} from '../../core/text/text.ts';
import {topFor} from '../cursor.ts';
import {latestPreview, previewOf} from '../errands/previewing.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, safe, spreadSpans, wrapWords} from '../widgets/line.ts';
import {type Form, type FormField, readForm} from './form.ts';
import {errandOf, problemOf} from './submit.ts';
import {suggestionFor} from './suggest.ts';

type Line = readonly Span[];

/** Where the help of each field stands beside it. */
const wideColumns = 110;
const roomyRows = 16;
const footRows = 7;
const mostLabelColumns = 22;
const valueColumns = 40;

/** An action's fields, and below them what they come to: help or mistake, the equal command, and what it would bring. */
export function formLines(ui: Ui, form: Form, {columns, rows}: Size): readonly string[] {
	const {action, target, fields, index} = form;
	const foot = footLines(ui, form, columns).slice(0, Math.max(3, Math.floor(rows / 2)));
	// As high whatever is in it, where there is room: the fields above do not move while one types.
	const spare = Array.from({length: rows >= roomyRows ? Math.max(0, footRows - foot.length) : 0}, (): Line => []);
	const room = Math.max(1, rows - foot.length - spare.length - 2);
	const top = topFor(index, fields.length, room);
	const labels = Math.min(mostLabelColumns, Math.max(...fields.map(({label}) => displayWidth(label))));
	const shown = fields.slice(top, top + room);
	drawn.set(ui, {top, count: shown.length});
	const title: Line = [' ', {role: 'title', text: [action.title, target?.name].filter(Boolean).join(': ')}];
	const where: Line = [{role: 'dim', text: `${index + 1}/${fields.length} `}];
	const list = shown.map((field, row) => fieldLine(ui, form, field, {isFocused: top + row === index, labels, columns}));
	const gap = Array.from({length: Math.max(0, room - shown.length)}, (): Line => []);
	const lines = [...list, ...gap, ...foot, ...spare].map(spans => paintSpans(spans.map(safe), columns, ui.theme));
	return [spreadSpans(title.map(safe), where, columns, ui.theme), '', ...lines].slice(0, rows);
}

const firstLine = 2;
const drawn = new WeakMap<Ui, {readonly top: number; readonly count: number}>();

/** Which field was drawn last on a line of the body. */
export function fieldAt(ui: Ui, line: number): number | undefined {
	const {top = 0, count = 0} = drawn.get(ui) ?? {};
	const row = line - firstLine;
	return row >= 0 && row < count ? top + row : undefined;
}

type Look = {readonly isFocused: boolean; readonly labels: number; readonly columns: number};

function fieldLine(ui: Ui, form: Form, formField: FormField, {isFocused, labels, columns}: Look): Line {
	const {label, line, first, field, name} = formField;
	const hasError = readForm(form).errors.has(name);
	const isWide = columns >= wideColumns;
	const room = isWide ? valueColumns : Math.max(8, columns - labels - 5);
	const role = hasError ? 'bad' : isFocused ? 'key' : line.text === first ? 'dim' : 'title';
	const value = valueSpans(ui, formField, isFocused, room);
	const help: Line = isWide ? ['  ', {role: 'dim', text: truncate(field.help, columns - labels - room - 8)}] : [];
	return [isFocused ? '▸ ' : '  ', {role, text: fitWidth(label, labels)}, hasError ? ' ✗ ' : '   ', ...value, ...help];
}

/** A text and its caret, in exactly so many columns: of a longer one, the part with the caret. */
function valueSpans(ui: Ui, formField: FormField, isFocused: boolean, room: number): Line {
	const {line, first, field} = formField;
	if (!isFocused) {
		const role = line.text === first ? 'plain' : 'title';
		return line.text === ''
			? [{role: 'dim', text: fitWidth(emptyText(field), room)}]
			: [{role, text: fitWidth(stripControl(line.text), room)}];
	}

	const characters = [...line.text];
	const after = stripControl(characters.slice(line.caret).join(''));
	const before = ending(
		stripControl(characters.slice(0, line.caret).join('')),
		Math.max(4, room - 2 - Math.min(12, displayWidth(after))),
	);
	const suggested = suggestionFor(ui, formField) ?? (line.text === '' ? emptyText(field) : '');
	const left = Math.max(0, room - displayWidth(before) - 1);
	const rest = truncate(after, left);
	const ghost = fitWidth(suggested, Math.max(0, left - displayWidth(rest)));
	return [before, {role: 'key', text: '▏'}, rest, {role: 'dim', text: ghost}];
}

/** The end of a text, `…` before it where it is longer. */
function ending(text: string, columns: number): string {
	if (displayWidth(text) <= columns) {
		return text;
	}

	const characters = [...text];
	while (displayWidth(characters.join('')) > columns - 1) {
		characters.shift();
	}

	return `…${characters.join('')}`;
}

function emptyText({placeholder, fallback, format, choices, many}: FormField['field']): string {
	if (fallback !== undefined) {
		return format ? format(fallback) : String(fallback);
	}

	const text = placeholder === undefined ? 'no' : (choices?.join(' | ') ?? placeholder);
	return many ? `${text} …` : text;
}

const mostCommandLines = 3;
const mostPreviewRows = 3;

function footLines(ui: Ui, form: Form, columns: number): readonly Line[] {
	const {action, target, fields, index} = form;
	const {errors, input} = readForm(form);
	const {field, name = '', label = ''} = fields[index] ?? {};
	const wrong = errors.get(name);
	const wrap = (text: string) => wrapWords(stripControl(text), columns - 4);
	const help: readonly Line[] = wrap(wrong === undefined ? (field?.help ?? '') : `${label}: ${wrong}`).map(text => [
		'  ',
		{role: wrong === undefined ? 'plain' : form.isRefused ? 'bad' : 'warning', text},
	]);
	const command = commandFor(action, target, input);
	const commandLines = wrap(command).slice(0, mostCommandLines);
	return [
		[],
		...help.slice(0, 2),
		...commandLines.map((text, row): Line => [row === 0 ? {role: 'dim', text: '  $ '} : '    ', text]),
		...outcomeLines(ui, form, columns),
	];
}

/** What it would bring, or why it cannot be done yet. */
function outcomeLines(ui: Ui, form: Form, columns: number): readonly Line[] {
	if (form.isLeaving) {
		return [['  ', {role: 'warning', text: 'Press esc once more to drop what was typed.'}]];
	}

	const problem = problemOf(ui, form);
	if (problem !== undefined) {
		// Where it is read above already, it is not said twice.
		const isAbove = problem.index === form.index && readForm(form).errors.size > 0;
		const role = form.isRefused ? 'bad' : 'warning';
		return isAbove
			? []
			: wrapWords(stripControl(problem.message), columns - 4)
					.slice(0, 2)
					.map((text): Line => ['  ', {role, text}]);
	}

	const preview = settled(ui, form) ? previewOf(ui, errandOf(ui, form)) : latestPreview(ui);
	if (preview === undefined) {
		return [];
	}

	const summary = wrapWords(stripControl(preview.summary), columns - 4).slice(0, 2);
	const blocked = preview.rows.filter(row => row.blocked).slice(0, mostPreviewRows);
	return [
		...summary.map((text): Line => ['  ', {role: 'good', text}]),
		...blocked.map(({name, change, note = ''}): Line => ['  ', {role: 'bad', text: `✗ ${name} ${change} ${note}`}]),
	];
}

/** Looking ahead takes the whole cluster into account: not at each letter that is typed, but when it has been a while. */
const pauseMs = 150;

function settled(ui: Ui, {changedAtMs}: Form): boolean {
	const restMs = changedAtMs + pauseMs - ui.clock.monotonicMs();
	if (restMs <= 0) {
		return true;
	}

	ui.context.ages.again(restMs);
	return false;
}
