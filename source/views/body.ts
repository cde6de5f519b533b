import type {Kind} from '../core/model/index.ts';
import {stripControl} from '../core/text/text.ts';
import {formLines} from './form/draw.ts';
import {choiceLines} from './list/columns-chooser.ts';
import {shownColumns} from './list/columns-shown.ts';
import {markedIds} from './list/marks.ts';
import {unreadText} from './live/waiting.ts';
import type {TableScreen} from './screen.ts';
import type {Place, Size} from './state.ts';
import {placedLine} from './text/text-lines.ts';
import type {Ui} from './ui.ts';
import {emptyLines} from './widgets/empty-lines.ts';
import {paintSpans, safe} from './widgets/line.ts';
import {panelLines} from './widgets/panel.ts';
import {type TitleSpot, tableLines} from './widgets/table.ts';

/** What lies between header and message: a panel, a list, or lines of text. */
export function bodyLines(ui: Ui, room: Size): readonly string[] {
	const {overlay} = ui.state;
	switch (overlay?.type) {
		case 'panel':
			return panelLines(ui, overlay, room);
		case 'choices':
			return choiceLines(ui, overlay, room);
		case 'form':
			return formLines(ui, overlay, room);
		default:
			return screenLines(ui, room);
	}
}

function screenLines(ui: Ui, room: Size): readonly string[] {
	const {screen} = ui;
	switch (screen.type) {
		case 'table':
			return listLines(ui, screen, room);
		case 'text':
			return textLines(ui, room);
		case 'picture':
			return screen.draw(ui, room).map(spans => paintSpans(spans.map(safe), room.columns, ui.theme));
	}
}

type Drawn = {readonly key: string; readonly widths: Map<string, number>; titles: readonly TitleSpot[]};
const kept = new WeakMap<Ui, Drawn>();

/** Where the titles of the list stand that was drawn last. */
export function drawnTitles(ui: Ui): readonly TitleSpot[] {
	return kept.get(ui)?.titles ?? [];
}

/** The widths that a list's columns have had: another list, or another size, begins anew. */
function drawn(ui: Ui): Drawn {
	const {place, state, screen} = ui;
	const keptAs = screen.type === 'table' ? (screen.columnsAs ?? screen.id) : screen.id;
	const chosen = ui.memory.columnsOf(keptAs)?.join(' ');
	const key = [place.screen, place.about?.id, place.wide, state.size.columns, chosen].join(' ');
	let own = kept.get(ui);
	if (own?.key !== key) {
		own = {key, widths: new Map(), titles: []};
		kept.set(ui, own);
	}

	return own;
}

function listLines(ui: Ui, screen: TableScreen, size: Size): readonly string[] {
	const {listing, place, context, theme} = ui;
	if (listing.ids.length === 0) {
		const lines = emptyLines(emptyText(ui, screen), size.columns);
		return lines.map(spans => paintSpans(spans, size.columns, theme));
	}

	const own = drawn(ui);
	return tableLines({
		columns: shownColumns(ui, screen),
		marked: markedIds(ui),
		objects: listing.objects,
		list: place.list,
		place: {sort: place.sort ?? {column: screen.orderedBy, reverse: false}},
		size,
		context,
		theme,
		widths: own.widths,
		titlesAt(spots) {
			own.titles = spots;
		},
		note: screen.note?.bind(screen),
	});
}

function emptyText(ui: Ui, screen: TableScreen): string {
	const {listing, place, collections, executor} = ui;
	const empty = typeof screen.empty === 'string' ? screen.empty : screen.empty(executor.backend);
	if (screen.source !== undefined) {
		return listing.total > 0 ? noMatch(place) : empty;
	}

	if (!collections.has(screen.kind)) {
		return `${executor.backend.name} has no ${screen.id}.`;
	}

	const refused = collections.refused(screen.kind);
	if (refused !== undefined) {
		return `${screen.id} may not be seen: ${stripControl(refused)}`;
	}

	const unread = unreadText(ui, [screen.kind]);
	if (unread !== undefined) {
		return unread;
	}

	if (listing.total > 0) {
		return noMatch(place);
	}

	const {about} = place;
	if (
		about !== undefined &&
		isKept(about.kind) &&
		unreadText(ui, [about.kind]) === undefined &&
		ui.find(about) === undefined
	) {
		return `${stripControl(about.name)} is gone. Press esc to go back.`;
	}

	const gaps = collections.gaps(screen.kind);
	return gaps.length === 0 ? empty : `${empty} Not all could be asked: ${gaps.map(gap => stripControl(gap)).join(' ')}`;
}

/** What has instances is known as long as it is there. */
function isKept(kind: Kind): boolean {
	return kind === 'service' || kind === 'node';
}

function noMatch({faultsOnly, filter}: Place): string {
	return faultsOnly && filter === ''
		? 'Nothing is wrong here. Press ctrl-z to see all.'
		: 'Nothing matches. Press esc to see all.';
}

function textLines({text, place, theme}: Ui, {columns, rows}: Size): readonly string[] {
	const last = Math.max(0, text.count - rows);
	const top = Math.min(place.top ?? last, last);
	const count = Math.min(rows, text.count - top);
	return Array.from({length: count}, (_, index) => paintSpans(placedLine(text, top + index, place), columns, theme));
}
