import type {Instance, Instant} from '../model/index.ts';
import {decideRestart} from '../restart.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {refill} from './refill.ts';
import {removalPlan} from './removal.ts';
import {Rolling} from './rolling.ts';
import {groupSlots, isDraining, leaves, type Slot, slotOf} from './slots.ts';
import {runningStatus} from './status.ts';

/** Keeps one live instance in each of the slots 1 to `replicas`, at the version that the rollout gives it, on nodes that may hold it. */
export function reconcileReplicated(observed: Observed): Plan {
	const {service, instances} = observed;
	if (service.removing) {
		return removalPlan(observed);
	}

	const slots = groupSlots(instances, ({slot}) => slot);
	for (let slot = 1; slot <= service.spec.replicas; slot++) {
		slotOf(slots, slot);
	}

	const all = [...slots.values()].sort((a, b) => a.key - b.key);
	const filled = all.filter(({key}) => key <= service.spec.replicas);
	const surplus = all.filter(({key}) => key > service.spec.replicas).flatMap(({wanted}) => wanted);
	const rolling = new Rolling(filled, observed);
	if (rolling.rollBack !== undefined) {
		return rolling.rollBack;
	}

	const steps: PlanStep[] = surplus.map(({id}) => stop(id, 'scaled down'));
	const rechecks: Array<Instant | undefined> = [];
	const reasons: string[] = [];
	for (const slot of filled) {
		const decision = reconcileSlot(slot, observed, rolling);
		steps.push(...decision.steps);
		rechecks.push(decision.recheckAt);
		if (decision.reason !== undefined) {
			reasons.push(decision.reason);
		}
	}

	const update = rolling.steps(filled, steps, ({key}, older, version) => replacement(key, older, version, older));
	return {
		steps: [...steps, ...update.steps],
		status: runningStatus(instances, service.spec.replicas, reasons[0]),
		rollout: rolling.rollout,
		recheckAt: earliest([...rechecks, update.recheckAt]),
		gone: false,
	};
}

type SlotDecision = {
	readonly steps: readonly PlanStep[];
	readonly recheckAt?: Instant | undefined;
	readonly reason?: string;
};

const nothing: SlotDecision = {steps: []};

function reconcileSlot(slot: Slot<number>, observed: Observed, rolling: Rolling<number>): SlotDecision {
	const [only] = slot.wanted;
	// What nearly all slots are nearly always: looked at a thousand times for each that is not.
	if (slot.wanted.length === 1 && only && only.status.health !== 'unhealthy' && !leaves(only, observed.nodes)) {
		return nothing;
	}

	const ill = slot.wanted.filter(({status}) => status.health === 'unhealthy');
	const [older, younger] = slot.wanted.filter(instance => !ill.includes(instance));
	const steps = ill.map(({id, status}) => stop(id, `unhealthy: ${status.healthMessage ?? 'its health check fails'}`));
	if (older === undefined) {
		// A slot is one place: its old instance must have ended before the next one starts.
		return ill.length + slot.stopping.length > 0 ? {steps} : fill(slot, observed, rolling);
	}

	// What is told to stop holds its place until it has ended.
	if (ill.length > 0) {
		return {steps};
	}

	return younger === undefined
		? moveAway(slot, older, observed, rolling)
		: finishMove(older, younger, observed, rolling);
}

function fill(slot: Slot<number>, {service, now}: Observed, rolling: Rolling<number>): SlotDecision {
	const version = rolling.versionFor(slot);
	const next = refill(slot.last, version, service.spec.restart, now);
	return next.run === undefined
		? {steps: [], recheckAt: next.at, reason: next.reason}
		: {steps: [{type: 'create', slot: slot.key, version, ...next.run}]};
}

/** On a draining node: starts the replacement, or at the deadline gives up waiting. */
function moveAway(
	slot: Slot<number>,
	instance: Instance,
	{service, nodes, now}: Observed,
	rolling: Rolling<number>,
): SlotDecision {
	if (!leaves(instance, nodes) || hasTriedToMove(slot, instance, nodes)) {
		return {steps: []};
	}

	const deadlineAt = nodes.get(instance.nodeId ?? '')?.spec.drainDeadlineAt;
	if (
		instance.status.state === 'pending' ||
		(isDraining(instance, nodes) && deadlineAt !== undefined && deadlineAt <= now)
	) {
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

	const counts = failed?.restart ? failed : instance;
	return {
		steps: [replacement(slot.key, instance, rolling.versionFor(slot), counts)],
		recheckAt: deadlineAt,
	};
}

/** Only a drain tries again: who moves for a better place stays where it is when that does not come about. */
function hasTriedToMove({last}: Slot<number>, instance: Instance, nodes: Observed['nodes']): boolean {
	return last?.replaces === instance.id && !isDraining(instance, nodes);
}

function finishMove(
	older: Instance,
	younger: Instance,
	{nodes, now}: Observed,
	rolling: Rolling<number>,
): SlotDecision {
	const steps = rolling.finishPair(older, younger);
	const deadlineAt = nodes.get(older.nodeId ?? '')?.spec.drainDeadlineAt;
	if (steps.length > 0 || !isDraining(older, nodes)) {
		return {steps};
	}

	return deadlineAt !== undefined && deadlineAt <= now
		? {steps: [stop(older.id, 'drained')]}
		: {steps: [], recheckAt: deadlineAt};
}

/** A second instance of the slot, which takes over once it is healthy. */
function replacement(
	slot: number,
	{id, restarts}: Instance,
	version: number,
	{attempts, quickFailures}: Pick<Instance, 'attempts' | 'quickFailures'>,
): PlanStep {
	return {type: 'create', slot, version, replaces: id, restarts, attempts, quickFailures};
}

function stop(instanceId: string, reason: string): PlanStep {
	return {type: 'stop', instanceId, reason};
}
