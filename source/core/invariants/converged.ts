import {holdsRoom, isFinal} from '../instance-state.ts';
import type {Instance, Service} from '../model/index.ts';
import {isHealthy} from '../reconcile/slots.ts';
import {historyPerSlot} from '../retention.ts';
import {meetsConstraints} from '../schedule/constraint.ts';
import type {ClusterState, Excuse} from './cluster-state.ts';
import {nodeProblems} from './converged-nodes.ts';
import {couldTake} from './could-take.ts';

/** What is not yet as it was declared, long after the last fault; empty: everything. */
export function unconverged(state: ClusterState, isExcused: Excuse): string[] {
	const problems: string[] = [];
	for (const service of state.services) {
		const own = state.instances.filter(({serviceId}) => serviceId === service.id);
		const found = service.removing
			? ['is still being removed']
			: serviceProblems(service, own, state, isExcused(service));
		problems.push(...found.map(problem => `service ${service.name} ${problem}`));
	}

	const ids = new Set(state.services.map(({id}) => id));
	const left = state.instances.filter(({serviceId}) => !ids.has(serviceId));
	problems.push(...left.map(({name, id}) => `${name} (${id}) is left of a service that is gone`));
	problems.push(...nodeProblems(state, isExcused));
	return problems;
}

function serviceProblems(
	service: Service,
	own: readonly Instance[],
	state: ClusterState,
	isExcused: boolean,
): string[] {
	const live = own.filter(({status}) => !isFinal(status.state));
	const problems = live
		.filter(({slot}) => service.spec.mode !== 'global' && slot > service.spec.replicas)
		.map(({name, id}) => `has ${name} (${id}), which is surplus`);
	problems.push(...historyProblems(service, own));
	if (isExcused) {
		return problems;
	}

	problems.push(...live.flatMap(instance => instanceProblems(instance, service, live, state)));
	problems.push(...slotProblems(service, own, live, state), ...countProblems(service, live));
	return problems;
}

function instanceProblems(
	instance: Instance,
	service: Service,
	own: readonly Instance[],
	state: ClusterState,
): string[] {
	const {name, id, status, desired, version} = instance;
	const text = `${name} (${id})`;
	if (desired === 'stopped') {
		return [`has ${text}, which is to stop and is ${status.state}`];
	}

	if (status.state === 'pending') {
		const node = state.nodes.find(candidate => couldTake(candidate, instance, service, state));
		return [
			...(status.reason === undefined ? [`has ${text} pending without a reason`] : []),
			...(node === undefined ? [] : [`has ${text} pending (${status.reason}) although ${node.name} has room`]),
		];
	}

	// An update waits as long as another slot is not healthy.
	const isHeld = service.rollout?.state === 'paused';
	const isOutdated = !isHeld && version !== service.version && own.every(other => isHealthy(other));
	return [
		...(isHealthy(instance) ? [] : [`has ${text} ${status.state}, health ${status.health}`]),
		...(isOutdated ? [`has ${text} at version ${version} of ${service.version}`] : []),
	];
}

function slotProblems(
	service: Service,
	own: readonly Instance[],
	live: readonly Instance[],
	{nodes}: ClusterState,
): string[] {
	const {mode, replicas, placement} = service.spec;
	if (mode === 'global') {
		return nodes
			.filter(({status, spec, removing}) => status.state === 'ready' && spec.availability === 'active' && !removing)
			.filter(node => meetsConstraints(node, placement.constraints))
			.filter(node => !live.some(({nodeId}) => nodeId === node.id))
			.map(({name}) => `has no instance on ${name}`);
	}

	// A job's next run waits for its turn.
	if (mode === 'job' && service.spec.maxConcurrent > 0 && live.length >= service.spec.maxConcurrent) {
		return [];
	}

	const isDone = (slot: number) =>
		mode === 'job' &&
		own.some(item => item.slot === slot && item.version === service.version && item.status.exitCode === 0);
	return Array.from({length: replicas}, (_, index) => index + 1)
		.filter(slot => !isDone(slot) && !live.some(instance => instance.slot === slot))
		.map(slot => `has nothing in slot ${slot}`);
}

function historyProblems({spec}: Service, own: readonly Instance[]): string[] {
	const kept = new Map<string, number>();
	for (const {slot, nodeId, status} of own) {
		const key = spec.mode === 'global' ? `on ${nodeId}` : `of slot ${slot}`;
		kept.set(key, (kept.get(key) ?? 0) + (isFinal(status.state) ? 1 : 0));
	}

	const tooMany = [...kept].filter(([, count]) => count > historyPerSlot);
	return tooMany.map(([key, count]) => `keeps ${count} ended instances ${key}`);
}

/** What people are told agrees with what is. */
function countProblems({spec, status, rollout}: Service, live: readonly Instance[]): string[] {
	const running = live.filter(instance => instance.status.state === 'running').length;
	const healthy = live.filter(isHealthy).length;
	const isUp = live.every(isHealthy) && live.every(({status: {state}}) => holdsRoom(state));
	return [
		...(status.running === running ? [] : [`says ${status.running} running of ${running}`]),
		...(status.healthy === healthy ? [] : [`says ${status.healthy} healthy of ${healthy}`]),
		...((rollout?.state === 'updating' || rollout?.state === 'rolling-back') && isUp && spec.mode !== 'job'
			? ['is still updating']
			: []),
	];
}
