import {isFinal} from '../../core/instance-state.ts';
import type {Instance, Service} from '../../core/model/index.ts';
import type {Progress} from '../action.ts';

/**
 * For engines that keep no slots (Kubernetes): their controllers tell how far a service has come, its instances what stands in
 * the way.
 */
export function engineProgress(service: Service, instances: readonly Instance[]): Progress {
	const {name, spec, status, rollout, version} = service;
	const live = instances.filter(one => !isFinal(one.status.state));
	const trouble = troubleOf(service, live);
	if (service.type === 'cronjob')
		return {state: 'reached', message: `${name}: ${status.message ?? 'waits for its time'}`};
	if (spec.mode === 'job') {
		const message = `${name}: ${status.completed} of ${status.desired} completed`;
		if (status.completed >= status.desired) return {state: 'reached', message};
		const isOver = live.length === 0 && status.running === 0 && status.message !== undefined && !spec.paused;
		if (isOver) return {state: 'failed', message: `${message}; ${status.message}`};
		return {state: 'waiting', message, done: status.completed, total: status.desired, ...trouble};
	}

	const good = Math.min(status.healthy, status.desired);
	const message = `${name}: ${good} of ${status.desired} ready`;
	const meant = live.filter(({desired}) => desired === 'running');
	const rest = live.length - meant.length + meant.filter(one => one.version !== version && version > 0).length;
	if (spec.paused && rollout !== undefined) return {state: 'reached', message: `${message}; its update is paused`};
	if (good === status.desired && meant.length === status.desired && rest === 0 && rollout === undefined) {
		return {state: 'reached', message};
	}

	const updating = rollout === undefined ? '' : ` · ${rollout.updated} of ${rollout.total} updated`;
	const total = Math.max(status.desired, live.length);
	const others = rest === 0 ? '' : ` · ${rest} to go`;
	return {state: 'waiting', message: message + updating + others, done: good, total, ...trouble};
}

function troubleOf({status, rollout}: Service, live: readonly Instance[]): {trouble?: string} {
	const meant = live.filter(({desired}) => desired === 'running');
	const ill = meant.find(one => one.status.health === 'unhealthy') ?? meant.find(one => one.status.state === 'pending');
	const why = status.message ?? rollout?.message ?? ill?.status.healthMessage ?? ill?.status.reason;
	return why === undefined ? {} : {trouble: why};
}
