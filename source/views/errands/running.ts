import type {Action, Fields, Input, Progress} from '../../actions/action.ts';
import {execute, type Outcome} from '../../actions/execute.ts';
import {commandFor} from '../../actions/fields/equal-command.ts';
import {type ClusterError, errorSentences, toClusterError} from '../../core/error.ts';
import {recorded} from '../changes/recorded.ts';
import type {Target} from '../keymap.ts';
import {select} from '../list/list.ts';
import type {Ui} from '../ui.ts';

/** An action with what it is done to. */
export type Errand = {
	readonly action: Action;
	readonly target: Target | undefined;
	readonly input: Input<Fields>;
	/** It was made for the target as it was then: of a later one it is not asked. */
	readonly isPinned?: boolean;
	/** The recorded change that it takes back. */
	readonly undoes?: string;
	/** Told what was written, as soon as it is. */
	done?(outcome: Outcome): void;
	/** Instead of saying why it failed. */
	failed?(error: ClusterError): void;
};

/** Starts an action and says how it goes; nobody waits for it. What must be asked first was asked by the caller. Answers whether it was begun. */
export function start(ui: Ui, errand: Errand): boolean {
	const {action, target, input} = errand;
	const refusal = ui.refusal(action, target);
	if (refusal !== undefined) {
		ui.say('warning', refusal);
		return false;
	}

	ui.say('busy', `${commandOf(errand)} …`);
	void execute(ui.executor, {action, world: ui.worldNow, target, input, confirmed: true, undoes: errand.undoes})
		.then(
			outcome => {
				errand.done?.(outcome);
				sayDone(ui, `✓ ${outcome.command}`, outcome);
				follow(ui, errand, outcome);
			},
			(error: unknown) => {
				const why = toClusterError(error);
				if (errand.failed === undefined) {
					ui.say('bad', errorText(why));
				} else {
					errand.failed(why);
				}
			},
		)
		.finally(() => recorded.again(ui));
	return true;
}

/** The equal command, as it will be recorded. */
export function commandOf({action, target, input}: Errand): string {
	return commandFor(action, target, input);
}

/** The first word of an action's title: `Drain`. */
export function verbOf({title}: Action): string {
	return (/^[^:;,]+(?=:)/.exec(title) ?? title.split(/[ ;,]/))[0] ?? title;
}

/** What was tried, what was found, and what to do. */
export function errorText(error: ClusterError): string {
	return `✗ ${errorSentences(error)}`;
}

function sayDone(ui: Ui, text: string, {notes, warnings}: Outcome): void {
	ui.say(warnings.length === 0 ? 'good' : 'warning', [text, ...notes, ...warnings].join(' · '));
}

/** Tells in the message line how far it has come, until it is reached, has failed, or something else is done. */
function follow(ui: Ui, {action, target, input}: Errand, outcome: Outcome): void {
	const {object} = outcome;
	const progressOf = action.progress?.bind(action);
	const subject = target ?? object;
	if (progressOf === undefined || subject === undefined) {
		return;
	}

	let said = '';
	let isShown = target !== undefined;
	const {selectedId} = ui.place.list;
	ui.watch(() => {
		const current = ui.find(subject) ?? subject;
		if (object !== undefined && current.updatedAt < object.updatedAt) {
			return true;
		}

		// What was created a moment ago is not seen yet.
		if (target === undefined && ui.find(subject) === undefined) {
			return true;
		}

		if (!isShown) {
			isShown = true;
			showCreated(ui, subject, selectedId);
		}

		const progress = progressOf(ui.world, subject, input);
		const text = progressText(progress);
		if (text !== said) {
			said = text;
			if (progress.state === 'reached') {
				sayDone(ui, text, outcome);
			} else {
				ui.say(roleOf[progress.state], text);
			}
		}

		return progress.state === 'waiting';
	});
}

/** Puts the cursor on what was created, where it is listed and nobody has moved the cursor meanwhile. */
function showCreated(ui: Ui, {kind, id}: Target, selectedId: string | undefined): void {
	const {screen, place} = ui;
	if (screen.type === 'table' && screen.kind === kind && place.list.selectedId === selectedId) {
		ui.updateList((list, ids, rows) => select(list, ids, id, rows));
	}
}

const roleOf = {waiting: 'busy', failed: 'bad'} as const;

function progressText(progress: Progress): string {
	switch (progress.state) {
		case 'reached':
			return `✓ ${progress.message}`;
		case 'failed':
			return `✗ ${progress.message}`;
		case 'waiting':
			return progress.trouble === undefined ? progress.message : `${progress.message} · ${progress.trouble}`;
	}
}
