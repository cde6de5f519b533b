import {ClusterError} from '../../core/error.ts';
import type {Call} from '../verb.ts';

/** For what changes something without a step of its own in a plan. */
export function refuseReadOnly({shared}: Pick<Call, 'shared'>): void {
	if (shared.readOnly) {
		throw new ClusterError('not-allowed', 'nothing is changed with --read-only');
	}
}
