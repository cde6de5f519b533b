import {displayWidth, fitName, fitWidth, stripControl} from '../../core/text/text.ts';
import type {Panel} from '../overlay.ts';
import type {Size} from '../state.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, safe, wrapWords} from './line.ts';

/** What a change would bring: a row for each object, those that stand against it marked; its question below. */
export function panelLines(ui: Ui, panel: Panel, {columns, rows}: Size): readonly string[] {
	const line = (...spans: readonly Span[]) => paintSpans(spans.map(safe), columns, ui.theme);
	const head = ['', line(' ', {role: 'title', text: panel.title})];
	const gone = panel.gone?.();
	if (gone !== undefined) {
		return [...head, line(' ', {role: 'bad', text: `✗ ${stripControl(gone)}`})];
	}

	const preview = panel.preview(ui.world);
	const summary = wrapWords(stripControl(preview?.summary ?? ''), columns - 2).map(text => line(` ${text}`));
	const question = [...questionLines(panel), ...commandLines(panel, columns), ...typedLines(panel)].map(spans =>
		line(...spans),
	);
	const room = Math.max(0, rows - head.length - summary.length - question.length - 2);
	// What stands against it is seen without scrolling.
	const all = (preview?.rows ?? []).toSorted((a, b) => Number(b.blocked ?? false) - Number(a.blocked ?? false));
	const shown = all.slice(panel.top, panel.top + room);
	const names = columnOf(
		all.map(({name}) => name),
		30,
	);
	const changes = columnOf(
		all.map(({change}) => change),
		Math.max(10, columns - names - 12),
	);
	const body = shown.map(({name, change, note = '', blocked}) =>
		line(
			'   ',
			fitName(stripControl(name), names),
			'  ',
			{role: blocked ? 'bad' : 'plain', text: fitWidth(stripControl(change), changes)},
			'  ',
			{role: blocked ? 'bad' : 'dim', text: blocked ? `✗ ${note}` : note},
		),
	);
	const more = all.length - panel.top - shown.length;
	const rest = more > 0 ? [line({role: 'dim', text: `   … and ${more} more (j, k scroll)`})] : [];
	return [...head, ...summary, ...(all.length > 0 ? [''] : []), ...body, ...rest, ...question];
}

function columnOf(texts: readonly string[], most: number): number {
	return Math.min(
		most,
		texts.reduce((width, text) => Math.max(width, displayWidth(stripControl(text))), 0),
	);
}

function questionLines({question}: Panel): ReadonlyArray<readonly Span[]> {
	return question === undefined ? [] : [[], [' ', {role: 'title', text: question}]];
}

const mostCommandLines = 3;

function commandLines({command}: Panel, columns: number): ReadonlyArray<readonly Span[]> {
	const text = command?.() ?? '';
	return text === ''
		? []
		: [
				[],
				...wrapWords(stripControl(text), columns - 5)
					.slice(0, mostCommandLines)
					.map((line, index): Span[] => [{role: 'dim', text: `${index === 0 ? ' $ ' : '   '}${line}`}]),
			];
}

function typedLines({typed}: Panel): ReadonlyArray<readonly Span[]> {
	if (typed === undefined) {
		return [];
	}

	const isRight = typed.text === typed.wanted;
	return [
		[],
		[
			{role: 'warning', text: ` Type ${typed.wanted} to confirm: `},
			{role: isRight ? 'good' : 'plain', text: typed.text},
			{role: 'key', text: '▏'},
		],
	];
}
