import {ClusterError} from '../../core/error.ts';
import type {Service} from '../../core/model/index.ts';
import {isThrough} from '../../core/reconcile/rollout.ts';
import {defineAction} from '../action.ts';
import {changeService, present} from '../change.ts';
import {backPatch, lackOfHistory} from '../journal/history.ts';
import {rolloutProgress} from './rollout-progress.ts';

/* What is done to an update that is under way: `muster rollout VERB SERVICE`. */

export const pauseRollout = defineAction({
	id: 'rollout.pause',
	title: 'Pause: replace nothing because of an update until it is resumed',
	on: 'service',
	fields: {},
	unavailable: service =>
		service?.spec.mode === 'job' && service.type === undefined
			? `${service.name} is a job: it runs anew when it is changed`
			: service?.spec.paused
				? `${service.name} is paused already`
				: undefined,
	plan: (_, service) => [changeService(present(service), {paused: true})],
});

export const resumeRollout = defineAction({
	id: 'rollout.resume',
	title: 'Resume: go on with an update, also after too many failures',
	on: 'service',
	fields: {},
	unavailable: service => (service === undefined || mayResume(service) ? undefined : `${service.name} is not paused`),
	plan(_, target) {
		const service = present(target);
		if (service.rollout?.pausedBy === 'canary' && !service.spec.paused) {
			throw new ClusterError('conflict', `${service.name} waits after its canaries`, {
				hint: `muster rollout promote ${service.name}, or abort`,
			});
		}

		return [changeService(service, {paused: false})];
	},
	progress: rolloutProgress,
});

function mayResume({spec, rollout}: Service): boolean {
	return spec.paused || rollout?.state === 'paused';
}

export const promoteRollout = defineAction({
	id: 'rollout.promote',
	title: 'Promote: take what the canaries run to all instances',
	on: 'service',
	fields: {},
	unavailable: service =>
		service === undefined || service.spec.canary > 0 ? undefined : `${service.name} has no canaries`,
	plan: (_, service) => [changeService(present(service), {canary: 0})],
	progress: rolloutProgress,
});

export const abortRollout = defineAction({
	id: 'rollout.abort',
	title: 'Abort: take back an update that is not through, or its canaries',
	on: 'service',
	needsHistory: true,
	fields: {},
	unavailable: (service, backend) =>
		lackOfHistory(backend) ??
		(service === undefined || isUnderWay(service) ? undefined : `${service.name} is not being updated`),
	plan(world, target) {
		const service = present(target);
		return [changeService(service, {...backPatch(world, service, service.rollout?.from), canary: 0, paused: false})];
	},
	progress: rolloutProgress,
});

function isUnderWay({rollout}: Service): boolean {
	return rollout !== undefined && !isThrough(rollout) && !rollout.isRollback;
}
