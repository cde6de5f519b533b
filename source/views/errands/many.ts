import type {Action, Fields, Input, Preview} from '../../actions/action.ts';
import {execute, planAction} from '../../actions/execute.ts';
import {commandFor} from '../../actions/fields/equal-command.ts';
import {quote} from '../../actions/fields/shell.ts';
import {toClusterError} from '../../core/error.ts';
import {afterVersions} from '../history/kept-versions.ts';
import type {Target} from '../keymap.ts';
import {unmark} from '../list/marks.ts';
import type {Ui} from '../ui.ts';
import {openPanel, wantsName} from './asking.ts';
import {errorText, verbOf} from './running.ts';

/** So many writes wait for their answers at the same time. */
const mostAtOnce = 8;
/** Of more than these what each change brings is not worked out. */
const mostPreviewed = 30;

type Ask = {readonly input?: Input<Fields>; readonly note?: string};

/** Asks once about all of them by name, then does it to each; what failed stays marked. */
export function runMany(ui: Ui, action: Action, targets: readonly Target[], asked: Ask = {}): void {
	if (action.needsHistory) {
		afterVersions(ui, targets, () => askMany(ui, action, targets, asked));
	} else {
		askMany(ui, action, targets, asked);
	}
}

function askMany(ui: Ui, action: Action, targets: readonly Target[], {input = {}, note}: Ask): void {
	const refusals = new Map(targets.map(target => [target.id, ui.refusal(action, target)]));
	const able = targets.filter(({id}) => refusals.get(id) === undefined);
	const [first] = targets;
	if (able.length === 0) {
		ui.say('warning', `None of the ${targets.length} marked: ${first && refusals.get(first.id)}`);
		return;
	}

	const count = `${able.length} ${able.length === 1 ? first?.kind : `${first?.kind}s`}`;
	const left = targets.length - able.length;
	openPanel(ui, {
		title: [verbOf(action), count, note && `· ${note}`].filter(Boolean).join(' '),
		preview: () => ({
			summary: left === 0 ? '' : `${left} of ${targets.length} marked cannot be done`,
			rows: targets.map(target => rowFor(ui, {action, target, input}, refusals.get(target.id), able.length)),
		}),
		question: `${verbOf(action)} ${able.length === 1 ? `the ${able[0]?.kind} ${able[0]?.name}` : `these ${count}`}?`,
		command: () => commandForAll(action, able, input),
		// Nobody types the names of all: how many they are has to be known.
		typed: wantsName(ui, action) ? String(able.length) : undefined,
		verb: verbOf(action).toLowerCase(),
		act: it => void start(it, {action, targets: able, input}),
	});
}

type One = {readonly action: Action; readonly target: Target; readonly input: Input<Fields>};

function rowFor(
	ui: Ui,
	{action, target, input}: One,
	refusal: string | undefined,
	count: number,
): Preview['rows'][number] {
	const {name} = target;
	if (refusal !== undefined) {
		return {name, change: 'left out', note: refusal, blocked: true};
	}

	return {name, change: count > mostPreviewed ? '' : summaryOf(ui, {action, target: ui.find(target) ?? target, input})};
}

function summaryOf(ui: Ui, one: One): string {
	try {
		return planAction(ui.executor.backend, {...one, world: ui.worldNow}).preview?.summary ?? '';
	} catch (error) {
		return toClusterError(error).message;
	}
}

type Many = {readonly action: Action; readonly targets: readonly Target[]; readonly input: Input<Fields>};

/** A few at a time; the message line tells how far it is. */
async function start(ui: Ui, {action, targets, input}: Many): Promise<void> {
	const waiting = [...targets];
	const done: Target[] = [];
	const failed: string[] = [];
	const tell = () => ui.say('busy', `${verbOf(action)}: ${done.length + failed.length} of ${targets.length} …`);
	tell();
	const worker = async () => {
		for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
			const current = ui.find(target) ?? target;
			try {
				await execute(ui.executor, {action, world: ui.worldNow, target: current, input, confirmed: true});
				done.push(target);
			} catch (error) {
				failed.push(`${target.name}: ${errorText(toClusterError(error)).slice(2)}`);
			}

			tell();
		}
	};
	await Promise.all(Array.from({length: mostAtOnce}, worker));
	unmark(
		ui,
		done.map(({id}) => id),
	);
	if (failed.length === 0) {
		ui.say('good', `✓ ${commandForAll(action, targets, input)}`);
	} else {
		ui.say('bad', `✗ ${failed.length} of ${targets.length} failed and stay marked. ${failed.join(' · ')}`);
	}
}

/** One line for all of them, where the command takes several. */
function commandForAll(action: Action, targets: readonly Target[], input: Input<Fields>): string {
	const [first, ...others] = targets;
	const one = commandFor(action, first, input);
	const end = ` ${quote(first?.name ?? '')}`;
	return one.endsWith(end) && others.every(({scope}) => scope === first?.scope)
		? [one, ...others.map(({name}) => quote(name))].join(' ')
		: `${one}${others.length === 0 ? '' : `, and so for ${others.length} more`}`;
}
