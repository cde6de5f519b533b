import type {Ref} from '../core/backend.ts';
import type {NamedKind, Objects, Revision} from '../core/model/index.ts';
import type {Store, StoreChange} from './store/store.ts';

/**
 * The revision to hold a user's precondition against. What was planned was planned on the spec: where nothing but the status
 * has moved on since (instances that start, a node's counts), the object counts as unchanged.
 */
export function plannedRevision(store: Store, ref: Ref, ifRevision: Revision | undefined): Revision | undefined {
	const since = Number(ifRevision);
	const {kind} = ref;
	if (ifRevision === undefined || !Number.isInteger(since) || !hasSpec(kind)) {
		return ifRevision;
	}

	const known = ref.id === undefined ? store.byName(kind, ref.name) : store.get(kind, ref.id);
	if (known === undefined || known.revision === ifRevision) {
		return ifRevision;
	}

	const isUntouched = store.changesSince(since)?.every(change => change.object.id !== known.id || isStatusOnly(change));
	return isUntouched === true ? known.revision : ifRevision;
}

type WithSpec = Exclude<NamedKind, 'image'>;

function hasSpec(kind: string): kind is WithSpec {
	return ['service', 'node', 'network', 'volume', 'config', 'secret', 'pool'].includes(kind);
}

function isStatusOnly(change: StoreChange): boolean {
	if (change.type !== 'put' || change.before === undefined || !hasSpec(change.kind)) {
		return false;
	}

	return asked(change.before as Objects[WithSpec]) === asked(change.object as Objects[WithSpec]);
}

/** What users write: of a secret its version stands for what it holds. */
function asked(object: Objects[WithSpec]): string {
	const {kind, spec} = object;
	const more =
		kind === 'service' || kind === 'node' || kind === 'pool'
			? object.removing
			: kind === 'secret'
				? object.version
				: undefined;
	return JSON.stringify([spec, more]);
}
