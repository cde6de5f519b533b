import type {LogQuery} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import {isFinal} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import {type LogTail, openLogTail} from '../../live/log-tail.ts';
import {errorText} from '../errands/running.ts';
import {askedText} from '../live/waiting.ts';
import type {TextContext, TextLines} from '../screen.ts';
import {type About, frameParts} from '../state.ts';
import type {Ui} from '../ui.ts';
import {wrapWords} from '../widgets/line.ts';
import {LogView} from './log-view.ts';
import {logQuery} from './query.ts';
import {type RowLook, rowSpans, savedLine, textColumns} from './row-spans.ts';
import {ownRun, runBeside, runsOf} from './runs.ts';
import {noSettings, type Settings} from './settings.ts';
import {statusText} from './status.ts';

/** A longer name of an instance is cut. */
const mostNameColumns = 28;

/** The logs that are open: what is read, what of it is shown, and where. */
export class LogSession {
	settings = noSettings;
	/** Kept from one object's logs to the next. */
	times = false;
	wraps = false;
	/** The line that the search is at. */
	current: number | undefined;
	shown = ownRun;
	#aboutId: string | undefined;
	/** The instance that they were opened for; it may be gone since. */
	#subject: Instance | undefined;
	#steps: Promise<void> = Promise.resolve();
	#tail: LogTail | undefined;
	#view: LogView | undefined;
	#marks = 0;

	get tail(): LogTail | undefined {
		return this.#tail;
	}

	get view(): LogView | undefined {
		return this.#view;
	}

	open(ui: Ui, about: About | undefined): void {
		if (about?.id !== this.#aboutId) {
			this.#aboutId = about?.id;
			this.settings = noSettings;
			this.#showOwn(ui, about);
		}

		const {isForRunBefore} = ui.place;
		if (isForRunBefore) {
			ui.updatePlace({isForRunBefore: undefined});
			this.#showOwn(ui, about);
		}

		this.#start(ui);
		if (isForRunBefore) {
			this.toRun(ui, 1);
		}
	}

	/** The run that the logs are about. */
	#showOwn(ui: Ui, about: About | undefined): void {
		const target = ui.find(about);
		this.#steps = Promise.resolve();
		this.#subject = target?.kind === 'instance' ? target : undefined;
		this.shown = ownRun;
	}

	close(): void {
		this.#tail?.close();
		this.#tail = undefined;
		this.#view = undefined;
	}

	/** Another look at the lines: what is at the top of the screen stays there. */
	change(ui: Ui, settings: Partial<Settings>): void {
		this.#inPlace(ui, () => {
			const isElsewhere = 'since' in settings && settings.since !== this.settings.since;
			this.settings = {...this.settings, ...settings};
			if (isElsewhere) {
				this.#start(ui);
			}
		});
	}

	toggle(ui: Ui, what: 'times' | 'wraps'): void {
		this.#inPlace(ui, () => {
			this[what] = !this[what];
			this.settings = {...this.settings, pan: 0};
		});
	}

	mark(ui: Ui): void {
		const buffer = this.#tail?.buffer;
		this.#inPlace(ui, () => buffer?.mark(++this.#marks, ui.clock.now()));
	}

	/** The run before the one shown, or the one after it; strokes that come faster than answers are each a step. */
	toRun(ui: Ui, by: 1 | -1): void {
		this.#steps = this.#steps
			.then(async () => this.#step(ui, by))
			.catch((error: unknown) => {
				ui.say('bad', errorText(toClusterError(error)));
			});
	}

	async #step(ui: Ui, by: 1 | -1): Promise<void> {
		const subject = this.#subject;
		if (subject === undefined) {
			ui.say('warning', 'It is gone, and nothing is known of its runs.');
			return;
		}

		const runs = await runsOf(ui.executor.backend, subject);
		if (this.#subject !== subject || this.#tail === undefined) {
			return;
		}

		const next = runBeside(runs, subject, this.shown, by);
		if (next === undefined) {
			ui.say('warning', this.#noRun(subject, by));
			return;
		}

		this.shown = next;
		this.settings = {...this.settings, since: undefined};
		this.#start(ui);
		ui.updatePlace({top: undefined});
	}

	#noRun({name}: Instance, by: 1 | -1): string {
		return by === -1
			? 'This is the present run.'
			: `No ${this.shown === ownRun ? 'run' : 'other run'} of ${name} before is kept.`;
	}

	/** Puts a line into the upper third of the screen. */
	show(ui: Ui, number: number): void {
		const row = this.#view?.rowOf(number) ?? 0;
		const {body} = frameParts(ui.state);
		this.current = number;
		ui.updatePlace({top: Math.max(0, Math.min(row - Math.floor(body / 3), (this.#view?.count ?? 0) - body))});
	}

	lines({ui}: TextContext): TextLines {
		// The terminal may have another width since.
		this.#sync(ui);
		const view = this.#view;
		if (view === undefined || view.count === 0) {
			const words = wrapWords(this.#emptyText(ui), ui.state.size.columns - 2);
			return {count: words.length, at: index => [{role: 'dim', text: ` ${words[index] ?? ''}`}]};
		}

		const look = this.#rowLook(ui);
		return {
			count: view.count,
			at: index => {
				const row = view.at(index);
				return row === undefined ? [] : rowSpans(row.entry, row.piece, row.number === this.current, look);
			},
		};
	}

	status(ui: Ui): string {
		return statusText(ui, this);
	}

	/** All that is shown, as the text of a file. */
	get text(): string {
		const lines: string[] = [];
		for (let row = 0, view = this.#view; view !== undefined && row < view.count; row++) {
			const found = view.at(row);
			if (found?.piece === 0) {
				lines.push(savedLine(found.entry));
			}
		}

		return lines.map(line => `${line}\n`).join('');
	}

	#start(ui: Ui): void {
		this.close();
		this.current = undefined;
		const query = this.#query(ui);
		const {logs} = ui.executor.backend.facets;
		if (query !== undefined && logs !== undefined) {
			this.#tail = openLogTail({
				logs,
				query,
				clock: ui.clock,
				changed: () => {
					this.#inPlace(ui, () => {});
				},
			});
			this.#view = new LogView(this.#tail.buffer);
		}
	}

	#query(ui: Ui): LogQuery | undefined {
		const {since} = this.settings;
		const {run, isPrevious} = this.shown;
		if (run !== undefined) {
			const follow = !isPrevious && !isFinal(run.status.state);
			return {instanceIds: [run.id], follow, ...(isPrevious && {previous: true})};
		}

		return logQuery(ui, since && ui.clock.now() - since.ms);
	}

	/** Does something to what is shown; what is at the top of the screen stays at the top. */
	#inPlace(ui: Ui, change: () => void): void {
		const {top} = ui.place;
		const before = top === undefined ? undefined : this.#view?.at(top);
		change();
		this.#sync(ui);
		if (top === undefined || before === undefined) {
			ui.refresh();
			return;
		}

		const row = this.#view?.rowOf(before.number) ?? 0;
		const piece = this.#view?.at(row)?.number === before.number && this.wraps ? before.piece : 0;
		ui.updatePlace({top: row + piece});
	}

	#sync(ui: Ui): void {
		const view = this.#view;
		if (view !== undefined) {
			const {filter, stderrOnly, search} = this.settings;
			const wrapAt = this.wraps ? textColumns(this.#rowLook(ui)) : undefined;
			view.look({filter: filter?.pattern, stderrOnly, wrapAt});
			view.search(search?.pattern);
			view.sync();
			const {top} = ui.place;
			this.#tail?.hold(top === undefined ? undefined : view.at(top)?.number);
		}
	}

	#rowLook({state, place}: Ui): RowLook {
		const {search, pan} = this.settings;
		const byContainer = place.about?.kind === 'instance';
		const {nameLength = 0, containerLength = 0} = this.#tail?.buffer ?? {};
		return {
			columns: state.size.columns,
			times: this.times,
			nameColumns: Math.min(byContainer ? containerLength : nameLength, mostNameColumns),
			byContainer,
			wraps: this.wraps,
			pan: this.wraps ? 0 : pan,
			search: search?.pattern,
		};
	}

	#emptyText(ui: Ui): string {
		const {executor, place} = ui;
		if (executor.backend.facets.logs === undefined) {
			return `${executor.backend.name} has no logs.`;
		}

		if (place.about === undefined) {
			return 'Logs are of a service, an instance or a node: press l on one.';
		}

		const buffer = this.#tail?.buffer;
		if (buffer !== undefined && buffer.end > buffer.first) {
			return 'No line passes the filter. Press esc to see all.';
		}

		const {broken, missed, askedSince} = this.#tail ?? {};
		const [why = broken] = missed?.values() ?? [];
		if (why !== undefined) {
			return `Nothing can be read just now: ${stripControl(why)}`;
		}

		if (askedSince !== undefined) return askedText(ui, 'the logs', askedSince);
		return this.#tail?.ended ? 'It has written nothing.' : 'Nothing written yet.';
	}
}
