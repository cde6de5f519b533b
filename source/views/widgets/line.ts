import {displayWidth, dropColumns, fitWidth, shorten, stripControl, truncate} from '../../core/text/text.ts';
import type {Role, Theme} from '../theme.ts';

/** A piece of a line: text, and what it is. */
export type Span = string | {readonly text: string; readonly role: Role};

export function spanText(span: Span): string {
	return typeof span === 'string' ? span : span.text;
}

export function spansWidth(spans: readonly Span[]): number {
	return spans.reduce((width, span) => width + displayWidth(spanText(span)), 0);
}

/** Without anything that could move a terminal's cursor or change its modes. */
export function safe(span: Span): Span {
	return typeof span === 'string' ? stripControl(span) : {role: span.role, text: stripControl(span.text)};
}

/** The same from further right: what is cut through is a space. */
export function withoutColumns(spans: readonly Span[], columns: number): readonly Span[] {
	let left = columns;
	return spans.map(span => {
		const text = spanText(span);
		const cut = Math.min(left, displayWidth(text));
		left -= cut;
		const rest = dropColumns(text, cut);
		return typeof span === 'string' ? rest : {...span, text: rest};
	});
}

/** A span in exactly so many columns. */
export function fitSpan(span: Span, columns: number, align: 'left' | 'right' = 'left'): Span {
	const text = fitWidth(spanText(span), columns, align);
	return typeof span === 'string' ? text : {...span, text};
}

/** A name in at most so many columns, its beginning and its end. */
export function shortenSpan(span: Span, columns: number): Span {
	const text = shorten(spanText(span), columns);
	return typeof span === 'string' ? text : {...span, text};
}

/** The spans painted, cut off at so many columns; neighbours of one role as one. They are safe already. */
export function paintSpans(spans: readonly Span[], columns: number, theme: Theme): string {
	let left = columns;
	let line = '';
	let role: Role | undefined;
	let same = '';
	const paint = () => {
		line += role === undefined ? same : theme.paint(role, same);
	};
	for (const span of spans) {
		const text = truncate(spanText(span), left);
		left -= displayWidth(text);
		const next = typeof span === 'string' ? undefined : span.role;
		if (next === role) {
			same += text;
		} else {
			paint();
			role = next;
			same = text;
		}

		if (left <= 0) {
			break;
		}
	}

	paint();
	return line;
}

/** One group at the left edge, one at the right; where both do not fit, the left one is cut. */
export function spreadSpans(left: readonly Span[], right: readonly Span[], columns: number, theme: Theme): string {
	const rightWidth = Math.min(spansWidth(right), columns);
	const room = Math.max(0, columns - rightWidth - (rightWidth > 0 ? 1 : 0));
	const space = ' '.repeat(Math.max(0, columns - rightWidth - Math.min(room, spansWidth(left))));
	return paintSpans(left, room, theme) + space + paintSpans(right, rightWidth, theme);
}

/** Words in lines of at most so many columns; a longer word has a line of its own. */
export function wrapWords(text: string, columns: number): readonly string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last === undefined || displayWidth(`${last} ${word}`) > columns) {
			lines.push(word);
		} else {
			lines[lines.length - 1] = `${last} ${word}`;
		}
	}

	return lines;
}
