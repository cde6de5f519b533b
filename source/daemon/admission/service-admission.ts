import type {Store} from '../../orchestrator/store/store.ts';
import type {ApiParts} from '../api/routes.ts';
import {admitService} from './admission.ts';
import {tryPort} from './port-test.ts';

/** The checks before a service is written, one service after the other: two must not choose the same free port. */
export function createServiceAdmission(store: Store): ApiParts['admitted'] {
	let last: Promise<unknown> = Promise.resolve();
	return (patch, ref, write) => {
		const known = () => (ref.id === undefined ? store.byName('service', ref.name) : store.get('service', ref.id));
		const next = last.then(async () => write(await admitService(store, patch, known(), tryPort)));
		last = next.catch(() => {});
		return next;
	};
}
