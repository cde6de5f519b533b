import type {LogLine, LogQuery} from '../../core/backend.ts';
import type {Instant} from '../../core/model/index.ts';
import {stripControl} from '../../core/text.ts';
import type {LogTail} from '../../live/log-tail.ts';
import {openLogTail} from '../../live/log-tail.ts';
import type {KeymapRow} from '../keymap.ts';
import type {TextContext, TextLines, TextScreen} from '../screen.ts';
import {frameParts} from '../state.ts';
import {toEnd} from '../text-keymap.ts';
import {tintOf} from '../theme.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';

/** Of each instance, what is read of the past. */
const tailOfOne = 1000;
const tailOfMany = 50;

/** The logs of one instance, or of all of a service in one stream. */
export function createLogsScreen(): TextScreen {
	let tail: LogTail | undefined;
	let showsTimes = false;

	const keymap: readonly KeymapRow[] = [
		{
			keys: ['f'],
			hint: 'follow',
			help: 'Follow the end, or stay where you are',
			press(ui) {
				if (ui.place.top === undefined) {
					ui.updatePlace({top: Math.max(0, ui.text.count - frameParts(ui.state).body)});
				} else {
					toEnd(ui);
				}
			},
		},
		{
			keys: ['t'],
			hint: 'times',
			help: 'Show when each line was written',
			press(ui) {
				showsTimes = !showsTimes;
				ui.refresh();
			},
		},
	];

	return {
		type: 'text',
		id: 'logs',
		aliases: [],
		keymap,
		follows: true,
		open(ui) {
			const query = queryOf(ui);
			const {logs} = ui.executor.backend.facets;
			if (query !== undefined && logs !== undefined) {
				tail = openLogTail({logs, query, clock: ui.clock, changed: () => ui.refresh()});
			}
		},
		close() {
			tail?.close();
			tail = undefined;
		},
		lines: context => logLines(context, tail, showsTimes),
		status: ui => statusOf(ui, tail),
	};
}

function queryOf({place: {about}, world}: Ui): LogQuery | undefined {
	switch (about?.kind) {
		case 'instance':
			return {instanceIds: [about.id], follow: true, tail: tailOfOne};
		case 'service': {
			const own = world.instances.filter(({serviceId}) => serviceId === about.id);
			const tail = own.length > 1 ? tailOfMany : tailOfOne;
			return {instanceIds: own.map(({id}) => id), serviceId: about.id, follow: true, tail};
		}
		default:
			return undefined;
	}
}

function logLines({ui, about}: TextContext, tail: LogTail | undefined, showsTimes: boolean): TextLines {
	const lines = tail?.lines ?? [];
	if (lines.length === 0) {
		const text = tail?.ended ? 'It has written nothing.' : 'Nothing written yet.';
		return {count: 1, at: () => [{role: 'dim', text: ` ${text}`}]};
	}

	const isMerged = about?.kind === 'service';
	return {
		count: lines.length,
		at(index) {
			const line = lines[index];
			return line === undefined ? [] : lineSpans(line, ui.state.size.columns, isMerged, showsTimes);
		},
	};
}

function lineSpans(line: LogLine, columns: number, isMerged: boolean, showsTimes: boolean): readonly Span[] {
	// Of a line as long as a file, only what may be seen is looked at.
	const text = stripControl(line.text.slice(0, columns * 8), '    ');
	return [
		' ',
		{role: 'dim', text: showsTimes ? `${timeOfDay(line.at)} ` : ''},
		{role: tintOf(line.instanceId), text: isMerged ? `${line.instanceName} ` : ''},
		{role: 'warning', text: line.stream === 'stderr' ? '! ' : ''},
		text,
	];
}

/** By the clock on the wall here: `17:01:17.624`. */
function timeOfDay(at: Instant): string {
	const date = new Date(at);
	const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0'));
	return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function statusOf(ui: Ui, tail: LogTail | undefined): string {
	const dropped = tail?.dropped ? `${tail.dropped.toLocaleString('en')} earlier lines dropped` : undefined;
	const state =
		tail?.broken === undefined
			? tail?.ended
				? 'ended'
				: ui.place.top === undefined
					? 'following'
					: 'not following'
			: `✗ ${stripControl(tail.broken)}, trying again`;
	return [dropped, state].filter(part => part !== undefined).join(' · ');
}
