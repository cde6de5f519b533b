import {plural} from '../../core/preview/places.ts';
import {defineAction} from '../action.ts';
import {changeNode, present} from '../change.ts';
import {duration, toggle} from '../fields/fields.ts';
import {drainProgress} from './node-progress.ts';

export const drainNode = defineAction({
	id: 'node.drain',
	title: 'Drain: move its instances to other nodes',
	on: 'node',
	needsHeld: true,
	fields: {
		deadline: duration('After this time stop also what could not be replaced elsewhere; default: wait for ever'),
		startFirst: toggle('Swarm: bring up what replaces an instance before it is stopped; elsewhere that is the way'),
	},
	confirm(node) {
		const moved = (node?.instances ?? 0) - (node?.staying ?? 0);
		return node && `Drain ${node.name}, which moves ${moved === 0 ? 'nothing' : plural(moved, 'instance')}?`;
	},
	plan(world, target, {deadline, startFirst}) {
		const node = present(target);
		const drainDeadlineAt = deadline === undefined ? null : world.now + deadline;
		// Where the engine has its own way there is no such choice.
		const order = node.spec.drainOrder === undefined ? {} : {drainOrder: drainOrder(startFirst)};
		return [changeNode(node, {availability: 'drained', drainDeadlineAt, ...order})];
	},
	progress: drainProgress,
});

function drainOrder(startFirst: boolean | undefined): 'start-first' | 'stop-first' {
	return startFirst ? 'start-first' : 'stop-first';
}
