import type {Instance, Instant, Node} from '../model/index.ts';
import {meetsConstraints} from '../schedule/constraint.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {refill} from './refill.ts';
import {removalPlan} from './removal.ts';
import {nextOutdated, rolloutStatus} from './rolling.ts';
import {groupSlots, slotOf} from './slots.ts';
import {runningStatus} from './status.ts';

/** Keeps one live instance on every node that is up, takes work, and meets the constraints. The node is the slot. */
export function reconcileGlobal(observed: Observed): Plan {
	const {service, instances, nodes, now} = observed;
	if (service.removing) {
		return removalPlan(observed);
	}

	const slots = groupSlots(instances, ({nodeId}) => nodeId ?? '');
	const eligible = [...nodes.values()].filter(node => mayHold(node, observed)).sort((a, b) => (a.id < b.id ? -1 : 1));
	const steps: PlanStep[] = [];
	for (const slot of slots.values()) {
		steps.push(...slot.wanted.flatMap(instance => stopOf(instance, nodes.get(slot.key), observed)));
	}

	const rechecks: Array<Instant | undefined> = [];
	const reasons: string[] = [];
	for (const node of eligible) {
		const slot = slotOf(slots, node.id);
		// A cordoned node keeps what it has; a silent one gets nothing new.
		if (slot.wanted.length + slot.stopping.length === 0 && takesNew(node)) {
			const next = refill(slot.last, service.version, service.spec.restart, now);
			if (next.run === undefined) {
				rechecks.push(next.at);
				reasons.push(next.reason);
			} else {
				steps.push({type: 'create', slot: 0, nodeId: node.id, ...next.run});
			}
		}
	}

	const stopped = new Set(steps.map(step => (step.type === 'stop' ? step.instanceId : '')));
	const filled = eligible
		.map((node, index) => ({...slotOf(slots, node.id), key: index}))
		.filter(({wanted, stopping}, index) => wanted.length + stopping.length > 0 || takesNew(eligible[index] as Node));
	const outdated = nextOutdated(filled, service.version, stopped);
	steps.push(...outdated.map(({id}) => ({type: 'stop' as const, instanceId: id, reason: 'updated'})));
	return {
		steps,
		status: runningStatus(instances, filled.length, reasons[0]),
		rollout: rolloutStatus(filled, observed),
		recheckAt: earliest(rechecks),
		gone: false,
	};
}

function mayHold(node: Node, {service}: Observed): boolean {
	return (
		!node.removing && node.spec.availability !== 'drained' && meetsConstraints(node, service.spec.placement.constraints)
	);
}

function takesNew({status, spec}: Node): boolean {
	return status.state === 'ready' && spec.availability === 'active';
}

function stopOf(instance: Instance, node: Node | undefined, observed: Observed): PlanStep[] {
	const reason =
		node === undefined || node.removing
			? 'its node is removed'
			: node.spec.availability === 'drained'
				? 'drained'
				: !mayHold(node, observed)
					? 'its node no longer meets the constraints'
					: instance.status.health === 'unhealthy'
						? `unhealthy: ${instance.status.healthMessage ?? 'its health check fails'}`
						: undefined;
	return reason === undefined ? [] : [{type: 'stop', instanceId: instance.id, reason}];
}
