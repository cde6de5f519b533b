import type {ComponentHealth} from '../../core/backend.ts';
import {stripControl} from '../../core/text.ts';
import type {RawNode} from './api-types.ts';
import {toNodeName} from './translate-task.ts';

/** The managers one by one, and what is left of their majority. */
export function managersHealth(nodes: readonly RawNode[]): readonly ComponentHealth[] {
	const managers = nodes.filter(({Spec}) => Spec.Role === 'manager');
	const reachable = managers.filter(({ManagerStatus}) => ManagerStatus?.Reachability === 'reachable').length;
	const needed = Math.floor(managers.length / 2) + 1;
	const spare = reachable - needed;
	return [
		{
			name: 'quorum',
			state: spare < 0 ? 'failed' : spare === 0 && managers.length > 1 ? 'warning' : 'ok',
			message: `${reachable} of ${managers.length} managers are reachable, ${needed} are needed: ${loss(spare, managers.length)}`,
		},
		...managers.map(
			(node): ComponentHealth => ({
				name: `manager ${stripControl(toNodeName(node))}`,
				state: node.ManagerStatus?.Reachability === 'reachable' ? 'ok' : 'failed',
				message: node.ManagerStatus?.Leader ? 'leads' : (node.ManagerStatus?.Reachability ?? 'nothing is known of it'),
			}),
		),
		...nodes
			.filter(({Spec, Status}) => Spec.Role !== 'manager' && Status.State !== 'ready')
			.map(
				(node): ComponentHealth => ({
					name: `node ${stripControl(toNodeName(node))}`,
					state: 'failed',
					message: `${node.Status.State}${node.Status.Message ? `: ${stripControl(node.Status.Message)}` : ''}`,
				}),
			),
	];
}

function loss(spare: number, count: number): string {
	if (spare < 0) return 'nothing can be changed until others are back; what runs goes on';
	if (count === 1) return 'with its only manager the swarm loses all that it knows';
	return spare === 0 ? 'the loss of one more stops all changes' : `${spare} more may be lost`;
}
