import type {Instance, Node, Rollout, Service} from '../../core/model/index.ts';
import {reconcileService} from '../../core/reconcile/index.ts';
import type {Plan, PlanStep} from '../../core/reconcile/plan.ts';
import {beginRollout} from '../../core/reconcile/rollout.ts';
import {expiredHistory} from '../../core/retention.ts';
import {withVersion} from '../../core/spec/service-version.ts';
import {emit, newMeta, type Turn} from '../turn.ts';
import {refreshUsers} from '../usage-of-stored.ts';
import {canGoBack, keepVersion, specOf, versionsOf} from './spec-versions.ts';

/** Brings one service a step nearer to its spec. Writer of: instances' creation and desired state, service status, rollout. */
export function controlService(turn: Turn, serviceId: string, nodes: ReadonlyMap<string, Node>): void {
	const {tx, now} = turn;
	const service = tx.get('service', serviceId);
	if (service === undefined) {
		return;
	}

	const instances = [...tx.instancesOfService(serviceId)];
	const plan = reconcileService({service, instances, nodes, now, canGoBack: canGoBack(tx, service)});
	if (plan.gone) {
		finishRemoval(turn, service, instances);
		return;
	}

	for (const step of plan.steps) {
		if (step.type === 'roll back') {
			rollBack(turn, service, step, plan.rollout);
			return;
		}

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

/** The one change of a spec that no user makes: asked for by its update policy. */
function rollBack(turn: Turn, service: Service, {to, reason}: RollBack, rollout: Rollout | undefined): void {
	const {tx, now} = turn;
	const before = rollout === undefined ? service : {...service, rollout};
	const spec = {...withVersion(service.spec, specOf(tx, {serviceId: service.id, version: to})), canary: 0};
	const begun = {...beginRollout(before, to, now), isRollback: true, state: 'rolling-back' as const, message: reason};
	const back = tx.put('service', {...service, spec, version: to, rollout: begun});
	keepVersion(turn, back);
	emit(turn, service, 'RollingBack', `to version ${to}: ${reason}`, 'warning');
}

type RollBack = Extract<PlanStep, {type: 'roll back'}>;

function take(turn: Turn, service: Service, step: Exclude<PlanStep, RollBack>, nodes: ReadonlyMap<string, Node>): void {
	if (step.type === 'create') {
		const node = step.nodeId === undefined ? undefined : nodes.get(step.nodeId);
		const {restarts, attempts, quickFailures, replaces} = step;
		turn.tx.put('instance', {
			...newMeta(turn, `${service.name}.${node?.name ?? step.slot}`),
			kind: 'instance',
			serviceId: service.id,
			serviceName: service.name,
			slot: step.slot,
			version: step.version,
			image: specOf(turn.tx, {serviceId: service.id, version: step.version}).template.image,
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
	const {ports, address} = service.status;
	const status = {...plan.status, ports, ...(address !== undefined && {address})};
	const {rollout} = plan;
	if (same(status, service.status) && same(rollout, service.rollout)) {
		return;
	}

	const {rollout: _, ...rest} = service;
	turn.tx.put('service', {...rest, status, ...(rollout === undefined ? {} : {rollout})});
	if (rollout !== undefined && rollout.state !== service.rollout?.state) {
		tellRollout(turn, service, rollout);
	}
}

function tellRollout(turn: Turn, service: Service, {state, total, pausedBy, message}: Rollout): void {
	if (state === 'completed' || state === 'rolled-back') {
		const reason = state === 'completed' ? 'Updated' : 'RolledBack';
		emit(
			turn,
			service,
			reason,
			`version ${service.version} runs on ${total === 1 ? 'its slot' : `all ${total} slots`}`,
		);
	} else if (state === 'paused') {
		emit(turn, service, 'UpdatePaused', message ?? 'on request', pausedBy === 'failure' ? 'warning' : 'normal');
	}
}

function finishRemoval(turn: Turn, service: Service, instances: readonly Instance[]): void {
	for (const {id} of instances) {
		turn.tx.remove('instance', id);
	}

	for (const {id} of versionsOf(turn.tx, service.id)) {
		turn.tx.remove('spec-version', id);
	}

	turn.tx.remove('service', service.id);
	refreshUsers(turn, service.spec);
	emit(turn, service, 'Removed', 'all its instances have ended');
}

/** Plain data with keys always written in the same order, so its text is its value. */
function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
