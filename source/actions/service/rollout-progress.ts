import type {Rollout, Service} from '../../core/model/index.ts';
import type {Progress, World} from '../action.ts';
import {serviceProgress} from './service-progress.ts';

/**
 * Whether what was asked of a service's instances has come about: through, or where it was to stop. Failed when it stopped by
 * itself, or went back.
 */
export function rolloutProgress(world: World, target: Pick<Service, 'id' | 'name' | 'rollout'>): Progress {
	const service = world.services.find(({id}) => id === target.id);
	const rollout = service?.rollout;
	const progress = serviceProgress(world, target);
	if (service === undefined || service.removing || rollout === undefined || !isNew(rollout, target.rollout)) {
		return progress;
	}

	// Only one that no user asked for says why.
	const isUndone = rollout.isRollback && rollout.message !== undefined && rollout.pausedBy === undefined;
	switch (rollout.state) {
		case 'paused':
			return rollout.pausedBy === 'failure'
				? {state: 'failed', message: `${progress.message}; stopped: ${rollout.message ?? 'too many failures'}`}
				: progress;
		case 'rolled-back':
			return isUndone && progress.state === 'reached'
				? {state: 'failed', message: `${target.name} was rolled back to version ${service.version}: ${rollout.message}`}
				: progress;
		case 'updating':
		case 'rolling-back':
			return progress.state === 'reached'
				? {
						state: 'waiting',
						message: `${progress.message}, watched for failures`,
						done: rollout.updated,
						total: rollout.total + 1,
					}
				: isUndone && progress.state === 'waiting'
					? {...progress, message: `${progress.message}, rolling back`, trouble: rollout.message as string}
					: progress;
		case 'completed':
			return progress;
	}
}

/** Begun or resumed since. */
function isNew(rollout: Rollout, before: Rollout | undefined): boolean {
	return (
		rollout.startedAt !== before?.startedAt || rollout.resumedAt !== before.resumedAt || rollout.state !== before.state
	);
}
