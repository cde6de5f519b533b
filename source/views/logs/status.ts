import {isFinal} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import type {LogTail} from '../../live/log-tail.ts';
import type {Ui} from '../ui.ts';
import type {LogView} from './log-view.ts';
import {indexOf} from './log-view.ts';
import type {ShownRun} from './runs.ts';
import type {Settings} from './settings.ts';

/** What logs are read, and what of them is shown. */
type Shown = {
	readonly settings: Settings;
	readonly tail: LogTail | undefined;
	readonly view: LogView | undefined;
	readonly shown: ShownRun;
	readonly current: number | undefined;
};

/** What of the logs is shown, what is not any more, and whether they go on. */
export function statusText(ui: Ui, session: Shown): string {
	const {settings, tail, view, shown} = session;
	const {since, stderrOnly, filter, search} = settings;
	const buffer = tail?.buffer;
	const kept = buffer === undefined ? 0 : buffer.end - buffer.first;
	return [
		shown.isPrevious ? 'the run before its last restart' : shown.run && runText(shown.run, shown.back, ui),
		since && (Number.isFinite(since.ms) ? `since ${since.label}` : since.label),
		stderrOnly ? 'stderr only' : undefined,
		filter && `&${filter.text} ${count(view?.shown ?? 0)} of ${count(kept)}`,
		search && `/${search.text} ${foundText(session)}`,
		buffer?.first ? `${count(buffer.first)} earlier lines dropped` : undefined,
		stateText(ui, session),
	]
		.filter(part => part !== undefined)
		.join(' · ');
}

function stateText({place}: Ui, {tail, shown}: Shown): string | undefined {
	if (tail?.broken !== undefined) {
		return `✗ ${stripControl(tail.broken)}, trying again`;
	}

	const [why] = tail?.missed.values() ?? [];
	if (tail !== undefined && why !== undefined) {
		return `! of ${tail.missed.size} nothing: ${stripControl(why)}`;
	}

	if (tail?.ended) {
		return shown.run === undefined ? 'ended' : undefined;
	}

	return place.top === undefined ? 'following' : tail?.waits ? 'not following: the rest waits' : 'not following';
}

/** `run before, exit 1, ended 3m ago`. */
function runText({status}: Instance, back: number, {context}: Ui): string {
	const end = status.exitCode === undefined ? status.state : `exit ${status.exitCode}`;
	return isFinal(status.state)
		? `${back > 1 ? `${back} runs before` : 'an earlier run'}, ${end}, ended ${context.ages.of(status.finishedAt ?? status.at)} ago`
		: `a later run, ${status.state}`;
}

function foundText({view, current}: Shown): string {
	const found = view?.found ?? [];
	const at = current === undefined ? -1 : indexOf(found, current);
	return found.length === 0 ? 'not found' : found[at] === current ? `${at + 1}/${found.length}` : count(found.length);
}

function count(value: number): string {
	return value.toLocaleString('en');
}
