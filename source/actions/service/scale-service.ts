import {defineAction} from '../action.ts';
import {changeService, present} from '../change.ts';
import {integer} from '../fields/fields.ts';
import {serviceProgress} from './service-progress.ts';

export const scaleService = defineAction({
	id: 'service.scale',
	title: 'Scale',
	on: 'service',
	fields: {
		replicas: integer('How many instances to keep running', {
			min: 0,
			max: 100_000,
			placeholder: 'REPLICAS',
			operand: 'assign',
		}),
	},
	unavailable: service =>
		service?.spec.mode === 'global'
			? `${service.name} is a global service: it runs one instance on each node, and cannot be scaled`
			: service?.spec.perNode
				? `${service.name} is a global job: it runs once on each node, and cannot be scaled`
				: undefined,
	confirm: (service, {replicas}) =>
		replicas === 0 && service !== undefined
			? `Scale ${service.name} to 0, which stops ${service.status.running} instances?`
			: undefined,
	plan: (_, service, {replicas}) => [changeService(present(service), {replicas})],
	progress: serviceProgress,
});
