import type {Ref} from '../core/backend.ts';
import type {Node, Revision, Service} from '../core/model/index.ts';
import type {Store, StoreChange} from './store/store.ts';

/**
 * The revision to hold a user's precondition against. What was planned was planned on the spec: where nothing but the status
 * has moved on since (instances that start, a node's counts), the object counts as unchanged.
 */
export function plannedRevision(store: Store, ref: Ref, ifRevision: Revision | undefined): Revision | undefined {
	const since = Number(ifRevision);
	if (ifRevision === undefined || !Number.isInteger(since) || (ref.kind !== 'service' && ref.kind !== 'node')) {
		return ifRevision;
	}

	const known = ref.id === undefined ? store.byName(ref.kind, ref.name) : store.get(ref.kind, ref.id);
	if (known === undefined || known.revision === ifRevision) {
		return ifRevision;
	}

	const isUntouched = store.changesSince(since)?.every(change => change.object.id !== known.id || isStatusOnly(change));
	return isUntouched === true ? known.revision : ifRevision;
}

function isStatusOnly(change: StoreChange): boolean {
	if (change.type !== 'put' || change.before === undefined || (change.kind !== 'service' && change.kind !== 'node')) {
		return false;
	}

	return asked(change.before as Service | Node) === asked(change.object);
}

function asked({spec, removing}: Service | Node): string {
	return JSON.stringify([spec, removing]);
}
