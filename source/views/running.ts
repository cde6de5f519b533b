import type {Action, Fields, Input, Progress} from '../actions/action.ts';
import {execute, type Outcome} from '../actions/execute.ts';
import {type ClusterError, toClusterError} from '../core/error.ts';
import type {Target} from './keymap.ts';
import type {Ui} from './ui.ts';

/** An action with what it is done to. */
export type Errand = {readonly action: Action; readonly target: Target | undefined; readonly input: Input<Fields>};

/** Starts an action and says how it goes; nobody waits for it. What must be asked first was asked by the caller. */
export function start(ui: Ui, errand: Errand): void {
	const {action, target, input} = errand;
	const refusal = ui.refusal(action, target);
	if (refusal !== undefined) {
		ui.say('warning', refusal);
		return;
	}

	ui.say('busy', `${verbOf(action)} ${target?.name ?? ''} …`);
	void execute(ui.executor, {action, world: ui.worldNow, target, input, confirmed: true}).then(
		outcome => {
			ui.say('good', `✓ ${outcome.command}`);
			follow(ui, errand, outcome);
		},
		(error: unknown) => {
			ui.say('bad', errorText(toClusterError(error)));
		},
	);
}

/** The first word of an action's title: `Drain`. */
export function verbOf({title}: Action): string {
	return title.split(/[ :;,]/)[0] ?? title;
}

/** What was tried, what was found, and what to do. */
export function errorText({message, hint}: ClusterError): string {
	return hint === undefined ? `✗ ${message}` : `✗ ${message}. ${hint}`;
}

/** Tells in the message line how far it has come, until it is reached, has failed, or something else is done. */
function follow(ui: Ui, {action, target, input}: Errand, {object}: Outcome): void {
	const progressOf = action.progress?.bind(action);
	if (progressOf === undefined || target === undefined) {
		return;
	}

	let said = '';
	ui.watch(() => {
		const current = ui.find(target) ?? target;
		if (object !== undefined && current.updatedAt < object.updatedAt) {
			return true;
		}

		const progress = progressOf(ui.world, target, input);
		const text = progressText(progress);
		if (text !== said) {
			said = text;
			ui.say(roleOf[progress.state], text);
		}

		return progress.state === 'waiting';
	});
}

const roleOf = {reached: 'good', waiting: 'busy', failed: 'bad'} as const;

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
