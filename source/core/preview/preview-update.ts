import {isFinal} from '../instance-state.ts';
import type {Instance, Service, ServiceSpec} from '../model/index.ts';
import {beginRollout, policyOf, resumed} from '../reconcile/rollout.ts';
import {versionNumber, versionText} from '../spec/service-version.ts';
import {forecast} from './forecast.ts';
import {counted} from './places.ts';
import type {Preview} from './preview.ts';
import {previewScale} from './preview-scale.ts';
import {type ClusterWorld, reserveAsAsked, withService} from './world.ts';

/** What another spec brings: `5 replaced, one at a time, stop first`; with more or fewer replicas that too. */
export function previewUpdate(world: ClusterWorld, service: Service, spec: ServiceSpec): Preview {
	if (JSON.stringify(spec) === JSON.stringify(service.spec)) {
		return {summary: 'nothing changes', rows: []};
	}

	if (versionText(spec) === versionText(service.spec)) {
		return changesHold(service, spec) ? previewHold(world, service, spec) : previewMove(world, service, spec);
	}

	const version = versionNumber(world.versions?.get(service.id) ?? [], service, spec);
	const changed = {...service, spec, version, rollout: beginRollout(service, version, world.now)};
	const outdated = outdatedOf(world, changed);
	const scaled = spec.replicas === service.spec.replicas ? '' : `, ${scaleText(world, changed, service.spec.replicas)}`;
	const replaced = spec.mode === 'job' ? jobText(outdated, spec) : replacedText(outdated.length, changed);
	const stall = stallOf(world, service, changed);
	if (stall === undefined) {
		return {summary: `${replaced}${scaled}`, rows: []};
	}

	const {done, reason} = stall;
	const halts = done === 0 ? 'and then halts' : `and halts after ${done}`;
	return {
		summary: `${replaced}${scaled}, ${halts}: ${reason}`,
		rows: [{name: service.name, change: '1 → nowhere', note: reason, blocked: true}],
	};
}

/** Another limit for the update that is under way, or for the next one. */
function changesHold({spec: before}: Service, spec: ServiceSpec): boolean {
	return (
		spec.replicas === before.replicas &&
		(before.paused !== spec.paused || before.canary !== spec.canary) &&
		JSON.stringify({...spec, paused: before.paused, canary: before.canary}) === JSON.stringify(before)
	);
}

function previewHold(world: ClusterWorld, service: Service, spec: ServiceSpec): Preview {
	const {rollout} = service;
	const outdated = outdatedOf(world, service).length;
	if (outdated === 0 || rollout === undefined) {
		return {summary: spec.paused ? 'the next update waits until it is resumed' : 'no instance is replaced', rows: []};
	}

	if (spec.paused) {
		return {summary: `nothing more is replaced: ${outdated} stay at version ${rollout.from ?? 'before'}`, rows: []};
	}

	return {summary: replacedText(outdated, {...service, spec, rollout: resumed(rollout, world.now)}), rows: []};
}

/** A change that no instance is replaced for; a new constraint may still move those of a global service. */
function previewMove(world: ClusterWorld, service: Service, spec: ServiceSpec): Preview {
	if (spec.replicas !== service.spec.replicas) {
		return previewScale(world, {...service, spec: {...spec, replicas: service.spec.replicas}}, spec.replicas);
	}

	const before = forecast(world, [service.id]);
	const after = forecast(withService(world, {...service, spec}), [service.id]);
	const started = without(after.created, before.created);
	const stopped = without(after.stopped, before.stopped);
	const parts = [
		...(started.length > 0 ? [counted(started, 'new', '+')] : []),
		...(stopped.length > 0 ? [counted(stopped, stopped.length === 1 ? 'stops' : 'stop', '−')] : []),
	];
	return {summary: parts.join(', ') || 'no instance is replaced', rows: []};
}

/** Whether the rollout comes to an instance for which there is no room, and after how many. */
function stallOf(world: ClusterWorld, before: Service, after: Service): {done: number; reason: string} | undefined {
	const asked = reserveAsAsked(world);
	const reserveOf = (instance: Instance) =>
		instance.serviceId === after.id && instance.version === after.version
			? after.spec.template.reserve
			: asked(instance);
	const {created, refused} = forecast(withService(world, after), [before.id], reserveOf);
	const reason = created.map(({id}) => refused.get(id)).find(text => text !== undefined);
	const done = created.filter(({status}) => status.state === 'running').length;
	return reason === undefined ? undefined : {done, reason};
}

/** Those that would not come about without the change too. */
function without(instances: readonly Instance[], others: readonly Instance[]): Instance[] {
	const names = new Set(others.map(({name}) => name));
	return instances.filter(({name}) => !names.has(name));
}

function scaleText(world: ClusterWorld, changed: Service, replicas: number): string {
	const before = {...changed, spec: {...changed.spec, replicas}};
	return previewScale(world, before, changed.spec.replicas).summary.replace(/, nothing stops$/, '');
}

function replacedText(count: number, service: Service): string {
	const {canary, paused} = service.spec;
	if (count === 0) {
		return 'nothing is replaced';
	}

	const {parallelism, order} = policyOf(service);
	const pace = parallelism === 0 ? 'all at once' : parallelism === 1 ? 'one at a time' : `${parallelism} at a time`;
	const paces = count === 1 ? '' : `, ${pace}`;
	// An engine's own controllers go by a strategy of their own.
	const way = service.type === undefined ? `${paces}, ${order === 'start-first' ? 'start first' : 'stop first'}` : '';
	if (paused) {
		return `${count} replaced${way}, once it is resumed`;
	}

	const isCanary = canary > 0 && canary < count && service.rollout?.isRollback !== true;
	return isCanary
		? `${canary} of ${count} replaced as ${canary === 1 ? 'canary' : 'canaries'}`
		: `${count} replaced${way}`;
}

function jobText(running: readonly Instance[], {replicas, perNode}: ServiceSpec): string {
	const anew = perNode ? 'one runs anew on each node' : `${replicas} run anew`;
	return running.length === 0 ? anew : `${counted(running, 'stopped', '−')}, ${anew}`;
}

/** Those in slots that stay, of another version. */
function outdatedOf(world: ClusterWorld, service: Service): Instance[] {
	const {mode, replicas} = service.spec;
	return liveOf(world, service).filter(
		({slot, version}) => version !== service.version && (mode === 'global' || slot <= replicas),
	);
}

function liveOf({instances}: ClusterWorld, {id}: Service): Instance[] {
	return instances.filter(
		({serviceId, desired, status}) => serviceId === id && desired === 'running' && !isFinal(status.state),
	);
}
