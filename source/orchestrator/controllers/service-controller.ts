import type {Instance, Node, Service} from '../../core/model/index.ts';
import {reconcileService} from '../../core/reconcile/index.ts';
import type {Plan, PlanStep} from '../../core/reconcile/plan.ts';
import {expiredHistory} from '../../core/retention.ts';
import {emit, newMeta, type Turn} from '../turn.ts';

/** Brings one service a step nearer to its spec. Writer of: instances' creation and desired state, service status, rollout. */
export function controlService(turn: Turn, serviceId: string, nodes: ReadonlyMap<string, Node>): void {
	const {tx, now} = turn;
	const service = tx.get('service', serviceId);
	if (service === undefined) {
		return;
	}

	const instances = [...tx.instancesOfService(serviceId)];
	const plan = reconcileService({service, instances, nodes, now});
	if (plan.gone) {
		finishRemoval(turn, service, instances);
		return;
	}

	for (const step of plan.steps) {
		take(turn, service, step, nodes);
	}

	for (const {id} of expiredHistory(service, instances)) {
		tx.remove('instance', id);
	}

	record(turn, service, plan);
	if (plan.recheckAt !== undefined) {
		turn.recheckService(serviceId, plan.recheckAt);
	}
}

function take(turn: Turn, service: Service, step: PlanStep, nodes: ReadonlyMap<string, Node>): void {
	if (step.type === 'create') {
		const node = step.nodeId === undefined ? undefined : nodes.get(step.nodeId);
		const {restarts, attempts, quickFailures, replaces} = step;
		turn.tx.put('instance', {
			...newMeta(turn, `${service.name}.${node?.name ?? step.slot}`),
			kind: 'instance',
			serviceId: service.id,
			serviceName: service.name,
			slot: step.slot,
			version: service.version,
			image: service.spec.template.image,
			...(node === undefined ? {} : {nodeId: node.id, nodeName: node.name}),
			desired: 'running',
			...(replaces === undefined ? {} : {replaces}),
			restarts,
			attempts,
			quickFailures,
			status: {state: 'pending', at: turn.now, health: 'none', endpoints: []},
		});
		return;
	}

	const instance = turn.tx.get('instance', step.instanceId);
	if (instance === undefined || instance.desired === 'stopped') {
		return;
	}

	// What was never placed has no agent that could end it.
	const status =
		instance.status.state === 'pending'
			? {...instance.status, state: 'stopped' as const, at: turn.now, finishedAt: turn.now, reason: step.reason}
			: instance.status;
	turn.tx.put('instance', {...instance, desired: 'stopped', desiredReason: step.reason, status});
	if (step.reason.startsWith('unhealthy')) {
		emit(turn, instance, 'Unhealthy', step.reason, 'warning');
	}
}

function record(turn: Turn, service: Service, plan: Plan): void {
	const status = {...plan.status, ports: service.status.ports};
	const {rollout} = plan;
	if (same(status, service.status) && same(rollout, service.rollout)) {
		return;
	}

	const {rollout: _, ...rest} = service;
	turn.tx.put('service', {...rest, status, ...(rollout === undefined ? {} : {rollout})});
	if (rollout?.state === 'completed' && service.rollout?.state !== 'completed') {
		emit(turn, service, 'Updated', `version ${service.version} runs on all ${rollout.total} slots`);
	}
}

function finishRemoval(turn: Turn, service: Service, instances: readonly Instance[]): void {
	for (const {id} of instances) {
		turn.tx.remove('instance', id);
	}

	for (const {id, serviceId} of [...turn.tx.all('spec-version')]) {
		if (serviceId === service.id) {
			turn.tx.remove('spec-version', id);
		}
	}

	turn.tx.remove('service', service.id);
	emit(turn, service, 'Removed', 'all its instances have ended');
}

/** Plain data with keys always written in the same order, so its text is its value. */
function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
