import type {ComponentHealth} from '../../../core/backend.ts';
import type {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawNode} from '../api-types.ts';
import {toNodeName} from '../translate/translate-task.ts';

/**
 * The managers one by one, and what is left of their majority. `silent`: the ids of nodes whose own engines do not answer,
 * whatever is told of them: for some seconds a manager that has lost the others goes on telling what it knew.
 */
export function managersHealth(nodes: readonly RawNode[], silent: ReadonlySet<string>): readonly ComponentHealth[] {
	// Only who takes part counts: one that was promoted may not yet, or never again.
	const managers = nodes.filter(({ManagerStatus}) => ManagerStatus !== undefined);
	const absent = nodes.filter(({Spec, ManagerStatus}) => Spec.Role === 'manager' && ManagerStatus === undefined);
	const isTold = ({ManagerStatus}: RawNode) => ManagerStatus?.Reachability === 'reachable';
	const reachable = managers.filter(node => isTold(node) && !silent.has(node.ID)).length;
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
				state: isTold(node) && !silent.has(node.ID) ? 'ok' : 'failed',
				message: managerText(node, isTold(node) && silent.has(node.ID)),
			}),
		),
		...absent.map(
			(node): ComponentHealth => ({
				name: `manager ${stripControl(toNodeName(node))}`,
				state: 'warning',
				message: 'is to be one, and does not take part',
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

const silence = 'The engine answers, and the swarm does not in time: it may have lost its majority.';

/**
 * The engine answers, and the swarm does not: what it says of that, which is first nothing at all, then that nobody answers
 * in time, then that there is no leader. `managers`: as the engine itself knows them; none where it does not answer either.
 * Undefined: it is something else that is wrong.
 */
export function withoutQuorum(
	{code, message}: ClusterError,
	managers: readonly string[],
): readonly ComponentHealth[] | undefined {
	const isSaid = /no leader|its majority/.test(message);
	if (code !== 'unreachable' || (!isSaid && managers.length < 2)) return undefined;
	const known = managers.map(address => stripControl(address)).join(', ');
	return [
		{name: 'quorum', state: 'failed', message: isSaid ? message : silence},
		{name: 'managers', state: 'warning', message: `${managers.length} are known to the one that answers: ${known}`},
	];
}

function managerText({ManagerStatus}: RawNode, isSilent: boolean): string {
	if (isSilent) return 'its engine does not answer, though it is told as reachable';
	return ManagerStatus?.Leader ? 'leads' : (ManagerStatus?.Reachability ?? 'nothing is known of it');
}

function loss(spare: number, count: number): string {
	if (spare < 0) {
		return 'what is told is as it was before, and nothing can be changed until others are back; what runs goes on';
	}

	if (count === 1) return 'with its only manager the swarm loses all that it knows';
	return spare === 0 ? 'the loss of one more stops all changes' : `${spare} more may be lost`;
}
