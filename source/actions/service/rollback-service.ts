import {defineAction} from '../action.ts';
import {asItWas, changeService, present} from '../change.ts';
import {integer} from '../fields/fields.ts';
import {backPatch, lackOfHistory} from '../journal/history.ts';
import {rolloutProgress} from './rollout-progress.ts';

export const rollbackService = defineAction({
	id: 'service.rollback',
	title: 'Roll back: to the version before, or to any that is kept',
	on: 'service',
	needsHistory: true,
	fields: {to: integer('The version to go back to; default: the one before', {min: 1, placeholder: 'VERSION'})},
	unavailable: (_, backend) => lackOfHistory(backend),
	plan(world, target, {to}) {
		const service = present(target);
		return [asItWas(changeService(service, backPatch(world, service, to)))];
	},
	progress: rolloutProgress,
});
