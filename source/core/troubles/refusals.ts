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

	return new Map([...last].map(([id, {message}]) => [id, refusalText(message)]));
}

/** Without what changes with each try: how many there were, and which instance could not be made (a name of nothing that there is). */
export function refusalText(message: string): string {
	return message
		.replace(/^\(combined from similar events\): /, '')
		.replace(/ \(\d+ times\)$/, '')
		.replace(/^(?:create Pod \S+ in StatefulSet \S+ failed error|Error creating): /, '')
		.replace(/^pods "[^"]*" is forbidden: /, 'no more pods: ');
}
