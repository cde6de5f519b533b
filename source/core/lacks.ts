import type {ClusterEvent, Instance, Instant, Service} from './model/index.ts';
import {reasonDown} from './pulse/usage-sums.ts';
import {refusalsOf} from './troubles/refusals.ts';

/** How many are to be up now. */
function asked({spec, status}: Service): number {
	return spec.mode === 'job' ? Math.min(status.desired - status.completed, spec.maxConcurrent || 1) : status.desired;
}

/** Whether fewer are up than are to be. */
export function lacksInstances(service: Service): boolean {
	return !service.removing && !service.spec.paused && service.status.healthy < asked(service);
}

/** Whether it has not what was asked, and does not say why: its instances and the events may. */
export function isUnexplained(service: Service): boolean {
	const {removing, spec, status, rollout} = service;
	if (removing || spec.paused || status.message !== undefined || rollout?.message !== undefined) return false;
	return rollout?.state === 'updating' || lacksInstances(service);
}

/** Why services lack what was asked where they do not say it themselves, by their ids. */
export function lacksOf(
	services: readonly Service[],
	{
		instances,
		events,
		now,
	}: {
		readonly instances: Iterable<Instance>;
		readonly events: readonly ClusterEvent[];
		readonly now: Instant;
	},
): ReadonlyMap<string, string> {
	const unexplained = new Set(services.filter(isUnexplained).map(({id}) => id));
	const found = new Map<string, string>();
	for (const instance of instances) {
		const {serviceId} = instance;
		const reason = unexplained.has(serviceId) && !found.has(serviceId) ? reasonDown(instance) : undefined;
		if (reason !== undefined) found.set(serviceId, reason);
	}

	for (const [id, reason] of refusalsOf(events, now)) {
		if (unexplained.has(id) && !found.has(id)) found.set(id, reason);
	}

	return found;
}

/** With what was found where it says nothing itself. */
export function withLack(service: Service, lacks: ReadonlyMap<string, string>): Service {
	const message = lacks.get(service.id);
	return message === undefined ? service : {...service, status: {...service.status, message}};
}
