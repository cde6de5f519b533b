import type {Preview} from '../actions/action.ts';
import {planAction} from '../actions/execute.ts';
import {toClusterError} from '../core/error.ts';
import type {KeymapRow} from './keymap.ts';
import type {Prompt} from './overlay.ts';
import {previewOf} from './previewing.ts';
import {type Errand, errorText, start, verbOf} from './running.ts';
import type {Ui} from './ui.ts';

/** Runs an action, after its question where it has one, or where what it brings is worth a look first. */
export function run(ui: Ui, errand: Errand): void {
	try {
		const {question, preview} = planAction(ui.executor.backend, {...errand, world: ui.worldNow});
		if (question !== undefined || (preview !== undefined && preview.rows.length > 0)) {
			ask(ui, errand, {question});
		} else {
			start(ui, errand);
		}
	} catch (error) {
		ui.say('warning', errorText(toClusterError(error)));
	}
}

type AskOptions = {
	readonly question?: string | undefined;
	/** Behind the panel's title: `deadline 5m`. */
	readonly note?: string;
	/** Keys that change the errand, before those of every panel. */
	readonly keymap?: readonly KeymapRow[];
};

/** Shows what an action would bring, and does it when told to. */
export function ask(ui: Ui, errand: Errand, options: AskOptions = {}): void {
	const {action, target, input} = errand;
	const question = options.question ?? action.confirm?.(target, input);
	openPanel(ui, {
		title: [verbOf(action), target?.name, options.note && `· ${options.note}`].filter(Boolean).join(' '),
		preview: () => previewOf(ui, asItIsNow(ui, errand)),
		question,
		keymap: options.keymap,
		verb: verbOf(action).toLowerCase(),
		act: it => start(it, asItIsNow(it, errand)),
	});
}

type PanelOptions = {
	readonly title: string;
	preview(): Preview | undefined;
	readonly question?: string | undefined;
	readonly keymap?: readonly KeymapRow[] | undefined;
	/** What `enter` does, in a word. */
	readonly verb: string;
	act(ui: Ui): void;
};

/** Shows what something would bring; `enter` does it, `esc` leaves it. */
export function openPanel(ui: Ui, {title, preview, question, keymap = [], verb, act}: PanelOptions): void {
	ui.update({
		overlay: {
			type: 'panel',
			title,
			preview,
			...(question === undefined ? {} : {question}),
			keymap: [...keymap, ...panelKeymap(verb, act)],
			top: 0,
		},
	});
}

/** The world went on while it was looked at. */
function asItIsNow(ui: Ui, errand: Errand): Errand {
	return {...errand, target: (errand.target && ui.find(errand.target)) ?? errand.target};
}

function panelKeymap(verb: string, act: (ui: Ui) => void): readonly KeymapRow[] {
	return [
		{
			keys: ['enter', 'y'],
			hint: verb,
			help: 'Do it',
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
				ui.update({overlay: undefined});
			},
		},
	];
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
