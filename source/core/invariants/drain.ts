import type {Instance, Node, Service} from '../model/index.ts';
import {isHealthy} from '../reconcile/slots.ts';

/** A change that stops a healthy instance for a drain although nothing has taken its place and the deadline is not over. */
export function brokenDrain(
	before: Instance,
	after: Instance,
	service: Service | undefined,
	node: Node | undefined,
	sameService: Iterable<Instance>,
): string[] {
	const isDrainStop =
		before.desired === 'running' &&
		after.desired === 'stopped' &&
		(after.desiredReason === 'drained' || after.desiredReason === 'moved');
	const deadlineAt = node?.spec.drainDeadlineAt;
	if (!isDrainStop || !isHealthy(before) || service?.spec.mode !== 'replicated' || service.removing) {
		return [];
	}

	const isOver = deadlineAt !== undefined && deadlineAt <= after.updatedAt;
	// An update may take the replacement right away: that is its own one slot that may be empty.
	const isWanted = ({desired, desiredReason}: Instance) =>
		desired === 'running' || desiredReason === 'updated' || desiredReason === 'rolled back';
	const isReplaced = [...sameService].some(
		other => other.id !== after.id && other.slot === after.slot && isWanted(other) && isHealthy(other),
	);
	return isOver || isReplaced ? [] : [`${after.name} (${after.id}) is drained before its replacement is healthy`];
}
