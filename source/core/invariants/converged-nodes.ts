import {holdsRoom} from '../instance-state.ts';
import type {Instance, Node} from '../model/index.ts';
import type {ClusterState, Excuse} from './cluster-state.ts';

/** Nodes that are not back, not drained, or whose figures are wrong. */
export function nodeProblems(state: ClusterState, isExcused: Excuse): string[] {
	return state.nodes.flatMap(node => {
		const live = state.instances.filter(({nodeId, status}) => nodeId === node.id && holdsRoom(status.state));
		return problemsOf(node, live, state, isExcused).map(problem => `node ${node.name} ${problem}`);
	});
}

function problemsOf(node: Node, live: readonly Instance[], state: ClusterState, isExcused: Excuse): string[] {
	const {status, availability, spec, instances, removing} = node;
	const problems: string[] = [];
	if (removing) {
		problems.push('is still being removed');
	}

	if (status.state !== 'ready' || status.fencing) {
		problems.push(`is ${status.state}${status.fencing ? ', being fenced' : ''}: ${status.message ?? 'no reason'}`);
	}

	if (instances !== live.length) {
		problems.push(`says ${instances} instances of ${live.length}`);
	}

	if (spec.availability !== 'drained') {
		return availability === spec.availability
			? problems
			: [...problems, `is ${availability}, not ${spec.availability}`];
	}

	const isOver = spec.drainDeadlineAt !== undefined && spec.drainDeadlineAt <= state.now;
	const left = live.filter(instance => isOver || !mayStay(instance, state, isExcused));
	problems.push(...left.map(({name, id}) => `is to be drained and still holds ${name} (${id})`));
	const expected = live.length > 0 ? 'draining' : 'drained';
	return availability === expected ? problems : [...problems, `is ${availability}, not ${expected}`];
}

/** A drain without a deadline waits for a replacement, and lets a job's run end by itself. */
function mayStay({id, serviceId}: Instance, {services, instances}: ClusterState, isExcused: Excuse): boolean {
	const service = services.find(candidate => candidate.id === serviceId);
	const isWaiting = instances.some(({replaces, status}) => replaces === id && status.state === 'pending');
	return service !== undefined && (isExcused(service) || service.spec.mode === 'job' || isWaiting);
}
