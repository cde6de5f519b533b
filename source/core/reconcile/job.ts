import type {Instance, Instant, RestartPolicy, Rollout, ServiceSpec} from '../model/index.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {refill} from './refill.ts';
import {removalPlan} from './removal.ts';
import {groupSlots, isDraining, slotOf} from './slots.ts';
import {runningStatus} from './status.ts';

/** Brings each of the slots 1 to `replicas` to a completed run of the present version, so many at a time as asked. */
export function reconcileJob(observed: Observed): Plan {
	const {service, instances, now} = observed;
	if (service.removing) {
		return removalPlan(observed);
	}

	const {replicas, maxConcurrent} = service.spec;
	const slots = groupSlots(instances, ({slot}) => slot);
	const wanted = [...slots.values()].flatMap(slot => slot.wanted);
	const stops = wanted.flatMap(instance => stopOf(instance, observed));
	const done = new Set(
		instances
			.filter(
				({status, version, slot}) => status.state === 'completed' && version === service.version && slot <= replicas,
			)
			.map(({slot}) => slot),
	);
	const creates: PlanStep[] = [];
	const rechecks = wanted.map(instance => drainDeadline(instance, observed));
	const reasons: string[] = [];
	for (let key = 1; key <= replicas; key++) {
		const slot = slotOf(slots, key);
		if (done.has(key) || slot.wanted.length + slot.stopping.length > 0) {
			continue;
		}

		const next = refill(slot.last, service.version, policyOf(service.spec), now);
		if (next.run === undefined) {
			rechecks.push(next.at);
			reasons.push(next.reason);
		} else {
			creates.push({type: 'create', slot: key, version: service.version, ...next.run});
		}
	}

	const room = Math.max(0, (maxConcurrent || replicas) - wanted.length);
	return {
		steps: [...stops, ...creates.slice(0, room)],
		status: {...runningStatus(instances, replicas, reasons[0]), completed: done.size},
		rollout: jobRollout(observed, done.size),
		recheckAt: earliest(rechecks),
		gone: false,
	};
}

/** A job is done when it completed; there is no restart after that, whatever the condition. */
function policyOf({restart}: ServiceSpec): RestartPolicy {
	return restart.condition === 'any' ? {...restart, condition: 'on-failure'} : restart;
}

function stopOf(instance: Instance, observed: Observed): PlanStep[] {
	const reason = stopReason(instance, observed);
	return reason === undefined ? [] : [{type: 'stop', instanceId: instance.id, reason}];
}

function stopReason(instance: Instance, observed: Observed): string | undefined {
	const {service, nodes, now} = observed;
	if (instance.slot > service.spec.replicas) {
		return 'scaled down';
	}

	if (instance.version !== service.version) {
		return 'updated';
	}

	if (instance.status.health === 'unhealthy') {
		return `unhealthy: ${instance.status.healthMessage ?? 'its health check fails'}`;
	}

	// A run cannot be moved: a drain lets it end by itself until the deadline.
	const deadlineAt = nodes.get(instance.nodeId ?? '')?.spec.drainDeadlineAt;
	return isDraining(instance, nodes) && deadlineAt !== undefined && deadlineAt <= now ? 'drained' : undefined;
}

function drainDeadline(instance: Instance, {nodes, now}: Observed): Instant | undefined {
	const deadlineAt = isDraining(instance, nodes) ? nodes.get(instance.nodeId ?? '')?.spec.drainDeadlineAt : undefined;
	return deadlineAt !== undefined && deadlineAt > now ? deadlineAt : undefined;
}

function jobRollout({service, now}: Observed, completed: number): Rollout | undefined {
	const {rollout, spec} = service;
	if (rollout === undefined) {
		return undefined;
	}

	const ended = rollout.state === 'completed' || completed === spec.replicas;
	return ended
		? {...rollout, state: 'completed', updated: completed, total: spec.replicas, finishedAt: rollout.finishedAt ?? now}
		: {...rollout, updated: completed, total: spec.replicas};
}
