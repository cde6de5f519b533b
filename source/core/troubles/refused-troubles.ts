import {severityOf} from './crash-troubles.ts';
import type {ServiceFacts} from './facts.ts';
import {counted, refOf, type Trouble} from './trouble.ts';

/** An engine's controller cannot even make instances, and says why: a quota, an admission that refuses them. */
export function refusedByEngine(facts: ServiceFacts): Trouble | undefined {
	const {service, healthy, wanted, refusal} = facts;
	const {spec, status, type} = service;
	const isJob = spec.mode === 'job';
	const missing = status.desired - (isJob ? status.completed + wanted : Math.max(healthy, status.healthy));
	// Once as many are there as there are to be it is past. What a job says of itself is how it ended.
	const last = isJob || wanted < status.desired ? refusal : undefined;
	const cause = isJob ? last : (status.message ?? last);
	if (type === undefined || spec.paused || cause === undefined || missing <= 0) {
		return undefined;
	}

	return {
		id: `refused ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} lacks ${counted(missing, 'instance')}`,
		about: refOf(service),
		count: missing,
		cause,
		remedy: {text: `Make room for it, or ask for fewer; the events of its ${type} tell more.`},
		jump: {to: 'describe', about: refOf(service)},
	};
}
