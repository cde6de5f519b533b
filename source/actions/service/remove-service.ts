import {defineAction} from '../action.ts';
import {present, scopeOf} from '../change.ts';
import {cascadeField, whyNoCascade} from '../resource/cascade.ts';
import {removalProgress} from './service-progress.ts';

export const removeService = defineAction({
	id: 'service.rm',
	title: 'Remove',
	on: 'service',
	fields: cascadeField,
	unavailable: (_, backend, input) => whyNoCascade(backend, input),
	confirm(service, {cascade}) {
		const instances = `${service?.status.running} instances`;
		const end = cascade === 'orphan' ? `and let its ${instances} run on` : `which stops ${instances}`;
		return service && `Remove the service ${service.name}${cascade === 'orphan' ? ' ' : ', '}${end}?`;
	},
	plan(_, target, {cascade}) {
		const service = present(target);
		const {id, name, spec} = service;
		const inverse = {
			type: 'apply',
			ref: {kind: 'service', name, ...scopeOf(service)},
			patch: spec,
			create: true,
		} as const;
		// Whatever happened to it meanwhile, it is to go: no revision.
		const ref = {kind: 'service', id, name, ...scopeOf(service)} as const;
		return [{type: 'remove', ref, ...(cascade === undefined ? {} : {cascade}), inverse}];
	},
	progress: removalProgress,
});
