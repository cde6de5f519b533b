import type {Action} from '../../actions/action.ts';
import {planAction} from '../../actions/execute.ts';
import {asContent, unreadable} from '../../actions/stored/file-content.ts';
import {toClusterError} from '../../core/error.ts';
import {ask, mustAsk, removedMeanwhile} from '../errands/asking.ts';
import {type Errand, errorText, start} from '../errands/running.ts';
import type {Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {type Form, fieldNamed, formOf, readForm} from './form.ts';

/** Opens the form of an action; what cannot be done at all says why. */
export function openForm(ui: Ui, action: Action, target?: Target, given: Readonly<Record<string, unknown>> = {}): void {
	const refusal = ui.refusal(action, target);
	if (refusal === undefined) {
		const form = {...formOf(action, target, given), wasThere: ui.find(target) !== undefined};
		ui.update({overlay: form, message: undefined});
	} else {
		ui.say('warning', refusal);
	}
}

/** What a form asks for now, of the object as it is now; a file that it names is read only when it is done. */
export function errandOf(ui: Ui, form: Form): Errand {
	const {action, target} = form;
	const {input} = readForm(form);
	const content = fileOf(form) === undefined ? {} : {content: ''};
	return {action, target: (target && ui.find(target)) ?? target, input: {...input, ...content} as Errand['input']};
}

function fileOf(form: Form): string | undefined {
	const {input} = readForm(form);
	return (input[form.action.form?.file ?? ''] as readonly string[] | undefined)?.[0];
}

/** Why it cannot be done yet, and the field that this is about; undefined: it can. */
export function problemOf(
	ui: Ui,
	form: Form,
): {readonly message: string; readonly index: number | undefined} | undefined {
	const {target, wasThere} = form;
	if (wasThere && ui.find(target) === undefined) {
		return {message: removedMeanwhile(target), index: undefined};
	}

	const {errors} = readForm(form);
	const wrong = form.fields.findIndex(({name}) => errors.has(name));
	if (wrong !== -1) {
		const {name = '', label = ''} = form.fields[wrong] ?? {};
		return {message: `${label}: ${errors.get(name)}`, index: wrong};
	}

	try {
		planAction(ui.executor.backend, {...errandOf(ui, form), world: ui.worldNow});
		return undefined;
	} catch (error) {
		const {message} = toClusterError(error);
		const field = fieldNamed(form, message);
		return {message, index: field && form.fields.indexOf(field)};
	}
}

/** Does what the form says, after its question where it has one; what is refused brings the form back. */
export function submitForm(ui: Ui, form: Form): void {
	const problem = problemOf(ui, form);
	if (problem !== undefined) {
		// Below the fields it is said why; here is where.
		ui.update({overlay: {...form, index: problem.index ?? form.index, isRefused: true}});
		return;
	}

	const errand: Errand = {
		...errandOf(ui, form),
		failed(error) {
			// Whoever has gone on meanwhile is not interrupted.
			if (ui.state.overlay === undefined) {
				ui.update({overlay: form});
			}

			ui.say('bad', errorText(error));
		},
	};
	const file = fileOf(form);
	if (file === undefined) {
		go(ui, errand, form);
		return;
	}

	ui.update({overlay: undefined});
	void ui.ports.read(file).then(
		bytes => go(ui, {...errand, input: {...errand.input, content: asContent(bytes)} as Errand['input']}, form),
		error => errand.failed?.(unreadable(file, error as Error)),
	);
}

function go(ui: Ui, errand: Errand, back: Form): void {
	if (mustAsk(ui, errand)) {
		ask(ui, errand, {back});
	} else {
		ui.update({overlay: undefined});
		start(ui, errand);
	}
}
