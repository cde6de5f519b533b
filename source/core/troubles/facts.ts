import type {Instance, Service} from '../model/index.ts';
import {isHealthy} from '../reconcile/slots.ts';
import {type Fault, faultOf} from './instance-fault.ts';
import {refusalsOf} from './refusals.ts';
import {type Failures, failuresOf} from './restart-troubles.ts';
import {Tally} from './tally.ts';
import type {TroubleWorld} from './trouble.ts';

/** Instances with the same fault. */
export type FaultFacts = {
	count: number;
	/** Those of the service's present version. */
	ofVersion: number;
	restarts: number;
	/** One to show: the first by slot. */
	example: Instance;
	readonly reasons: Tally;
};

/** What one pass over the instances finds of a service. */
export type ServiceFacts = {
	readonly service: Service;
	/** Meant to run. */
	wanted: number;
	healthy: number;
	/** Live, of another version than the service's present one. */
	outdated: number;
	/** When the state of one of them changed last. */
	movedAt: number;
	readonly faults: Map<Fault, FaultFacts>;
	readonly failures: Failures | undefined;
	/** Why the engine could not even make one of late. */
	readonly refusal: string | undefined;
	/** Those that use nearly all memory that they may, and the one that uses most. */
	nearLimit: {count: number; example: Instance; limit: number} | undefined;
};

/** Of its memory limit. */
const nearLimitShare = 0.9;

/** By service id, in the order of the services. Linear in the instances. */
export function gatherFacts(world: TroubleWorld): ReadonlyMap<string, ServiceFacts> {
	const {services, instances, events = [], now} = world;
	const failures = failuresOf(events, now);
	const refusals = refusalsOf(events, now);
	const facts = new Map(
		services.map(service => {
			const {id, name} = service;
			return [id, {...noFacts(service), failures: failures.get(name), refusal: refusals.get(id)}];
		}),
	);
	for (const instance of instances) {
		const own = facts.get(instance.serviceId);
		if (own !== undefined) {
			look(own, instance, now);
		}
	}

	return facts;
}

function noFacts(service: Service): Omit<ServiceFacts, 'failures' | 'refusal'> {
	return {
		service,
		wanted: 0,
		healthy: 0,
		outdated: 0,
		movedAt: service.createdAt,
		faults: new Map(),
		nearLimit: undefined,
	};
}

function look(facts: ServiceFacts, instance: Instance, now: number): void {
	const {service} = facts;
	const {template} = service.spec;
	facts.movedAt = Math.max(facts.movedAt, instance.status.at);
	if (instance.desired === 'stopped') {
		return;
	}

	facts.wanted++;
	if (isHealthy(instance)) {
		facts.healthy++;
	}

	if (instance.version !== service.version && instance.status.state === 'running') {
		facts.outdated++;
	}

	const fault = faultOf(instance, now, template.health?.startPeriodMs);
	if (fault !== undefined) {
		addFault(facts, fault, instance);
	}

	const limit = (instance.bounds?.limit ?? template.limit).memoryBytes;
	const used = instance.usage?.memoryBytes;
	if (limit !== undefined && used !== undefined && used >= limit * nearLimitShare) {
		addNearLimit(facts, instance, limit, used);
	}
}

function addFault(facts: ServiceFacts, fault: Fault, instance: Instance): void {
	let found = facts.faults.get(fault);
	if (found === undefined) {
		found = {count: 0, ofVersion: 0, restarts: 0, example: instance, reasons: new Tally()};
		facts.faults.set(fault, found);
	}

	found.count++;
	found.restarts += instance.restarts;
	if (instance.version === facts.service.version) {
		found.ofVersion++;
	}

	if (isBefore(instance, found.example)) {
		found.example = instance;
	}

	const reason = fault === 'unhealthy' ? instance.status.healthMessage : instance.status.reason;
	if (reason !== undefined) {
		found.reasons.add(reason);
	}
}

function addNearLimit(facts: ServiceFacts, instance: Instance, limit: number, used: number): void {
	const found = facts.nearLimit;
	if (found === undefined) {
		facts.nearLimit = {count: 1, example: instance, limit};
		return;
	}

	found.count++;
	const most = found.example.usage?.memoryBytes ?? 0;
	if (used > most || (used === most && isBefore(instance, found.example))) {
		found.example = instance;
		found.limit = limit;
	}
}

/** By slot; global instances by name. */
function isBefore(a: Instance, b: Instance): boolean {
	return a.slot === b.slot ? a.name < b.name : a.slot < b.slot;
}
