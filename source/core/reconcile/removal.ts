import type {Observed, Plan} from './plan.ts';
import {liveOnes, runningStatus} from './status.ts';

/** Stops everything; the service is gone when nothing lives any more. */
export function removalPlan({service, instances}: Observed): Plan {
	const live = liveOnes(instances);
	return {
		steps: live
			.filter(({desired}) => desired === 'running')
			.map(({id}) => ({type: 'stop', instanceId: id, reason: 'service removed'})),
		status: runningStatus(instances, 0, 'being removed'),
		rollout: service.rollout,
		gone: live.length === 0,
	};
}
