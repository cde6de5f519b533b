import {isFinal} from './instance-state.ts';
import type {Instance, Node, Service} from './model/index.ts';
import {isNewer} from './reconcile/slots.ts';

// What `ps` shows without history: what is meant to run, and what is not yet replaced.

/** What tells one slot of a service from another: its number, or for a global service the node. */
export function slotKey({slot, nodeId}: Instance): string {
	return slot === 0 ? `node ${nodeId}` : String(slot);
}

/** Whether the slot of this instance, the newest that ended in it, should be filled again. */
export function isSlotUsed(service: Service | undefined, last: Instance, node: Node | undefined): boolean {
	if (!service || service.removing) return false;
	return service.spec.mode === 'global'
		? last.desired === 'running' && node !== undefined && !node.removing
		: last.slot <= service.spec.replicas;
}

/** Of all instances of one slot: the living ones; where there is none, the newest that ended, if `isUsed` says so of it. */
export function currentOfSlot(instances: Iterable<Instance>, isUsed: (last: Instance) => boolean): readonly Instance[] {
	const living: Instance[] = [];
	let last: Instance | undefined;
	for (const instance of instances) {
		if (!isFinal(instance.status.state)) {
			living.push(instance);
		} else if (!last || isNewer(instance, last)) {
			last = instance;
		}
	}

	return living.length === 0 && last && isUsed(last) ? [last] : living;
}
