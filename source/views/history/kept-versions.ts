import {withHistory} from '../../actions/history.ts';
import {toClusterError} from '../../core/error.ts';
import type {ServiceVersion} from '../../core/model/index.ts';
import {errorText} from '../running.ts';
import type {About} from '../state.ts';
import type {Ui} from '../ui.ts';

/** Asks the engine for the kept versions of these services, puts them where plans find them, and goes on. */
export function readVersions(
	ui: Ui,
	services: readonly Pick<About, 'id' | 'name'>[],
	next: () => void = () => {},
): void {
	void withHistory(ui.executor.backend, ui.worldNow, services).then(
		({versions}) => {
			for (const [id, found] of versions ?? []) {
				ui.versions.set(id, found);
			}

			next();
			ui.refresh();
		},
		(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
	);
}

/** The newest first; undefined: not asked for yet. */
export function versionsOf(ui: Ui): readonly ServiceVersion[] | undefined {
	return ui.versions.get(ui.place.about?.id ?? '');
}
