import {formatBytes} from '../text/units.ts';
import {severityOf, shareText} from './crash-troubles.ts';
import type {ServiceFacts} from './facts.ts';
import {action, moreMemory} from './remedies.ts';
import {counted, refOf, type Trouble} from './trouble.ts';

/** Instances that run and fail their health check. */
export function unhealthy(facts: ServiceFacts): Trouble | undefined {
	const found = facts.faults.get('unhealthy');
	const {service} = facts;
	return (
		found && {
			id: `unhealthy ${service.id}`,
			severity: severityOf(facts),
			title: `${service.name} has unhealthy instances`,
			about: refOf(service),
			count: found.count,
			cause: `${shareText(found.count, facts)}: ${found.reasons.most ?? 'the health check fails'}`,
			remedy: {
				text: `The logs of ${found.example.name} tell more. Restart its instances, one at a time.`,
				action: action('service.restart', service),
			},
			jump: {to: 'instances', about: refOf(service)},
		}
	);
}

/** Instances that have been coming up for too long. */
export function slowStart(facts: ServiceFacts): Trouble | undefined {
	const found = facts.faults.get('slow');
	const {service} = facts;
	if (found === undefined) {
		return undefined;
	}

	const {status, name} = found.example;
	return {
		id: `slow ${service.id}`,
		severity: facts.healthy === 0 ? severityOf(facts) : 'minor',
		title: `${service.name} is slow to come up`,
		about: refOf(service),
		count: found.count,
		cause:
			status.state === 'running'
				? `${shareText(found.count, facts)} never healthy since the start: ${status.healthMessage ?? 'no answer yet'}`
				: `${shareText(found.count, facts)} still ${status.state}`,
		remedy: {text: `The logs of ${name} tell more. Where it needs the time, give its health check a start period.`},
		jump: {to: 'logs', about: refOf(found.example)},
	};
}

/** Instances that use nearly all the memory that they may. */
export function nearMemoryLimit(facts: ServiceFacts): Trouble | undefined {
	const {nearLimit, service} = facts;
	const more = moreMemory(service);
	if (nearLimit === undefined || more === undefined) {
		return undefined;
	}

	const {example, count, limit} = nearLimit;
	return {
		id: `memory-limit ${service.id}`,
		severity: 'minor',
		title: `${service.name} is nearly out of memory`,
		about: refOf(service),
		count,
		cause: `${shareText(count, facts)} over 90 % of ${formatBytes(limit)}: ${example.name} has ${formatBytes(example.usage?.memoryBytes ?? 0)}`,
		remedy: more,
		jump: {to: 'instances', about: refOf(service)},
	};
}

/** Nothing of a service is healthy, and nothing else says why. */
export function isDown(facts: ServiceFacts, now: number): Trouble | undefined {
	const {service, wanted} = facts;
	const {status, createdAt, spec} = service;
	// Who may not see what leads to its instances sees none of them: then its own count is all there is.
	const healthy = wanted === 0 ? status.healthy : facts.healthy;
	if (spec.mode === 'job' || status.desired === 0 || healthy > 0 || now - createdAt < newMs) {
		return undefined;
	}

	return {
		id: `down ${service.id}`,
		severity: 'critical',
		title: `${service.name} is down`,
		about: refOf(service),
		count: Math.max(wanted, status.desired),
		cause: status.message ?? `none of ${counted(status.desired, 'instance')} is healthy`,
		remedy: {text: 'Its instances tell what they wait for.'},
		jump: {to: 'instances', about: refOf(service)},
	};
}

/** A new service may come up first. */
const newMs = 60_000;
