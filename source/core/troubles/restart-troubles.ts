import type {ClusterEvent, Instant, Service} from '../model/index.ts';
import {unseenEnd} from '../restart.ts';
import {counted, refOf, type Trouble} from './trouble.ts';

const sinceMs = 10 * 60_000;
/** Fewer failures than this in that time can happen. */
const many = 5;

export type Failures = {readonly count: number; readonly last: ClusterEvent};

/** By the names of services: failures of late that events tell of; not what ended while its machine was off. */
export function failuresOf(events: readonly ClusterEvent[], now: Instant): ReadonlyMap<string, Failures> {
	const failures = new Map<string, Failures>();
	for (const event of events) {
		const isOwn = event.name === 'Failed' && event.about.kind === 'instance' && event.message !== unseenEnd;
		if (isOwn && now - event.createdAt <= sinceMs) {
			const service = event.about.name.replace(/\.[^.]*$/, '');
			const {count = 0, last = event} = failures.get(service) ?? {};
			failures.set(service, {count: count + 1, last: event.createdAt >= last.createdAt ? event : last});
		}
	}

	return failures;
}

/** Services that fail often, though never soon after a start: only their events tell. */
export function failsOften(service: Service, failures: Failures | undefined): Trouble | undefined {
	if (failures === undefined || failures.count < many) {
		return undefined;
	}

	const {count, last} = failures;
	return {
		id: `often ${service.id}`,
		severity: 'minor',
		title: `${service.name} fails often`,
		about: refOf(service),
		count,
		cause: `${counted(count, 'failure')} in ten minutes, the last: ${last.message}`,
		remedy: {text: 'The logs of its instances tell more.'},
		jump: {to: 'logs', about: refOf(service)},
	};
}
