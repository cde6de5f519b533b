import type {Action, Preview} from '../../actions/action.ts';
import {planAction} from '../../actions/execute.ts';
import {toClusterError} from '../../core/error.ts';
import {afterVersions} from '../history/kept-versions.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Overlay, Prompt} from '../overlay.ts';
import type {Ui} from '../ui.ts';
import {previewOf} from './previewing.ts';
import {commandOf, type Errand, errorText, start, verbOf} from './running.ts';

/** Runs an action, after its question where it has one, or where what it brings is worth a look first. */
export function run(ui: Ui, errand: Errand): void {
	const {action, target} = errand;
	if (action.needsHistory && target !== undefined) {
		afterVersions(ui, [target], () => runNow(ui, errand));
	} else {
		runNow(ui, errand);
	}
}

function runNow(ui: Ui, errand: Errand): void {
	try {
		if (mustAsk(ui, errand)) {
			ask(ui, errand);
		} else {
			start(ui, errand);
		}
	} catch (error) {
		ui.say('warning', errorText(toClusterError(error)));
	}
}

/** Whether an action is shown before it is done: it asks, it hurts, or the policy of this context wants it. */
export function mustAsk(ui: Ui, errand: Errand): boolean {
	const {question, preview} = planAction(ui.executor.backend, {...errand, world: ui.worldNow});
	const hasRows = preview !== undefined && preview.rows.length > 0;
	return question !== undefined || hasRows || errand.action.needsHistory === true || wantsName(ui, errand.action);
}

/** Whether the policy of this context wants a name to be typed. */
export function wantsName(ui: Ui, {id}: Action): boolean {
	return ui.settings.policy.typedFor.has(id);
}

type AskOptions = {
	readonly question?: string | undefined;
	/** Behind the panel's title: `deadline 5m`. */
	readonly note?: string;
	/** Of what is meant, where that is no object. */
	readonly name?: string;
	/** Keys that change the errand, before those of every panel. */
	readonly keymap?: readonly KeymapRow[];
	/** What lies under it, and comes back when it is left. */
	readonly back?: Overlay;
};

/** Shows what an action would bring, and does it when told to. */
export function ask(ui: Ui, errand: Errand, {question, note, name, keymap, back}: AskOptions = {}): void {
	const {action, target, input} = errand;
	const wasThere = !errand.isPinned && ui.find(target) !== undefined;
	const what = action.creates ? action.title : [verbOf(action), target?.name].filter(Boolean).join(' ');
	openPanel(ui, {
		title: [what, name, note].filter(part => part !== undefined).join(' · '),
		gone: () => (wasThere && ui.find(target) === undefined ? removedMeanwhile(target) : undefined),
		preview: () => previewOf(ui, asItIsNow(ui, errand)),
		question: question ?? action.confirm?.(target, input),
		command: () => commandOf(asItIsNow(ui, errand)),
		typed: wantsName(ui, action) ? (target?.name ?? name ?? action.on) : undefined,
		keymap,
		back,
		verb: verbOf(action).toLowerCase(),
		act: it => start(it, asItIsNow(it, errand)),
	});
}

export type PanelOptions = {
	readonly title: string;
	/** Why nothing of this can be done any more. */
	gone?(): string | undefined;
	preview(): Preview | undefined;
	readonly question?: string | undefined;
	/** The equal command. */
	command?(): string;
	/** What has to be typed before anything is done. */
	readonly typed?: string | undefined;
	readonly keymap?: readonly KeymapRow[] | undefined;
	/** What lies under it, and comes back when it is left. */
	readonly back?: Overlay | undefined;
	/** What `enter` does, in a word. */
	readonly verb: string;
	act(ui: Ui): void;
};

/** Shows what something would bring; `enter` does it, `esc` leaves it. */
export function openPanel(ui: Ui, options: PanelOptions): void {
	const {title, gone, preview, question, command, typed, keymap = [], back, verb, act} = options;
	ui.update({
		overlay: {
			type: 'panel',
			title,
			...(gone === undefined ? {} : {gone}),
			preview,
			...(question === undefined ? {} : {question}),
			...(command === undefined ? {} : {command}),
			...(typed === undefined ? {} : {typed: {wanted: typed, text: ''}}),
			keymap: [...keymap, ...panelKeymap(verb, act, back)],
			top: 0,
		},
	});
}

/** What somebody else has removed while it was looked at. */
export function removedMeanwhile(target: Errand['target']): string {
	return `${target?.name ?? 'It'} was removed meanwhile.`;
}

/** The world went on while it was looked at. */
function asItIsNow(ui: Ui, errand: Errand): Errand {
	return errand.isPinned ? errand : {...errand, target: (errand.target && ui.find(errand.target)) ?? errand.target};
}

function panelKeymap(verb: string, act: (ui: Ui) => void, back: Overlay | undefined): readonly KeymapRow[] {
	return [
		{
			keys: ['enter', 'y'],
			hint: verb,
			help: 'Do it',
			unavailable: whyNotYet,
			press(ui) {
				ui.update({overlay: undefined});
				act(ui);
			},
		},
		{keys: ['j', 'down'], hint: 'down', help: 'Scroll down', quiet: true, press: ui => scrollPanel(ui, 1)},
		{keys: ['k', 'up'], hint: 'up', help: 'Scroll up', quiet: true, press: ui => scrollPanel(ui, -1)},
		{
			keys: ['esc', 'n', 'q'],
			hint: 'leave',
			help: 'Leave it as it is',
			press(ui) {
				ui.update({overlay: back});
			},
		},
	];
}

/** Where a name has to be typed, nothing is done before it is. */
function whyNotYet({state: {overlay}}: Ui): string | undefined {
	const {typed, gone} = overlay?.type === 'panel' ? overlay : {};
	const removed = gone?.();
	if (removed !== undefined) return removed;
	return typed === undefined || typed.text === typed.wanted ? undefined : `Type ${typed.wanted} to confirm.`;
}

function scrollPanel(ui: Ui, by: number): void {
	const {overlay} = ui.state;
	if (overlay?.type === 'panel') {
		const rows = overlay.preview(ui.world)?.rows.length ?? 0;
		ui.update({overlay: {...overlay, top: Math.max(0, Math.min(overlay.top + by, rows - 1))}});
	}
}

/** Opens a line to type in; with text in it already, it is as if it had been typed. */
export function openPrompt(ui: Ui, prompt: Omit<Prompt, 'type'>): void {
	ui.update({overlay: {type: 'prompt', ...prompt}});
}
