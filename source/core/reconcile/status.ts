import {isFinal} from '../instance-state.ts';
import type {Instance, ServiceStatus} from '../model/index.ts';
import {isHealthy} from './slots.ts';

/** Counts what runs; a message is the given reason, or else that of a pending or failing instance. */
export function runningStatus(
	instances: readonly Instance[],
	desired: number,
	reason: string | undefined,
): Omit<ServiceStatus, 'ports'> {
	const running = instances.filter(({status, desired: wanted}) => status.state === 'running' && wanted === 'running');
	const pending = instances.find(({status}) => status.state === 'pending' && status.reason !== undefined);
	const message = reason ?? (pending === undefined ? undefined : pending.status.reason);
	return {
		desired,
		running: running.length,
		healthy: running.filter(instance => isHealthy(instance)).length,
		completed: 0,
		...(message === undefined ? {} : {message}),
	};
}

export function liveOnes(instances: readonly Instance[]): Instance[] {
	return instances.filter(({status}) => !isFinal(status.state));
}
