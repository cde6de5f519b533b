import {isFinal} from '../core/instance-state.ts';
import type {Instance, Service} from '../core/model/index.ts';
import {isHealthy} from '../core/reconcile/slots.ts';
import {decideRestart, hasFailed} from '../core/restart.ts';
import {meetsConstraints} from '../core/schedule/constraint.ts';
import {isPerNode} from '../core/service-mode.ts';
import type {Progress, World} from './action.ts';
import {engineProgress} from './engine-progress.ts';

/** Whether a service is what its spec asks: every slot healthy at the present version, and nothing else alive. */
export function serviceProgress(world: World, {id, name}: {readonly id: string; readonly name: string}): Progress {
	const service = world.services.find(one => one.id === id);
	if (service === undefined || service.removing) {
		return {state: 'failed', message: `${name} was removed meanwhile`};
	}

	const instances = world.instances.filter(({serviceId}) => serviceId === id);
	if (service.type !== undefined) {
		return engineProgress(service, instances);
	}

	return service.spec.mode === 'job'
		? jobProgress(service, instances, world)
		: runningProgress(service, instances, world);
}

/** Reached when it is gone, which the engine lets it be once its instances have ended. */
export function removalProgress(world: World, {id, name}: {readonly id: string; readonly name: string}): Progress {
	if (!world.services.some(service => service.id === id)) {
		return {state: 'reached', message: `${name} is removed`};
	}

	const left = world.instances.filter(({serviceId, status}) => serviceId === id && !isFinal(status.state));
	return {state: 'waiting', message: `${name}: ${left.length} left to stop`, done: 0, total: left.length};
}

function runningProgress(service: Service, instances: readonly Instance[], world: World): Progress {
	const wanted = wantedSlots(service, world);
	const bySlot = Map.groupBy(instances, instance => slotKey(service, instance));
	const live = instances.filter(({status}) => !isFinal(status.state));
	// Where an update stands still, what runs is meant to run.
	const isHeld = service.rollout?.state === 'paused';
	const isGood = (one: Instance) => isHealthy(one) && (isHeld || one.version === service.version);
	const good = wanted.filter(slot => bySlot.get(slot)?.some(one => isGood(one) && one.desired === 'running'));
	const others = live.length - good.length;
	if (good.length === wanted.length && others === 0) {
		const held = isHeld ? `; ${service.rollout?.message ?? 'its update is paused'}` : '';
		return {state: 'reached', message: `${summary(service, instances, good.length, wanted.length)}${held}`};
	}

	const given = wanted.map(slot => givenUp(service, bySlot.get(slot) ?? [])).find(reason => reason !== undefined);
	if (given !== undefined && live.every(one => isHealthy(one))) {
		return {state: 'failed', message: `${summary(service, instances, good.length, wanted.length)}; ${given}`};
	}

	const served = new Set(good);
	const missing = wanted.filter(slot => !served.has(slot)).flatMap(slot => bySlot.get(slot) ?? []);
	const trouble = newestTrouble(missing, service);
	return {
		state: 'waiting',
		message: `${summary(service, instances, good.length, wanted.length)}${counts(live.filter(one => !isHealthy(one) || one.desired === 'stopped'))}`,
		done: good.length,
		total: Math.max(wanted.length, live.length),
		...(trouble === undefined ? {} : {trouble}),
	};
}

function jobProgress(service: Service, instances: readonly Instance[], world: World): Progress {
	const {name, version} = service;
	const wanted = wantedSlots(service, world);
	const slots = new Set(wanted);
	const own = instances.filter(one => one.version === version && slots.has(slotKey(service, one)));
	const bySlot = Map.groupBy(own, one => slotKey(service, one));
	const done = [...bySlot.values()].filter(slot => slot.some(({status}) => status.state === 'completed')).length;
	const message = `${name}: ${done} of ${wanted.length} completed`;
	const live = own.filter(({status}) => !isFinal(status.state));
	if (done === wanted.length) {
		return {state: 'reached', message};
	}

	const given = [...bySlot.values()].map(slot => givenUp(service, slot)).find(reason => reason !== undefined);
	if (given !== undefined && live.length === 0) {
		return {state: 'failed', message: `${message}; ${given}`};
	}

	const trouble = newestTrouble(own, service);
	const waiting = {state: 'waiting', message: message + counts(live), done, total: wanted.length} as const;
	return trouble === undefined ? waiting : {...waiting, trouble};
}

/** A slot is a number, of what runs on each node a node. */
function slotKey({spec}: Service, {slot, nodeId}: Instance): string {
	return isPerNode(spec) ? (nodeId ?? '') : String(slot);
}

function wantedSlots({spec}: Service, {nodes}: World): string[] {
	if (!isPerNode(spec)) {
		return Array.from({length: spec.replicas}, (_, index) => String(index + 1));
	}

	return nodes
		.filter(node => !node.removing && node.status.state === 'ready' && node.spec.availability === 'active')
		.filter(node => meetsConstraints(node, spec.placement.constraints))
		.map(({id}) => id);
}

/** Health is spoken of where something is asked for it: the service's check, or the image's. */
function summary({name, spec}: Service, instances: readonly Instance[], good: number, wanted: number): string {
	const isAsked = spec.template.health !== undefined || instances.some(({status}) => status.health !== 'none');
	return `${name}: ${good} of ${wanted} ${isAsked ? 'healthy' : 'running'}`;
}

/** ` · 3 starting · 1 pending`. */
function counts(instances: readonly Instance[]): string {
	const states = Map.groupBy(instances, ({status: {state, health}, desired}) => {
		const isJudged = state === 'running' && health !== 'none';
		return desired === 'stopped' ? 'stopping' : isJudged ? health : state;
	});
	return [...states].map(([state, ones]) => ` · ${ones.length} ${state}`).join('');
}

/** Why nothing will be started in this slot any more; undefined: something is, or will be. */
function givenUp(service: Service, slot: readonly Instance[]): string | undefined {
	const newest = newestOf(slot);
	if (newest === undefined || !isFinal(newest.status.state) || newest.version !== service.version) {
		return undefined;
	}

	if (slot.some(({status}) => !isFinal(status.state)) || (service.spec.mode === 'job' && !hasFailed(newest))) {
		return undefined;
	}

	const decision = decideRestart(service.spec.restart, newest);
	return decision.restart ? undefined : `${newest.name}: ${reasonOf(newest)}, ${decision.reason}`;
}

function newestOf(instances: readonly Instance[]): Instance | undefined {
	return instances.reduce<Instance | undefined>(
		(newest, one) => (newest === undefined || one.createdAt >= newest.createdAt ? one : newest),
		undefined,
	);
}

/** What stands in the way: why one is pending, why one is ill, else why the last one ended (and how often it did). */
function newestTrouble(instances: readonly Instance[], {version}: Service): string | undefined {
	const live = instances.filter(({status}) => !isFinal(status.state));
	const pending = live.find(({status}) => status.state === 'pending' && status.reason !== undefined);
	if (pending !== undefined) {
		return pending.status.reason;
	}

	const ill = live.find(({status}) => status.health === 'unhealthy');
	if (ill !== undefined) {
		return `${ill.name} is unhealthy: ${ill.status.healthMessage ?? 'its health check fails'}`;
	}

	const failures = instances.filter(one => one.version === version && hasFailed(one));
	const newest = newestOf(failures);
	if (newest === undefined) {
		return undefined;
	}

	const reason = reasonOf(newest);
	const times = failures.filter(one => reasonOf(one) === reason).length;
	return times === 1 ? reason : `${reason} (${times} times)`;
}

function reasonOf({status, desiredReason}: Instance): string {
	return (
		status.reason ?? desiredReason ?? (status.exitCode === undefined ? status.state : `exit code ${status.exitCode}`)
	);
}
