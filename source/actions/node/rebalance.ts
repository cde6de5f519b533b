import {ClusterError} from '../../core/error.ts';
import {holdsRoom} from '../../core/instance-state.ts';
import type {Instance, Service} from '../../core/model/index.ts';
import {previewRebalance} from '../../core/preview/preview-rebalance.ts';
import {planRebalance} from '../../core/rebalance.ts';
import {nearMiss} from '../../core/text/near-miss.ts';
import {stripControl} from '../../core/text/text.ts';
import {defineAction, type Progress, type World} from '../action.ts';
import {integer, many, text} from '../fields/fields.ts';

/** So that a service of a thousand does not start hundreds at once. */
export const usualMoves = 10;

/** Of several services at once: their moves go together, so it has no single target. */
export const rebalance = defineAction({
	id: 'service.rebalance',
	title: 'Rebalance: move instances to where there are fewer',
	on: 'service',
	creates: true,
	fields: {
		services: many(text('Only these', 'SERVICE', {operand: 'rest', names: 'service'})),
		maxMoves: integer(`Move at most so many instances; default: ${usualMoves}`, {min: 1, max: 1000}),
	},
	unavailable: (_, {name, facets}) =>
		facets.moveInstances ? undefined : `${name} cannot move single instances: only the local engine can`,
	plan(world, _, {services = [], maxMoves = usualMoves}) {
		const {moves, left} = planRebalance(world, meant(world, services), maxMoves);
		if (moves.length === 0) {
			const [first] = services.length === 1 ? left : [];
			const why =
				first === undefined ? 'no instance has a better place' : `${first.service.name} stays: ${first.reason}`;
			throw new ClusterError('conflict', `there is nothing to rebalance: ${why}`);
		}

		const [{service}] = moves as [(typeof moves)[number]];
		const refs = moves.map(({instance: {id, name}}) => ({kind: 'instance', id, name}) as const);
		return [
			{
				type: 'effect',
				ref: {kind: 'service', id: service.id, name: service.name},
				todo: `move ${moves.length} instances`,
				title: `moved ${moves.length} instances`,
				run: async ({facets}) => facets.moveInstances?.(refs),
			},
		];
	},
	preview: (world, _, {services = [], maxMoves = usualMoves}) =>
		previewRebalance(world, meant(world, services), maxMoves),
});

function meant({services}: World, names: readonly string[]): readonly Service[] {
	return names.length === 0 ? services : [...new Set(names)].map(name => find(services, name));
}

function find(services: readonly Service[], name: string): Service {
	const found = services.find(service => service.name === name || service.id === name);
	if (found === undefined) {
		const meantName = nearMiss(
			name,
			services.map(service => service.name),
		);
		throw new ClusterError('not-found', `there is no service ${JSON.stringify(stripControl(name))}`, {
			hint: meantName === undefined ? 'muster ls shows what there is' : `did you mean ${stripControl(meantName)}?`,
		});
	}

	return found;
}

/** Whether those that were to move have gone, or stay because their successors found no place. */
export function rebalanceProgress(asked: readonly Instance[]): (world: World) => Progress {
	const ids = new Set(asked.map(({id}) => id));
	return ({instances}) => {
		const left = instances.filter(
			instance => ids.has(instance.id) && holdsRoom(instance.status.state) && !hasGivenUp(instance, instances),
		);
		const stayed = instances.filter(
			one => ids.has(one.id) && holdsRoom(one.status.state) && hasGivenUp(one, instances),
		);
		const total = asked.length;
		if (left.length > 0) {
			return {state: 'waiting', message: `${total - left.length} of ${total} moved`, done: total - left.length, total};
		}

		const rest = stayed.length === 0 ? '' : `, ${stayed.length} stay: their successors found no place`;
		return {state: 'reached', message: `${total - stayed.length} of ${total} moved${rest}`};
	};
}

/** Its successor has ended, and it was not replaced. */
function hasGivenUp({id}: Instance, instances: readonly Instance[]): boolean {
	const successors = instances.filter(({replaces}) => replaces === id);
	return (
		successors.length > 0 &&
		successors.every(
			({status, desired}) => desired === 'stopped' || !(holdsRoom(status.state) || status.state === 'pending'),
		)
	);
}
