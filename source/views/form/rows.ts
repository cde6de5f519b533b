import type {Action} from '../../actions/action.ts';
import {actions} from '../../actions/index.ts';
import type {Kind} from '../../core/model/index.ts';
import type {Key} from '../input/keys.ts';
import type {KeymapRow} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import {openForm} from './submit.ts';

type Words = {readonly keys: readonly Key[]; readonly hint: string; readonly help: string; readonly quiet?: boolean};

/** A row that opens the form of an action on the target. */
export function formRow(action: Action, words: Words): KeymapRow {
	return {
		...words,
		needsTarget: true,
		refused: ui => ui.refusal(action, undefined),
		unavailable: (ui, target) => ui.refusal(action, target),
		press: (ui, target) => openForm(ui, action, target),
	};
}

/** What makes a new object of a kind, where there is such an action. */
export function creationOf(kind: Kind): Action | undefined {
	return actions.get(`${kind}.create`) ?? actions.get(`${kind}.add`);
}

/** On every list: the form that makes one more of what is listed. */
export const createRow: KeymapRow = {
	keys: ['n'],
	hint: 'new',
	help: 'Create one: a form with every field, the equal command, and where its instances would go',
	quiet: true,
	refused(ui, kind) {
		const action = kind && creationOf(kind);
		return action && ui.refusal(action, undefined);
	},
	unavailable(ui) {
		const action = creation(ui);
		return action === undefined ? `What is in ${ui.screen.id} is not created here.` : ui.refusal(action, undefined);
	},
	press(ui) {
		const action = creation(ui);
		if (action !== undefined) {
			openForm(ui, action);
		}
	},
};

function creation({screen}: Ui): Action | undefined {
	return screen.type === 'table' ? creationOf(screen.kind) : undefined;
}
