import {isFinal} from '../instance-state.ts';
import type {Instance, Node} from '../model/index.ts';

/** The instances of one slot by what they mean to it. */
export type Slot<Key> = {
	readonly key: Key;
	/** Live and meant to run, oldest first: one, or two while the younger replaces the older. */
	wanted: readonly Instance[];
	/** Live, but told to stop. */
	stopping: readonly Instance[];
	/** The newest that has ended. */
	last: Instance | undefined;
};

const none: readonly Instance[] = [];

export function groupSlots<Key>(
	instances: Iterable<Instance>,
	keyOf: (instance: Instance) => Key,
): Map<Key, Slot<Key>> {
	const slots = new Map<Key, Slot<Key>>();
	for (const instance of instances) {
		const slot = slotOf(slots, keyOf(instance));
		if (isFinal(instance.status.state)) {
			if (slot.last === undefined || isNewer(instance, slot.last)) {
				slot.last = instance;
			}
		} else if (instance.desired === 'running') {
			slot.wanted = slot.wanted.length === 0 ? [instance] : [...slot.wanted, instance].sort(byAge);
		} else {
			slot.stopping = [...slot.stopping, instance];
		}
	}

	return slots;
}

function byAge(a: Instance, b: Instance): number {
	return isNewer(a, b) ? 1 : -1;
}

export function slotOf<Key>(slots: Map<Key, Slot<Key>>, key: Key): Slot<Key> {
	let slot = slots.get(key);
	if (slot === undefined) {
		slot = {key, wanted: none, stopping: none, last: undefined};
		slots.set(key, slot);
	}

	return slot;
}

/**
 * By creation, but for what replaces another, which is newer whatever the clock said; what was made in the same millisecond,
 * by the end and then by id, so that the order is always the same.
 */
export function isNewer(a: Instance, b: Instance): boolean {
	if (a.replaces === b.id || b.replaces === a.id) {
		return a.replaces === b.id;
	}

	if (a.createdAt !== b.createdAt) {
		return a.createdAt > b.createdAt;
	}

	const aEnd = a.status.finishedAt ?? a.status.at;
	const bEnd = b.status.finishedAt ?? b.status.at;
	return aEnd === bEnd ? a.id > b.id : aEnd > bEnd;
}

/** Takes its share of the work: runs, and is not known to be ill or still starting. */
export function isHealthy({status}: Instance): boolean {
	return status.state === 'running' && (status.health === 'none' || status.health === 'healthy');
}

/** To be brought up elsewhere before it stops: its node is drained, or it was asked to move. */
export function leaves(instance: Instance, nodes: ReadonlyMap<string, Node>): boolean {
	return instance.moving === true || isDraining(instance, nodes);
}

export function isDraining(instance: Instance, nodes: ReadonlyMap<string, Node>): boolean {
	return instance.nodeId !== undefined && nodes.get(instance.nodeId)?.spec.availability === 'drained';
}
