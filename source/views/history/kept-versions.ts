import {withHistory} from '../../actions/journal/history.ts';
import {toClusterError} from '../../core/error.ts';
import type {Service, ServiceVersion} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import {errorText} from '../errands/running.ts';
import {waitFor} from '../sessions/wait.ts';
import type {Ui} from '../ui.ts';

type Named = Pick<Service, 'id' | 'name' | 'scope'>;

const mostMs = 30_000;

/** Asks the engine for the kept versions of these services, and puts them where plans find them. */
export function readVersions(ui: Ui, services: readonly Named[]): void {
	void read(ui, services).catch((error: unknown) => failed(ui, error));
}

/** Goes on when they are read. What is typed until then is not for what lies behind; `esc` waits no longer. */
export function afterVersions(ui: Ui, services: readonly Named[], next: () => void): void {
	const [first, ...others] = services;
	const whose = others.length === 0 ? stripControl(first?.name ?? '') : `${services.length} services`;
	const {name} = ui.executor.backend;
	const wait = waitFor(ui, {title: `Reading the versions of ${whose} …`, name, mostMs});
	void Promise.race([read(ui, services), wait.over]).then(
		() => {
			wait.end();
			next();
		},
		(error: unknown) => {
			wait.end();
			failed(ui, error);
		},
	);
}

async function read(ui: Ui, services: readonly Named[]): Promise<void> {
	const {versions} = await withHistory(ui.executor.backend, ui.worldNow, services);
	for (const [id, found] of versions ?? []) {
		ui.versions.set(id, found);
	}

	ui.refresh();
}

function failed(ui: Ui, error: unknown): void {
	ui.say('bad', errorText(toClusterError(error)));
}

/** The newest first; undefined: not asked for yet. */
export function versionsOf(ui: Ui): readonly ServiceVersion[] | undefined {
	return ui.versions.get(ui.place.about?.id ?? '');
}
