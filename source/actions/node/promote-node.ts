import type {Backend} from '../../core/backend.ts';
import type {Node} from '../../core/model/index.ts';
import type {Progress, World} from '../action.ts';
import {defineAction} from '../action.ts';
import {changeNode, present} from '../change.ts';

type Role = 'manager' | 'worker';

function lacksRoles(node: Node | undefined, {name}: Pick<Backend, 'name'>, role: Role): string | undefined {
	if (node === undefined) return undefined;
	if (node.spec.role === undefined) return `the nodes of ${name} have no roles that can be changed`;
	if (node.spec.role === role) {
		const isOnTheWay = role === 'manager' && node.role !== 'manager';
		return isOnTheWay
			? `${node.name} is to be a manager already: it does not take part yet`
			: `${node.name} is a ${role} already`;
	}

	// Who has not joined yet cannot be told to leave.
	return role === 'worker' && node.role === 'worker'
		? `${node.name} is on its way to be a manager, and can be demoted when it is one`
		: undefined;
}

export const promoteNode = defineAction({
	id: 'node.promote',
	title: 'Promote: make it a manager',
	on: 'node',
	fields: {},
	unavailable: (node, backend) => lacksRoles(node, backend, 'manager'),
	plan: (_, node) => [changeNode(present(node), {role: 'manager'})],
	progress: (world, node) => roleProgress(world, node, 'manager'),
});

export const demoteNode = defineAction({
	id: 'node.demote',
	title: 'Demote: make it a worker',
	on: 'node',
	fields: {},
	confirm: node => node && `Demote ${node.name}, so that it is no longer a manager?`,
	unavailable: (node, backend) => lacksRoles(node, backend, 'worker'),
	plan: (_, node) => [changeNode(present(node), {role: 'worker'})],
	progress: (world, node) => roleProgress(world, node, 'worker'),
});

/** What was asked becomes what is only when the node has taken part, or has left. */
function roleProgress(world: World, {id, name}: Pick<Node, 'id' | 'name'>, role: Role): Progress {
	const node = world.nodes.find(one => one.id === id);
	if (node === undefined) return {state: 'failed', message: `${name} was removed meanwhile`};
	const isThere = node.role === role && (role === 'worker' || node.manager?.isReachable === true);
	return isThere
		? {state: 'reached', message: `${name} is a ${role}`}
		: {
				state: 'waiting',
				// The engine waits for a certificate that it then no longer gets.
				message: `${name} becomes a ${role}${role === 'manager' ? ', within two minutes where it was one just before' : ''}`,
				done: 0,
				total: 1,
			};
}
