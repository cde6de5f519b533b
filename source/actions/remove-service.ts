import {defineAction} from './action.ts';
import {present, scopeOf} from './change.ts';
import {removalProgress} from './service-progress.ts';

export const removeService = defineAction({
	id: 'service.rm',
	title: 'Remove',
	on: 'service',
	fields: {},
	confirm: service => service && `Remove the service ${service.name}, which stops ${service.status.running} instances?`,
	plan(_, target) {
		const service = present(target);
		const {id, name, spec} = service;
		const inverse = {
			type: 'apply',
			ref: {kind: 'service', name, ...scopeOf(service)},
			patch: spec,
			create: true,
		} as const;
		// Whatever happened to it meanwhile, it is to go: no revision.
		return [{type: 'remove', ref: {kind: 'service', id, name, ...scopeOf(service)}, inverse}];
	},
	progress: removalProgress,
});
