import {isFinal} from '../../core/instance-state.ts';
import type {Instance, Service} from '../../core/model/index.ts';
import {isHealthy} from '../../core/reconcile/slots.ts';
import {decideRestart, hasFailed} from '../../core/restart.ts';
import {meetsConstraints} from '../../core/schedule/constraint.ts';
import {isPerNode} from '../../core/spec/service-mode.ts';
import type {Progress, World} from '../action.ts';
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
	const service = world.services.find(one => one.id === id);
	if (service === undefined) {
		return {state: 'reached', message: `${name} is removed`};
	}

	const left = world.instances.filter(({serviceId, status}) => serviceId === id && !isFinal(status.state));
	const message = `${name}: ${left.length} left to stop`;
	const trouble = service.removing && left.length === 0 ? service.status.message : undefined;
	return {state: 'waiting', message, done: 0, total: left.length, ...(trouble === undefined ? {} : {trouble})};
}

function runningProgress(service: Service, instances: readonly Instance[], world: World): Progress {
	const wanted = wantedSlots(service, world);
	const live = instances.filter(({status}) => !isFinal(status.state));
	// Where an update stands still, what runs is meant to run.
	const isHeld = service.rollout?.state === 'paused';
	const isGood = (one: Instance) =>
		one.desired === 'running' && isHealthy(one) && (isHeld || one.version === service.version);
	const good = new Set(live.filter(isGood).map(one => slotKey(service, one))).intersection(wanted);
	const text = () => summary(service, instances, good.size, wanted.size);
	if (good.size === wanted.size && live.length === good.size) {
		return {
			state: 'reached',
			message: `${text()}${isHeld ? `; ${service.rollout?.message ?? 'its update is paused'}` : ''}`,
		};
	}

	const ill = live.filter(one => !isHealthy(one));
	const missing = instances.filter(one => {
		const slot = slotKey(service, one);
		return wanted.has(slot) && !good.has(slot);
	});
	const given = ill.length === 0 ? reasonGivenUp(service, missing) : undefined;
	if (given !== undefined) {
		return {state: 'failed', message: `${text()}; ${given}`};
	}

	const trouble = newestTrouble(missing, service);
	return {
		state: 'waiting',
		message: `${text()}${counts(live.filter(one => !isHealthy(one) || one.desired === 'stopped'))}`,
		done: good.size,
		total: Math.max(wanted.size, live.length),
		...(trouble === undefined ? {} : {trouble}),
	};
}

function jobProgress(service: Service, instances: readonly Instance[], world: World): Progress {
	const {name, version} = service;
	const wanted = wantedSlots(service, world);
	const own = instances.filter(one => one.version === version && wanted.has(slotKey(service, one)));
	const completed = own.filter(({status}) => status.state === 'completed');
	const done = new Set(completed.map(one => slotKey(service, one))).size;
	const message = `${name}: ${done} of ${wanted.size} completed`;
	const live = own.filter(({status}) => !isFinal(status.state));
	if (done === wanted.size) {
		return {state: 'reached', message};
	}

	const given = live.length === 0 ? reasonGivenUp(service, own) : undefined;
	if (given !== undefined) {
		return {state: 'failed', message: `${message}; ${given}`};
	}

	const trouble = newestTrouble(own, service);
	const waiting = {state: 'waiting', message: message + counts(live), done, total: wanted.size} as const;
	return trouble === undefined ? waiting : {...waiting, trouble};
}

/** A slot is a number, of what runs on each node a node. */
function slotKey({spec}: Service, {slot, nodeId}: Instance): number | string {
	return isPerNode(spec) ? (nodeId ?? '') : slot;
}

function wantedSlots({spec}: Service, {nodes}: World): ReadonlySet<number | string> {
	if (!isPerNode(spec)) {
		return new Set(Array.from({length: spec.replicas}, (_, index) => index + 1));
	}

	const fitting = nodes
		.filter(node => !node.removing && node.status.state === 'ready' && node.spec.availability === 'active')
		.filter(node => meetsConstraints(node, spec.placement.constraints));
	return new Set(fitting.map(({id}) => id));
}

/**
 * Health is spoken of where something is asked for it: the service's check, or the image's. As long as others serve at another
 * version, it is how many were updated.
 */
function summary(service: Service, instances: readonly Instance[], good: number, wanted: number): string {
	const {name, spec, version, rollout} = service;
	const isUpdating = rollout?.state === 'updating' || rollout?.state === 'rolling-back';
	if (isUpdating && instances.some(one => one.version !== version && isHealthy(one))) {
		return `${name}: ${good} of ${wanted} ${rollout.isRollback ? 'rolled back' : 'updated'}`;
	}

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

/** Why nothing will be started in one of these slots any more; undefined: in all something is, or will be. */
function reasonGivenUp(service: Service, instances: readonly Instance[]): string | undefined {
	const bySlot = Map.groupBy(instances, one => slotKey(service, one));
	return [...bySlot.values()].map(slot => givenUp(service, slot)).find(reason => reason !== undefined);
}

/** The same of one. */
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
