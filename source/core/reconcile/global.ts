import type {Instance, Instant, Node} from '../model/index.ts';
import {meetsConstraints} from '../schedule/constraint.ts';
import {earliest, type Observed, type Plan, type PlanStep} from './plan.ts';
import {refill} from './refill.ts';
import {removalPlan} from './removal.ts';
import {Rolling} from './rolling.ts';
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
	// A cordoned node keeps what it has; a silent one gets nothing new.
	const filled = eligible
		.map(node => slotOf(slots, node.id))
		.filter(slot => slot.wanted.length + slot.stopping.length > 0 || takesNew(nodes.get(slot.key)));
	const rolling = new Rolling(filled, observed);
	if (rolling.rollBack !== undefined) {
		return rolling.rollBack;
	}

	const steps: PlanStep[] = [];
	for (const slot of slots.values()) {
		steps.push(...slot.wanted.flatMap(instance => stopOf(instance, nodes.get(slot.key), observed)));
	}

	const stopped = new Set(steps.map(step => (step.type === 'stop' ? step.instanceId : '')));
	const rechecks: Array<Instant | undefined> = [];
	const reasons: string[] = [];
	for (const slot of filled) {
		const [older, younger] = slot.wanted.filter(({id}) => !stopped.has(id));
		if (older !== undefined && younger !== undefined) {
			steps.push(...rolling.finishPair(older, younger));
		} else if (slot.wanted.length + slot.stopping.length === 0 && takesNew(nodes.get(slot.key))) {
			const version = rolling.versionFor(slot);
			const next = refill(slot.last, version, service.spec.restart, now);
			if (next.run === undefined) {
				rechecks.push(next.at);
				reasons.push(next.reason);
			} else {
				steps.push({type: 'create', slot: 0, nodeId: slot.key, version, ...next.run});
			}
		}
	}

	const update = rolling.steps(filled, steps, ({key}, {id, restarts, attempts, quickFailures}, version) => ({
		type: 'create',
		slot: 0,
		nodeId: key,
		version,
		replaces: id,
		restarts,
		attempts,
		quickFailures,
	}));
	return {
		steps: [...steps, ...update.steps],
		status: runningStatus(instances, filled.length, reasons[0]),
		rollout: rolling.rollout,
		recheckAt: earliest([...rechecks, update.recheckAt]),
		gone: false,
	};
}

function mayHold(node: Node, {service}: Observed): boolean {
	return (
		!node.removing && node.spec.availability !== 'drained' && meetsConstraints(node, service.spec.placement.constraints)
	);
}

function takesNew(node: Node | undefined): boolean {
	return node?.status.state === 'ready' && node.spec.availability === 'active';
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
