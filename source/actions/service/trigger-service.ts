import {defineAction} from '../action.ts';
import {present} from '../change.ts';

export const triggerService = defineAction({
	id: 'service.trigger',
	title: 'Trigger: run what has a schedule now, besides',
	on: 'service',
	fields: {},
	unavailable: (service, {name, facets}) =>
		facets.trigger === undefined
			? `${name} has no services with a schedule`
			: service !== undefined && service.type !== 'cronjob'
				? `${service.name} has no schedule: only a CronJob is triggered`
				: undefined,
	plan(_, target) {
		const {id, name, scope} = present(target);
		const ref = {kind: 'service', id, name, ...(scope === undefined ? {} : {scope})} as const;
		return [
			{
				type: 'effect',
				ref,
				todo: `trigger ${name}`,
				title: `triggered ${name}`,
				async run({facets}, tell) {
					const made = await facets.trigger?.(ref);
					if (made !== undefined) tell(`it runs as ${made}`);
				},
			},
		];
	},
});
