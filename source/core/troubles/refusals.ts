import type {ClusterEvent, Instant} from '../model/index.ts';

/** A controller that is refused tries again later and later. */
const sinceMs = 20 * 60_000;

/** By the ids of services: what the last event says of an instance that could not be made. Few controllers say it in their status. */
export function refusalsOf(events: readonly ClusterEvent[], now: Instant): ReadonlyMap<string, string> {
	const last = new Map<string, ClusterEvent>();
	for (const event of events) {
		const {name, about, createdAt} = event;
		if (name === 'FailedCreate' && now - createdAt <= sinceMs && createdAt >= (last.get(about.id)?.createdAt ?? 0)) {
			last.set(about.id, event);
		}
	}

	return new Map([...last].map(([id, {message}]) => [id, message]));
}
