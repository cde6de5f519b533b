import {severityOf} from './crash-troubles.ts';
import type {ServiceFacts} from './facts.ts';
import {counted, refOf, type Trouble} from './trouble.ts';

/** An engine's controller cannot even make instances, and says why: a quota, an admission that refuses them. */
export function refusedByEngine(facts: ServiceFacts): Trouble | undefined {
	const {service, healthy} = facts;
	const {spec, status, type} = service;
	const missing = status.desired - Math.max(healthy, status.healthy);
	if (type === undefined || spec.mode === 'job' || spec.paused || status.message === undefined || missing <= 0) {
		return undefined;
	}

	return {
		id: `refused ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} lacks ${counted(missing, 'instance')}`,
		about: refOf(service),
		count: missing,
		cause: status.message,
		remedy: {text: `Make room for it, or ask for fewer; the events of its ${type} tell more.`},
		jump: {to: 'describe', about: refOf(service)},
	};
}
