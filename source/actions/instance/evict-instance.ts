import type {Ref} from '../../core/backend.ts';
import type {Instance} from '../../core/model/index.ts';
import {defineAction} from '../action.ts';
import {present, scopeOf} from '../change.ts';
import {duration} from '../fields/fields.ts';

const grace = duration('How long it may take to end; default: what its service says');

function ending(name: 'evict' | 'rm', title: string, question: (instance: Instance) => string) {
	return defineAction({
		id: `instance.${name}`,
		title,
		on: 'instance',
		fields: {grace},
		unavailable: (_, {name: engine, facets}) => (facets.evict ? undefined : `${engine} cannot end single instances`),
		confirm: instance => instance && question(instance),
		plan(_, target, {grace: graceMs}) {
			const instance = present(target);
			const ref: Ref<'instance'> = {
				kind: 'instance',
				id: instance.id,
				name: instance.name,
				...scopeOf(instance),
			};
			const force = name === 'rm';
			const options = {force, ...(graceMs === undefined ? {} : {graceMs})};
			return [
				{
					type: 'effect',
					ref,
					todo: `${force ? 'remove' : 'evict'} ${instance.name}`,
					title: `${force ? 'removed' : 'evicted'} ${instance.name}`,
					run: async ({facets}) => facets.evict?.(ref, options),
				},
			];
		},
	});
}

/** Keeps to disruption budgets. */
export const evictInstance = ending(
	'evict',
	'Evict: end it where its disruption budget allows that',
	({name, serviceName}) => `Evict ${name}? ${serviceName} makes another one.`,
);

export const removeInstance = ending(
	'rm',
	'Remove: end it, whatever its disruption budget says',
	({name}) => `Remove ${name}? No disruption budget is asked; what it belongs to makes another one.`,
);
