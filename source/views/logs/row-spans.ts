import type {Instant} from '../../core/model/index.ts';
import {fitName, stripControl, wrapText} from '../../core/text/text.ts';
import type {LogEntry, LogMark} from '../../live/log-buffer.ts';
import type {Pattern} from '../text/pattern.ts';
import {tintOf} from '../theme.ts';
import {highlighted} from '../widgets/highlight.ts';
import {type Span, withoutColumns} from '../widgets/line.ts';

export type RowLook = {
	readonly columns: number;
	readonly times: boolean;
	/** Of the instances' names; 0: they are not shown. */
	readonly nameColumns: number;
	/** Of one instance: its containers' names are shown instead. */
	readonly byContainer: boolean;
	readonly wraps: boolean;
	readonly pan: number;
	readonly search: Pattern | undefined;
};

/** The search's cursor, and whether it was written to stderr. */
const gutterColumns = 2;
const timeColumns = 13;

/** Columns before a text. */
export function prefixColumns({times, nameColumns}: Pick<RowLook, 'times' | 'nameColumns'>): number {
	return gutterColumns + (times ? timeColumns : 0) + (nameColumns === 0 ? 0 : nameColumns + 1);
}

/** Columns that a text is wrapped at. */
export function textColumns(look: Pick<RowLook, 'columns' | 'times' | 'nameColumns'>): number {
	return Math.max(10, look.columns - prefixColumns(look));
}

/** One row of the screen: of a line that is wrapped, one piece. */
export function rowSpans(entry: LogEntry, piece: number, isCurrent: boolean, look: RowLook): readonly Span[] {
	if ('mark' in entry) {
		return markSpans(entry, look.columns);
	}

	const {at, instanceId, instanceName, container = '', stream, text} = entry;
	const pieces = look.wraps ? wrapText(text, textColumns(look)) : [text];
	const from = pieces.slice(0, piece).reduce((sum, {length}) => sum + length, 0);
	const ranges = (look.search?.ranges(text) ?? []).map(([start, end]) => [start - from, end - from] as const);
	const shown = withoutColumns(highlighted([pieces[piece] ?? ''], ranges), look.pan);
	if (piece > 0) {
		return [' '.repeat(prefixColumns(look)), ...shown];
	}

	const writer = look.byContainer ? container : instanceName;
	const name = look.nameColumns === 0 ? '' : `${fitName(stripControl(writer), look.nameColumns)} `;
	return [
		{role: 'key', text: isCurrent ? '▸' : ' '},
		{role: 'warning', text: stream === 'stderr' ? '!' : ' '},
		{role: 'dim', text: look.times ? `${timeOfDay(at)} ` : ''},
		{role: tintOf(look.byContainer ? container : instanceId), text: name},
		...shown,
	];
}

function markSpans({mark, at}: LogMark, columns: number): readonly Span[] {
	const text = `── mark ${mark} · ${timeOfDay(at)} `;
	return [{role: 'key', text: text + '─'.repeat(Math.max(0, columns - text.length))}];
}

/** By the clock on the wall here: `17:01:17.624`. */
export function timeOfDay(at: Instant): string {
	const date = new Date(at);
	const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0'));
	return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A line of a file. */
export function savedLine(entry: LogEntry): string {
	const at = new Date(entry.at).toISOString();
	return 'mark' in entry
		? `${at} -------- mark ${entry.mark} --------`
		: `${at} ${stripControl(entry.instanceName)} ${entry.stream === 'stderr' ? '! ' : ''}${entry.text}`;
}
