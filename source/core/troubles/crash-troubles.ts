import type {Service} from '../model/index.ts';
import {decideRestart} from '../restart.ts';
import type {FaultFacts, ServiceFacts} from './facts.ts';
import {action, moreMemory, ranOutOfMemory} from './remedies.ts';
import {counted, refOf, type Severity, type Trouble} from './trouble.ts';

/** With nothing of it healthy, a service that should serve is down. */
export function severityOf({service, healthy}: ServiceFacts): Severity {
	return healthy === 0 && service.spec.mode !== 'job' && service.status.desired > 0 ? 'critical' : 'serious';
}

/** `3 of 12 instances`. */
export function shareText(count: number, {wanted}: ServiceFacts): string {
	return `${count} of ${counted(wanted, 'instance')}`;
}

/** Instances that end by themselves again and again. */
export function crashLoop(facts: ServiceFacts): Trouble | undefined {
	const found = facts.faults.get('looping');
	if (found === undefined) {
		return undefined;
	}

	const {service, failures} = facts;
	// All of them may be at their next try just now: then only an event tells how the last one ended.
	const reason = found.reasons.most ?? failures?.last.message;
	const times = found.restarts === 0 ? '' : `; ${counted(found.restarts, 'restart')} so far`;
	return {
		id: `crash-loop ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} crashes again and again`,
		about: refOf(service),
		count: found.count,
		cause: `${shareText(found.count, facts)}, soon after the start: ${reason ?? 'ended by itself'}${times}`,
		remedy: (ranOutOfMemory(reason) && moreMemory(service)) || loopRemedy(service, found, facts),
		// Where most are at it, the one shown is replaced soon: their service stays.
		jump: {to: 'logs', about: refOf(found.count * 2 >= facts.wanted ? service : found.example)},
	};
}

function loopRemedy(service: Service, {example, count}: FaultFacts, {wanted}: ServiceFacts): Trouble['remedy'] {
	const look = `The logs of ${example.name} tell more.`;
	return count < wanted || service.spec.mode !== 'replicated'
		? {text: look}
		: {
				text: `${look} Until it is mended: scale it to 0.`,
				action: action('service.scale', service, {replicas: 0}),
			};
}

/** Instances that ended and should not have: those that are tried again, and those that are given up. */
export function failure(facts: ServiceFacts): Trouble | undefined {
	const found = facts.faults.get('failed');
	if (found === undefined) {
		return undefined;
	}

	const {service} = facts;
	if (service.type === 'job') return failedJob(facts, found);
	const isJob = service.spec.mode === 'job';
	const decision = decideRestart(service.spec.restart, found.example);
	const reason = found.reasons.most;
	const what = isJob ? 'has failed' : decision.restart ? 'has failing instances' : 'was given up';
	const why = decision.restart ? '' : `; ${decision.reason}`;
	return {
		id: `failed ${service.id}`,
		severity: severityOf(facts),
		title: `${isJob ? 'Job ' : ''}${service.name} ${what}`,
		about: refOf(service),
		count: found.count,
		cause: `${shareText(found.count, facts)}: ${reason ?? 'ended by itself'}${why}`,
		remedy: (ranOutOfMemory(reason) && moreMemory(service)) || {
			text: `The logs of ${found.example.name} tell more. When it is mended: ${isJob ? 'run' : 'start'} it again.`,
			...(decision.restart && !isJob ? {} : {action: action('service.restart', service)}),
		},
		jump: {to: 'logs', about: refOf(found.example)},
	};
}

/** Of an engine that runs it once, with all its tries: it says itself when it gives up, and what has failed before it is done is past. */
function failedJob(facts: ServiceFacts, found: FaultFacts): Trouble | undefined {
	const {service} = facts;
	const {completed, desired, message} = service.status;
	if (completed >= desired) return undefined;
	const reason = found.reasons.most;
	const share = `${counted(found.count, 'instance')} so far`;
	return {
		id: `failed ${service.id}`,
		severity: 'serious',
		title: `Job ${service.name} ${message === undefined ? 'fails, and is tried again' : 'has failed'}`,
		about: refOf(service),
		count: found.count,
		cause: `${share}: ${reason ?? 'ended by itself'}${message === undefined ? '' : `; ${message}`}`,
		remedy: {
			text: `The logs of ${found.example.name} tell more. It cannot be changed: when that is mended, make it anew.`,
		},
		jump: {to: 'logs', about: refOf(found.example)},
	};
}
