import type {ClusterEvent, Instant} from '../model/index.ts';
import {severityOf} from './crash-troubles.ts';
import type {ServiceFacts} from './facts.ts';
import {counted, refOf, type Trouble} from './trouble.ts';

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

/** An engine's controller cannot even make instances, and says why: a quota, an admission that refuses them. */
export function refusedByEngine(facts: ServiceFacts): Trouble | undefined {
	const {service, healthy, wanted, refusal} = facts;
	const {spec, status, type} = service;
	const isJob = spec.mode === 'job';
	const missing = status.desired - (isJob ? status.completed + wanted : Math.max(healthy, status.healthy));
	// Once as many are there as there are to be it is past. What a job says of itself is how it ended.
	const last = isJob || wanted < status.desired ? refusal : undefined;
	const cause = isJob ? last : (status.message ?? last);
	if (type === undefined || spec.paused || cause === undefined || missing <= 0) {
		return undefined;
	}

	return {
		id: `refused ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} lacks ${counted(missing, 'instance')}`,
		about: refOf(service),
		count: missing,
		cause,
		remedy: {text: `Make room for it, or ask for fewer; the events of its ${type} tell more.`},
		jump: {to: 'describe', about: refOf(service)},
	};
}
