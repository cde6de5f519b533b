import type {Instance, Instant} from '../model/index.ts';
import {decideRestart} from '../restart.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {refill} from './refill.ts';
import {removalPlan} from './removal.ts';
import {nextOutdated, rolloutStatus} from './rolling.ts';
import {groupSlots, isDraining, isHealthy, type Slot, slotOf} from './slots.ts';
import {runningStatus} from './status.ts';

/** Keeps one live instance in each of the slots 1 to `replicas`, at the present version, on nodes that may hold it. */
export function reconcileReplicated(observed: Observed): Plan {
	const {service, instances} = observed;
	if (service.removing) {
		return removalPlan(observed);
	}

	const slots = groupSlots(instances, ({slot}) => slot);
	for (let slot = 1; slot <= service.spec.replicas; slot++) {
		slotOf(slots, slot);
	}

	const steps: PlanStep[] = [];
	const rechecks: Array<Instant | undefined> = [];
	const reasons: string[] = [];
	const filled: Slot<number>[] = [];
	for (const slot of [...slots.values()].sort((a, b) => a.key - b.key)) {
		if (slot.key > service.spec.replicas) {
			steps.push(...slot.wanted.map(({id}) => stop(id, 'scaled down')));
			continue;
		}

		filled.push(slot);
		const decision = reconcileSlot(slot, observed);
		steps.push(...decision.steps);
		rechecks.push(decision.recheckAt);
		if (decision.reason !== undefined) {
			reasons.push(decision.reason);
		}
	}

	const stopped = new Set(steps.map(step => (step.type === 'stop' ? step.instanceId : '')));
	const outdated = nextOutdated(filled, service.version, stopped);
	steps.push(...outdated.map(({id}) => stop(id, 'updated')));
	return {
		steps,
		status: runningStatus(instances, service.spec.replicas, reasons[0]),
		rollout: rolloutStatus(filled, observed),
		recheckAt: earliest(rechecks),
		gone: false,
	};
}

type SlotDecision = {
	readonly steps: readonly PlanStep[];
	readonly recheckAt?: Instant | undefined;
	readonly reason?: string;
};

function reconcileSlot(slot: Slot<number>, observed: Observed): SlotDecision {
	const ill = slot.wanted.filter(({status}) => status.health === 'unhealthy');
	const [older, younger] = slot.wanted.filter(instance => !ill.includes(instance));
	const steps = ill.map(({id, status}) => stop(id, `unhealthy: ${status.healthMessage ?? 'its health check fails'}`));
	if (older === undefined) {
		// A slot is one place: its old instance must have ended before the next one starts.
		return ill.length + slot.stopping.length > 0 ? {steps} : fill(slot, observed);
	}

	// What is told to stop holds its place until it has ended.
	if (ill.length > 0) {
		return {steps};
	}

	return younger === undefined ? moveAway(slot, older, observed) : finishMove(older, younger, observed);
}

function fill({key, last}: Slot<number>, {service, now}: Observed): SlotDecision {
	const next = refill(last, service.version, service.spec.restart, now);
	return next.run === undefined
		? {steps: [], recheckAt: next.at, reason: next.reason}
		: {steps: [{type: 'create', slot: key, ...next.run}]};
}

/** On a draining node: starts the replacement, or at the deadline gives up waiting. */
function moveAway(slot: Slot<number>, instance: Instance, {service, nodes, now}: Observed): SlotDecision {
	if (!isDraining(instance, nodes)) {
		return {steps: []};
	}

	const deadlineAt = nodes.get(instance.nodeId ?? '')?.spec.drainDeadlineAt;
	if (instance.status.state === 'pending' || (deadlineAt !== undefined && deadlineAt <= now)) {
		return {steps: [stop(instance.id, 'drained')]};
	}

	if (slot.stopping.length > 0) {
		return {steps: [], recheckAt: deadlineAt};
	}

	const failed = slot.last?.replaces === instance.id ? decideRestart(service.spec.restart, slot.last) : undefined;
	if (failed !== undefined && (!failed.restart || failed.at > now)) {
		const recheckAt = failed.restart ? earliest([failed.at, deadlineAt]) : deadlineAt;
		return {steps: [], recheckAt, reason: `${instance.name} stays: its replacement failed`};
	}

	const {attempts, quickFailures} = failed?.restart ? failed : instance;
	const {restarts} = instance;
	return {
		steps: [{type: 'create', slot: slot.key, replaces: instance.id, restarts, attempts, quickFailures}],
		recheckAt: deadlineAt,
	};
}

function finishMove(older: Instance, younger: Instance, {nodes, now}: Observed): SlotDecision {
	if (isHealthy(younger)) {
		return {steps: [stop(older.id, isDraining(older, nodes) ? 'drained' : 'replaced')]};
	}

	if (!isDraining(older, nodes) || isDraining(younger, nodes)) {
		return {steps: [stop(younger.id, isDraining(older, nodes) ? 'drained' : 'drain cancelled')]};
	}

	const deadlineAt = nodes.get(older.nodeId ?? '')?.spec.drainDeadlineAt;
	return deadlineAt !== undefined && deadlineAt <= now
		? {steps: [stop(older.id, 'drained')]}
		: {steps: [], recheckAt: deadlineAt};
}

function stop(instanceId: string, reason: string): PlanStep {
	return {type: 'stop', instanceId, reason};
}
