import {defineAction} from './action.ts';
import {changeNode, present} from './change.ts';
import {duration} from './fields.ts';
import {drainProgress} from './node-progress.ts';

export const drainNode = defineAction({
	id: 'node.drain',
	title: 'Drain: move its instances to other nodes',
	on: 'node',
	fields: {
		deadline: duration('After this time stop also what could not be replaced elsewhere; default: wait for ever'),
	},
	confirm: node => node && `Drain ${node.name}, which moves ${node.instances} instances?`,
	plan(world, target, {deadline}) {
		const drainDeadlineAt = deadline === undefined ? null : world.now + deadline;
		return [changeNode(present(target), {availability: 'drained', drainDeadlineAt})];
	},
	progress: drainProgress,
});
