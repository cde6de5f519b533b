import type {Instance, Rollout} from '../model/index.ts';
import type {Observed} from './plan.ts';
import {isHealthy, type Slot} from './slots.ts';

/** How many slots may be without a healthy instance because of an update. */
const parallelism = 1;

/**
 * The outdated instances to stop next. Those that serve nobody go at once; of the others one at a time, lowest slot first,
 * and only while every other slot is healthy: a new version that does not come up stops the rollout by itself.
 */
export function nextOutdated(
	slots: readonly Slot<number>[],
	version: number,
	stopped: ReadonlySet<string>,
): Instance[] {
	const available = slots.filter(({wanted}) =>
		wanted.some(instance => isHealthy(instance) && !stopped.has(instance.id)),
	);
	const outdated = slots
		.flatMap(({wanted}) => wanted)
		.filter(instance => instance.version < version && !stopped.has(instance.id));
	const idle = outdated.filter(instance => !isHealthy(instance));
	const room = parallelism - (slots.length - available.length);
	const healthy = outdated.filter(instance => isHealthy(instance)).slice(0, Math.max(0, room));
	return [...idle, ...healthy];
}

/** The rollout as it stands now; undefined as long as nothing was ever updated. */
export function rolloutStatus(slots: readonly Slot<number>[], {service, now}: Observed): Rollout | undefined {
	const {rollout, version} = service;
	if (rollout === undefined || (rollout.state === 'completed' && rollout.total === slots.length)) {
		return rollout;
	}

	const updated = slots.filter(({wanted}) => wanted.some(item => item.version === version && isHealthy(item))).length;
	const left = slots.some(({wanted, stopping}) => [...wanted, ...stopping].some(item => item.version < version));
	if (rollout.state === 'completed' || (updated === slots.length && !left)) {
		return {
			...rollout,
			state: 'completed',
			updated: slots.length,
			total: slots.length,
			finishedAt: rollout.finishedAt ?? now,
		};
	}

	return {...rollout, updated, total: slots.length};
}
