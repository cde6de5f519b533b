import {errorSentences} from '../../core/error.ts';
import type {Instant} from '../../core/model/index.ts';
import {displayWidth, stripControl, truncate} from '../../core/text/text.ts';
import {previewOf} from '../errands/previewing.ts';
import {pendingErrand} from '../errands/scaling.ts';
import {marksText} from '../list/marks.ts';
import {waitedFor} from '../live/waiting.ts';
import type {Overlay, Prompt} from '../overlay.ts';
import {frameParts, type Message, type Scaling} from '../state.ts';
import {searchText} from '../text/text-lines.ts';
import type {Ui} from '../ui.ts';
import {paintSpans, type Span, safe, spansWidth, spreadSpans, wrapWords} from './line.ts';

/** What was said last, in as many lines as that takes; else the one that is typed or pending, or how a list is narrowed. */
export function messageLines(ui: Ui, rows: number): readonly string[] {
	const {size, message, scaling} = ui.state;
	const overlay = typedHere(ui.state.overlay);
	if (rows > 1 && message !== undefined && overlay === undefined && scaling === undefined) {
		const lines = wrapWords(messageText(ui, message), size.columns - 2);
		const shown = [...lines.slice(0, rows - 1), lines.slice(rows - 1).join(' ')];
		return shown.map(text => paintSpans([' ', {role: message.role, text}], size.columns - 1, ui.theme));
	}

	const [left, right] = sides(ui);
	return [spreadSpans([' ', ...left.map(safe)], right.map(safe), size.columns, ui.theme)];
}

/** What lies over a screen and stands in this line. */
function typedHere(overlay: Overlay | undefined): Overlay | undefined {
	return overlay !== undefined && ['prompt', 'chord', 'wait'].includes(overlay.type) ? overlay : undefined;
}

type Sides = readonly [left: readonly Span[], right: readonly Span[]];

function sides(ui: Ui): Sides {
	const {overlay, scaling, message} = ui.state;
	switch (overlay?.type) {
		case 'prompt':
			return promptSpans(overlay, ui.state.size.columns);
		case 'chord':
			return [[{role: 'title', text: `${overlay.title} …`}], []];
		case 'wait':
			return [[{role: 'busy', text: withWaited(ui, overlay.title, overlay.since)}], []];
		default:
			return scaling === undefined ? said(ui, message) : scalingSpans(ui, scaling);
	}
}

/** What was said has the room that it needs; where both do not fit, it is read alone. */
function said(ui: Ui, message: Message | undefined): Sides {
	const right = narrowed(ui);
	if (message === undefined) {
		const why = whyStale(ui, right);
		return [why === '' ? [] : [{role: 'warning', text: why}], right];
	}

	const text = messageText(ui, message);
	const isRoom = displayWidth(text) + spansWidth(right) + 2 <= ui.state.size.columns;
	return [[{role: message.role, text}], isRoom ? right : []];
}

/** Since when is said by the header; what a screen says of it itself is not said twice. */
function whyStale(ui: Ui, right: readonly Span[]): string {
	const connected = ui.collections.connection();
	const columns = ui.state.size.columns - spansWidth(right) - 4;
	if (connected.state !== 'stale' || columns <= 8) return '';
	const isSaid = right.some(span => (typeof span === 'string' ? span : span.text).includes(connected.error.message));
	return isSaid ? '' : truncate(`! ${stripControl(errorSentences(connected.error))}`, columns);
}

/** What is under way tells for how long. */
function messageText(ui: Ui, {role, text, since}: Message): string {
	const safeText = stripControl(text);
	return role === 'busy' && text.endsWith('…') ? withWaited(ui, safeText, since) : safeText;
}

function withWaited(ui: Ui, text: string, since: Instant): string {
	return [text, waitedFor(ui, since)].filter(Boolean).join(' ');
}

/** What is typed comes first: only what is left over tells what it would do. */
function promptSpans({label, text, caret, hint}: Prompt, columns: number): Sides {
	const characters = [...stripControl(text)];
	const at = Math.min(caret ?? characters.length, characters.length);
	const room = Math.max(1, columns - displayWidth(label) - 4);
	const before = endOf(characters.slice(0, at).join(''), room);
	const after = characters.slice(at).join('');
	const typed: readonly Span[] = [{role: 'title', text: label}, before, {role: 'key', text: '▏'}, after];
	const left = Math.max(0, columns - spansWidth(typed) - 4);
	return [typed, [{role: 'dim', text: left < 8 ? '' : `${truncate(stripControl(hint?.(text) ?? ''), left)} `}]];
}

/** The end of a text that takes at most so many columns. */
function endOf(text: string, columns: number): string {
	const characters = [...text];
	while (displayWidth(characters.join('')) > columns) {
		characters.splice(0, Math.max(1, displayWidth(characters.join('')) - columns));
	}

	return characters.join('');
}

/** `web 100 → 105: 5 new (n1 +2, n2 +2, n3 +1), nothing stops                  enter now · esc drop` */
function scalingSpans(ui: Ui, scaling: Scaling): Sides {
	const errand = pendingErrand(ui, scaling);
	const summary = errand && previewOf(ui, errand)?.summary;
	const change = `${scaling.name} ${scaling.from} → ${scaling.to}`;
	return [
		[{role: 'title', text: change}, summary === undefined ? '' : `: ${summary}`],
		[{role: 'dim', text: 'enter now · esc drop '}],
	];
}

function narrowed(ui: Ui): readonly Span[] {
	const {place, listing, screen, text, state} = ui;
	if (screen.type === 'picture') {
		return [{role: 'dim', text: `${screen.status?.(ui) ?? ''} `}];
	}

	if (screen.type === 'text') {
		const isLong = text.count > frameParts(state).body;
		const position = isLong && place.top !== undefined ? `line ${place.top + 1} of ${text.count}` : '';
		return [{role: 'dim', text: `${[searchText(ui), screen.status?.(ui), position].filter(Boolean).join(' · ')} `}];
	}

	const parts = [
		screen.status?.(ui) ?? '',
		marksText(ui),
		place.filter === '' ? '' : `/${place.filter}`,
		place.faultsOnly ? 'faults only' : '',
		place.filter === '' && !place.faultsOnly ? '' : `${listing.ids.length} of ${listing.total}`,
		listing.ids.length >= state.size.rows - 4 ? `${place.list.index + 1}/${listing.ids.length}` : '',
	];
	return [{role: 'dim', text: `${parts.filter(Boolean).join(' · ')} `}];
}
