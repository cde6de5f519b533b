import {expect, test} from 'vitest';
import {reconcileService} from '../../../source/core/reconcile/index.ts';
import type {Plan, PlanStep} from '../../../source/core/reconcile/plan.ts';
import {formatDuration} from '../../../source/core/units.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/**
 * A cluster with one service in, its plan out, a line for each step, then what else there is of:
 *
 *     create slot 2 (restarts 1 attempts 1 quick 1)       create on n2       create slot 2 replaces web.2-id
 *     stop web.3-id scaled down
 *     again at 1m5s · because REASON · updating 1 of 3 · updated 3 of 3 · gone
 */
export function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const lines = expected.split(/\n| · /).map(line => line.trim());
		expect(planText(cluster)).toEqual(lines.filter(Boolean));
	});
}

/** What people are told of it: `desired 3 running 2 healthy 1 completed 0`. */
export function checkStatus(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const {desired, running, healthy, completed} = planOf(cluster).status;
		expect(`desired ${desired} running ${running} healthy ${healthy} completed ${completed}`).toBe(expected);
	});
}

function planOf(cluster: string): Plan {
	const {now, services, instances, nodes} = readCluster(cluster);
	const [service] = services;
	return reconcileService({service: service!, instances, nodes: new Map(nodes.map(node => [node.id, node])), now});
}

function planText(cluster: string): string[] {
	const {steps, status, rollout, recheckAt, gone} = planOf(cluster);
	return [
		...steps.map(stepText),
		...(recheckAt === undefined ? [] : [`again at ${formatDuration(recheckAt)}`]),
		...(status.message === undefined ? [] : [`because ${status.message}`]),
		...(rollout === undefined
			? []
			: [`${rollout.state === 'completed' ? 'updated' : rollout.state} ${rollout.updated} of ${rollout.total}`]),
		...(gone ? ['gone'] : []),
	];
}

function stepText(step: PlanStep): string {
	if (step.type === 'stop') {
		return `stop ${step.instanceId} ${step.reason}`;
	}

	const {slot, nodeId, replaces, restarts, attempts, quickFailures} = step;
	const counts = [
		...(restarts > 0 ? [`restarts ${restarts}`] : []),
		...(attempts > 0 ? [`attempts ${attempts}`] : []),
		...(quickFailures > 0 ? [`quick ${quickFailures}`] : []),
	].join(' ');
	return [
		nodeId === undefined ? `create slot ${slot}` : `create on ${nodeId.replace(/-id$/, '')}`,
		...(replaces === undefined ? [] : [`replaces ${replaces}`]),
		...(counts === '' ? [] : [`(${counts})`]),
	].join(' ');
}
