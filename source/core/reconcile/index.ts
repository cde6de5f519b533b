import {isFinal} from '../instance-state.ts';
import type {Instance, ServiceMode} from '../model/index.ts';
import {reconcileGlobal} from './global.ts';
import {reconcileJob} from './job.ts';
import type {Observed, Plan, PlanStep} from './plan.ts';
import {reconcileReplicated} from './replicated.ts';

const reconcilers: Readonly<Record<ServiceMode, (observed: Observed) => Plan>> = {
	replicated: reconcileReplicated,
	global: reconcileGlobal,
	job: reconcileJob,
};

/**
 * So many instances of a service may be on their way at once, and as many that replace another; the next ones are made as those
 * come up. A number typed wrong holds up nobody else, and what finds no node does not fill the store.
 */
export const mostComingUp = 1000;

/** Decides what one service needs next; the same input gives the same plan. */
export function reconcileService(observed: Observed): Plan {
	const plan = planService(observed);
	if (!plan.steps.some(({type}) => type === 'create')) {
		return plan;
	}

	const comingUp = observed.instances.filter(isComingUp);
	const replacing = comingUp.filter(({replaces}) => replaces !== undefined).length;
	// What only moves must not hold up what serves nobody.
	const left = {fill: mostComingUp - (comingUp.length - replacing), replace: mostComingUp - replacing};
	const mayCreate = (step: PlanStep) =>
		step.type !== 'create' || left[step.replaces === undefined ? 'fill' : 'replace']-- > 0;
	return {...plan, steps: plan.steps.filter(mayCreate)};
}

function isComingUp({desired, status}: Instance): boolean {
	return desired === 'running' && status.state !== 'running' && !isFinal(status.state);
}

/** All that it needs, however much that is: for who looks ahead. */
export function planService(observed: Observed): Plan {
	return reconcilers[observed.service.spec.mode](observed);
}
