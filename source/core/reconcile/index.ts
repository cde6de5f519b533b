import type {ServiceMode} from '../model/index.ts';
import {reconcileGlobal} from './global.ts';
import {reconcileJob} from './job.ts';
import type {Observed, Plan} from './plan.ts';
import {reconcileReplicated} from './replicated.ts';

const reconcilers: Readonly<Record<ServiceMode, (observed: Observed) => Plan>> = {
	replicated: reconcileReplicated,
	global: reconcileGlobal,
	job: reconcileJob,
};

/** Decides what one service needs next; the same input gives the same plan. */
export function reconcileService(observed: Observed): Plan {
	return reconcilers[observed.service.spec.mode](observed);
}
