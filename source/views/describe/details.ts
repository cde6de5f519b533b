import type {Detail} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';
import type {Section} from './sections.ts';

type Known = {readonly revision: string; readonly sections: readonly Section[]};

const known = new WeakMap<Ui, Map<string, Known>>();
/** What was looked at before is asked again. */
const mostKnown = 50;

/** What the engine tells beyond the model: asked when it is first shown, and again when the object is another one. */
export function detailsOf(ui: Ui, target: Target): readonly Section[] {
	const {details} = ui.executor.backend.facets;
	if (details === undefined || (target.kind !== 'instance' && target.kind !== 'node')) {
		return [];
	}

	const own = known.get(ui) ?? new Map<string, Known>();
	known.set(ui, own);
	const found = own.get(target.id);
	if (found?.revision !== target.revision) {
		if (own.size >= mostKnown) {
			own.clear();
		}

		const keep = (sections: readonly Section[]) => {
			own.set(target.id, {revision: target.revision, sections});
			ui.refresh();
		};
		own.set(target.id, {revision: target.revision, sections: found?.sections ?? []});
		const {kind, id, name, scope} = target;
		void details.call(ui.executor.backend.facets, {kind, id, name, ...(scope === undefined ? {} : {scope})}).then(
			all => keep(all.map(sectionOf)),
			(error: unknown) =>
				keep([{title: 'More', rows: [['not known', {role: 'bad', text: toClusterError(error).message}]]}]),
		);
	}

	return found?.sections ?? [];
}

function sectionOf({title, rows}: Detail): Section {
	return {title: stripControl(title), rows: rows.map(([label, text]) => [stripControl(label), stripControl(text)])};
}
