import {expect, test} from 'vitest';
import type {Rollout} from '../../../source/core/model/index.ts';
import {reconcileService} from '../../../source/core/reconcile/index.ts';
import type {Plan, PlanStep} from '../../../source/core/reconcile/plan.ts';
import {formatDuration} from '../../../source/core/text/units.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/**
 * A cluster with one service in, its plan out, a line for each step, then what else there is of:
 *
 *     create slot 2 version 1 (of another version than the present one)      roll back to 1: WHY
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
	return reconcileService({
		service: service!,
		instances,
		nodes: new Map(nodes.map(node => [node.id, node])),
		now,
		canGoBack: true,
	});
}

function planText(cluster: string): string[] {
	const {steps, status, rollout, recheckAt, gone} = planOf(cluster);
	const current = readCluster(cluster).services[0]?.version ?? 0;
	return [
		...steps.map(step => stepText(step, current)),
		...(recheckAt === undefined ? [] : [`again at ${formatDuration(recheckAt)}`]),
		...(status.message === undefined ? [] : [`because ${status.message}`]),
		...(rollout === undefined ? [] : [rolloutText(rollout)]),
		...(gone ? ['gone'] : []),
	];
}

/** `updating 1 of 3`, `updated 3 of 3`, `paused 1 of 3 by canary: MESSAGE`. */
function rolloutText({state, updated, total, pausedBy, message}: Rollout): string {
	const by = pausedBy === undefined ? '' : ` by ${pausedBy}`;
	const why = message === undefined ? '' : `: ${message}`;
	return `${state === 'completed' ? 'updated' : state} ${updated} of ${total}${by}${why}`;
}

function stepText(step: PlanStep, current: number): string {
	if (step.type === 'stop') {
		return `stop ${step.instanceId} ${step.reason}`;
	}

	if (step.type === 'roll back') {
		return `roll back to ${step.to}: ${step.reason}`;
	}

	const {slot, version, nodeId, replaces, restarts, attempts, quickFailures} = step;
	const counts = [
		...(restarts > 0 ? [`restarts ${restarts}`] : []),
		...(attempts > 0 ? [`attempts ${attempts}`] : []),
		...(quickFailures > 0 ? [`quick ${quickFailures}`] : []),
	].join(' ');
	return [
		nodeId === undefined ? `create slot ${slot}` : `create on ${nodeId.replace(/-id$/, '')}`,
		...(version === current ? [] : [`version ${version}`]),
		...(replaces === undefined ? [] : [`replaces ${replaces}`]),
		...(counts === '' ? [] : [`(${counts})`]),
	].join(' ');
}
