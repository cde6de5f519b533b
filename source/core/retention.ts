import {isFinal} from './instance-state.ts';
import type {Instance, Service} from './model/index.ts';

/** Ended instances kept of each slot in use, and of one that is not (scaled away). */
export const historyPerSlot = 4;
const historyPerUnusedSlot = 1;

/** Ended instances that are no longer kept, the oldest of each slot first. A slot's newest always stays: it decides on restarts. */
export function expiredHistory(service: Service, instances: readonly Instance[]): Instance[] {
	const ended = new Map<string, Instance[]>();
	for (const instance of instances) {
		if (isFinal(instance.status.state)) {
			const key = service.spec.mode === 'global' ? `node ${instance.nodeId}` : `slot ${instance.slot}`;
			const list = ended.get(key);
			list === undefined ? ended.set(key, [instance]) : list.push(instance);
		}
	}

	return [...ended.values()].flatMap(list => {
		const used = service.spec.mode === 'global' || (list[0]?.slot ?? 0) <= service.spec.replicas;
		const surplus = list.length - (used ? historyPerSlot : historyPerUnusedSlot);
		return surplus > 0 ? [...list].sort(byEnd).slice(0, surplus) : [];
	});
}

function byEnd(a: Instance, b: Instance): number {
	return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
