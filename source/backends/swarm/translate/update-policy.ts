import type {ServiceSpec, UpdatePolicy} from '../../../core/model/index.ts';
import type {RawServiceSpec, RawUpdateConfig} from '../api-types.ts';
import {drainLabel} from '../nodes/drain-labels.ts';
import {tendLabels} from '../tend/tend-labels.ts';

const nsPerMs = 1_000_000;

export function toUpdate(raw: RawUpdateConfig = {}): UpdatePolicy {
	const {Parallelism = 1, Delay = 0, Order, Monitor, MaxFailureRatio = 0, FailureAction} = raw;
	return {
		parallelism: Parallelism,
		delayMs: Delay / nsPerMs,
		order: Order === 'start-first' ? 'start-first' : 'stop-first',
		monitorMs: Monitor === undefined || Monitor === 0 ? 5000 : Monitor / nsPerMs,
		maxFailureRatio: MaxFailureRatio,
		failureAction: FailureAction === 'continue' || FailureAction === 'rollback' ? FailureAction : 'pause',
	};
}

export function fromUpdate(policy: UpdatePolicy, isRollback: boolean): RawUpdateConfig {
	const {parallelism, delayMs, order, monitorMs, maxFailureRatio, failureAction} = policy;
	return {
		Parallelism: parallelism,
		Delay: delayMs * nsPerMs,
		Order: order,
		Monitor: monitorMs * nsPerMs,
		MaxFailureRatio: maxFailureRatio,
		// A rollback does not roll back.
		FailureAction: isRollback && failureAction === 'rollback' ? 'pause' : failureAction,
	};
}

// Swarm can neither be told to hold an update nor to stop it after its first instances. But it waits between two batches, and
// as long as it is told to: a held update is one with a delay of years. How it was before is kept in a label of the service.

export const holdLabel = 'muster.hold';
/** Ten years. */
const foreverMs = 315_360_000_000;

type Hold = {
	readonly paused: boolean;
	readonly canary: number;
	/** What the hold took the place of. */
	readonly was: Pick<RawUpdateConfig, 'Parallelism' | 'Delay'>;
};

export function heldBy({Labels = {}}: Pick<RawServiceSpec, 'Labels'>): Hold | undefined {
	try {
		const value = JSON.parse(Labels[holdLabel] ?? 'null') as Partial<Hold> | null;
		if (value === null || typeof value !== 'object') return undefined;
		const {paused = false, canary = 0, was = {}} = value;
		const {Parallelism = 1, Delay = 0} = was;
		return {
			paused: paused === true,
			canary: Number(canary) || 0,
			was: {Parallelism: Number(Parallelism), Delay: Number(Delay)},
		};
	} catch {
		return undefined;
	}
}

/** Muster's own; a user's labels are the others. */
export const ownedLabels: readonly string[] = [holdLabel, drainLabel, ...tendLabels];

export function ownLabels({Labels = {}}: Pick<RawServiceSpec, 'Labels'>): Record<string, string> {
	return Object.fromEntries(Object.entries(Labels).filter(([name]) => !ownedLabels.includes(name)));
}

/** What muster keeps there, as it is. */
export function keptLabels({Labels = {}}: Pick<RawServiceSpec, 'Labels'>): Record<string, string> {
	return Object.fromEntries(Object.entries(Labels).filter(([name]) => ownedLabels.includes(name)));
}

/** Writes how instances are replaced, whether that is held, and the labels. */
export function writeUpdate(raw: RawServiceSpec, {update, rollback, paused, canary, labels}: ServiceSpec): void {
	const config = fromUpdate(update, false);
	const {Parallelism = 1, Delay = 0} = config;
	const hold: Hold | undefined = paused || canary > 0 ? {paused, canary, was: {Parallelism, Delay}} : undefined;
	const {[holdLabel]: _, ...kept} = keptLabels(raw);
	raw.Labels = {...labels, ...kept, ...(hold && {[holdLabel]: JSON.stringify(hold)})};
	raw.UpdateConfig = {
		...raw.UpdateConfig,
		...config,
		...(hold && {Parallelism: canary > 0 ? canary : Math.max(1, Parallelism), Delay: foreverMs * nsPerMs}),
	};
	raw.RollbackConfig = {...raw.RollbackConfig, ...fromUpdate(rollback, true)};
}
