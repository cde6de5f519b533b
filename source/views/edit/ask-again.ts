import {withProblems} from '../../core/difference/problem-lines.ts';
import type {ClusterError} from '../../core/error.ts';
import type {PreviewRow} from '../../core/preview/preview.ts';
import {openPanel} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import type {Answer} from '../input/answering.ts';
import type {Ui} from '../ui.ts';

type Refused = {
	readonly name: string;
	/** What was written. */
	readonly text: string;
	readonly error: ClusterError;
	readonly rows: readonly PreviewRow[];
	/** The editor again, over this text. */
	again(ui: Ui, text: string): void;
};

/** The engine does not want what was written: why, and the editor again with that on top. */
export function askAgain(ui: Ui, answer: Answer, {name, text, error, rows, again}: Refused): void {
	const title = `${name} was not changed`;
	answer(title, () =>
		openPanel(ui, {
			title,
			preview: () => ({summary: errorText(error), rows}),
			verb: 'edit again',
			act: it => again(it, withProblems(text, [error.message])),
		}),
	);
}
