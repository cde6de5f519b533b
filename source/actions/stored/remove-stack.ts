import {ClusterError} from '../../core/error.ts';
import {previewRemoveStack} from '../../core/preview/preview-remove-stack.ts';
import {stackOf, stacksIn} from '../../core/stacks.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {defineAction, objectsOf, type Step, type World} from '../action.ts';
import {text} from '../fields/fields.ts';
import {untilGone} from './until-gone.ts';

/** In this order: what uses the others goes first. Volumes keep what is in them, as docker has it. */
const parts = ['secret', 'config', 'network'] as const;
const kinds = ['service', ...parts] as const;

export const removeStack = defineAction({
	id: 'stack.rm',
	title: 'Remove a stack',
	on: 'service',
	creates: true,
	fields: {name: text('Its name', 'STACK', {operand: 'one'})},
	confirm: (_, {name}) => `Remove the stack ${name} with all its services, networks, configs and secrets?`,
	plan(world, _, {name}): readonly Step[] {
		if (name === undefined) throw new ClusterError('usage', 'STACK is missing');
		const removals = (kind: (typeof kinds)[number]) =>
			ownOf(world, kind, name).map(({id, name: own}): Step => ({type: 'remove', ref: {kind, id, name: own}}));
		const services = ownOf(world, 'service', name);
		const others = parts.flatMap(removals);
		const between = services.length > 0 && others.length > 0 ? [untilGone(services)] : [];
		const steps = [...removals('service'), ...between, ...others];
		if (steps.length > 0) return steps;
		const names = stacksIn(world.services).map(stack => stack.name);
		const near = nearMiss(name, names);
		throw new ClusterError('not-found', `there is no stack ${JSON.stringify(name)}`, {
			hint: near === undefined ? 'muster stack ls lists them' : `did you mean ${near}?`,
		});
	},
	preview(world, _, {name}) {
		const others = parts.flatMap(kind => ownOf(world, kind, name));
		return previewRemoveStack(world, ownOf(world, 'service', name), others);
	},
});

function ownOf<K extends (typeof kinds)[number]>(world: World, kind: K, stack: string | undefined) {
	return objectsOf(world, kind).filter(({spec}) => stackOf(spec.labels) === stack);
}
