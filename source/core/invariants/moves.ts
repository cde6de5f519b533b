import {canMove, type InstanceState, isFinal, isForward, stateTable} from '../instance-state.ts';
import type {Instance} from '../model/index.ts';

/** What never changes once it is there. */
const fixed = ['serviceId', 'slot', 'version', 'replaces', 'nodeId', 'nodeGeneration'] as const;

/** What is wrong with one stored change of an instance; empty: nothing. */
export function brokenMoves(before: Instance | undefined, after: Instance): string[] {
	const {name, id} = after;
	if (before === undefined) {
		// Made and placed in one transaction is one change.
		return ['pending', 'assigned'].includes(after.status.state)
			? []
			: [`${name} (${id}) begins as ${after.status.state}`];
	}

	const from = before.status.state;
	const to = after.status.state;
	const problems: string[] = [];
	if (from !== to && !isAllowed(before, after)) {
		problems.push(`${name} (${id}) goes from ${from} to ${to}`);
	}

	if (
		isFinal(from) &&
		before.status !== after.status &&
		JSON.stringify(before.status) !== JSON.stringify(after.status)
	) {
		problems.push(`${name} (${id}) has ended as ${from} and still changes`);
	}

	if (before.desired === 'stopped' && after.desired === 'running') {
		problems.push(`${name} (${id}) was told to stop and is told to run again`);
	}

	for (const field of fixed) {
		if (before[field] !== undefined && before[field] !== after[field]) {
			problems.push(`${field} of ${name} (${id}) changes from ${before[field]} to ${after[field]}`);
		}
	}

	return problems;
}

/** States that only an agent may bring about, found without its having said so. */
export function unreportedMove(
	before: Instance | undefined,
	after: Instance,
	wasReported: (state: InstanceState) => boolean,
): string[] {
	const from = before?.status.state ?? 'pending';
	const to = after.status.state;
	if (from === to || stateTable[to].owner !== 'agent' || wasReported(to)) {
		return [];
	}

	// Nobody had taken it up; or it was taken up and its agent knows nothing of it any more.
	const wasUntouched = from === 'pending' || from === 'assigned';
	return (wasUntouched ? to === 'stopped' : to === 'failed')
		? []
		: [`${after.name} (${after.id}) is ${to}, which no agent said`];
}

/** What an agent brings about may be seen only at its end, as reports are lost; the steps of others are seen one by one. */
function isAllowed({status: {state: from}}: Instance, {status: {state: to}}: Instance): boolean {
	return from === 'pending' ? canMove(from, to) : isForward(from, to);
}
