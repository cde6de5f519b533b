import type {ComponentHealth} from '../../core/backend.ts';
import {findTroubles} from '../../core/troubles/find-troubles.ts';
import type {Trouble} from '../../core/troubles/trouble.ts';
import {slowly} from '../live/slowly.ts';
import type {Ui} from '../ui.ts';

/** What waits too long is found by time alone. */
const staleMs = 5000;
const askEachMs = 5000;

const components = new WeakMap<Ui, readonly ComponentHealth[]>();
const watched = new WeakMap<Ui, () => void>();

/** What is wrong with the cluster, the worst first; looked for anew once a second at most. */
export const troublesOf: (ui: Ui) => readonly Trouble[] = slowly(
	ui => {
		const {events} = ui.world;
		const known = components.get(ui);
		return findTroubles({...ui.worldNow, events, ...(known && {components: known})});
	},
	{keyOf: ui => (components.get(ui) ?? []).map(({name, state}) => `${name} ${state}`).join(), staleMs},
);

/** Asks after the parts of the control plane, as long as somebody looks; an engine that cannot tell is not asked. */
export function watchComponents(ui: Ui): void {
	const {facets} = ui.executor.backend;
	if (facets.health === undefined || watched.has(ui)) {
		return;
	}

	let isOver = false;
	let cancel = () => {};
	const next = () => {
		if (!isOver) {
			cancel = ui.clock.after(askEachMs, ask);
		}
	};

	function ask(): void {
		void facets
			.health?.()
			.then(
				found => {
					components.set(ui, found);
					if (!isOver) {
						ui.refresh();
					}
				},
				// What cannot be asked now is what the header says is lost.
				() => components.delete(ui),
			)
			.then(next);
	}

	watched.set(ui, () => {
		isOver = true;
		cancel();
	});
	ask();
}

export function unwatchComponents(ui: Ui): void {
	watched.get(ui)?.();
	watched.delete(ui);
}
