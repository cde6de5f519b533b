import {defineAction} from '../action.ts';
import {changeService, present} from '../change.ts';
import {rolloutProgress} from './rollout-progress.ts';

export const restartService = defineAction({
	id: 'service.restart',
	title: 'Restart all instances',
	on: 'service',
	fields: {},
	unavailable: service =>
		service?.type === 'job'
			? `${service.name} runs once: what it runs cannot be changed`
			: service?.type === 'cronjob'
				? `${service.name} runs by its schedule: it can be triggered`
				: undefined,
	plan(_, target) {
		const service = present(target);
		return [changeService(service, {forceUpdate: service.spec.forceUpdate + 1})];
	},
	progress: rolloutProgress,
});
