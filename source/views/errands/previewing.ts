import type {Preview} from '../../actions/action.ts';
import {planAction} from '../../actions/execute.ts';
import {toClusterError} from '../../core/error.ts';
import type {Ui} from '../ui.ts';
import type {Errand} from './running.ts';

type Kept = {
	readonly key: string;
	readonly preview: Preview | undefined;
	readonly madeAtMs: number;
	readonly costMs: number;
};

/** A preview is made anew for a changed cluster, but not more often than this, nor for more than a twentieth of the time. */
const leastMs = 300;
const restFactor = 20;

const lasting = new WeakMap<Ui, Kept>();

/** What an action would bring; where it cannot be done, why. The last one is kept: every frame asks. */
export function previewOf(ui: Ui, errand: Errand): Preview | undefined {
	return kept(ui, keyOf(errand), () => foresee(ui, errand));
}

/** The last one that was made, whatever it was about. */
export function latestPreview(ui: Ui): Preview | undefined {
	return lasting.get(ui)?.preview;
}

function keyOf({action, target, input}: Errand): string {
	return [action.id, target?.id, JSON.stringify(input)].join(' ');
}

function kept(ui: Ui, key: string, make: () => Preview | undefined): Preview | undefined {
	const before = lasting.get(ui);
	const startMs = ui.clock.monotonicMs();
	if (before?.key === key && startMs - before.madeAtMs < Math.max(leastMs, before.costMs * restFactor)) {
		return before.preview;
	}

	const preview = make();
	const madeAtMs = ui.clock.monotonicMs();
	lasting.set(ui, {key, preview, madeAtMs, costMs: madeAtMs - startMs});
	return preview;
}

function foresee(ui: Ui, {action, target, input}: Errand): Preview | undefined {
	try {
		return planAction(ui.executor.backend, {action, world: ui.worldNow, target, input}).preview;
	} catch (error) {
		return {summary: toClusterError(error).message, rows: []};
	}
}
