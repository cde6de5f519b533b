import {defineAction, type Progress} from '../action.ts';
import {present} from '../change.ts';
import {toggle} from '../fields/fields.ts';
import {lacksMembership, membershipIn} from '../swarm/membership-fields.ts';

export const leaveNode = defineAction({
	id: 'node.leave',
	title: 'Leave: take it out of the swarm, through its own engine',
	on: 'node',
	fields: {force: toggle('Also a manager, which the others go on counting on')},
	unavailable: (_, backend) => lacksMembership(backend),
	confirm: node =>
		node &&
		`Take ${node.name} out of the swarm?${node.instances === 0 ? '' : ` Its ${node.instances} instances end, and are replaced elsewhere.`}`,
	plan(_, target, {force = false}) {
		const {id, name} = present(target);
		const ref = {kind: 'node', id, name} as const;
		const run = async (backend: Parameters<typeof membershipIn>[0]) => membershipIn(backend).leave(ref, force);
		return [{type: 'effect', ref, todo: `take ${name} out of the swarm`, title: `${name} left the swarm`, run}];
	},
	progress(world, {id, name}): Progress {
		const node = world.nodes.find(one => one.id === id);
		return node === undefined || node.status.state === 'down'
			? {state: 'reached', message: `${name} has left; muster node rm ${name} forgets it`}
			: {state: 'waiting', message: `${name} leaves`, done: 0, total: 1};
	},
});
