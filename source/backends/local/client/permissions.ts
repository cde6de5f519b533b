import {mayAct} from '../../../core/access.ts';
import type {PermissionFacet} from '../../../core/backend.ts';
import type {DaemonVersion} from '../protocol.ts';

/**
 * What the role of who asks lets them do, as the daemon has told it; undefined: everything. All that is asked about changes
 * something or runs programs. A role is for as long as a certificate, so nothing of it changes.
 */
export function permissionsFor({asker}: Pick<DaemonVersion, 'asker'>): PermissionFacet | undefined {
	if (asker === undefined || mayAct(asker.role, 'operator')) {
		return undefined;
	}

	const refusal = `This takes the role operator, and ${asker.name} is ${asker.role} here.`;
	return {refusal: () => refusal, subscribe: () => () => {}};
}
