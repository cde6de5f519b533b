import type {Backend} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {MembershipFacet} from '../../core/membership.ts';
import {choice, duration, integer, text, toggle} from '../fields/fields.ts';

/** How an engine takes part in a swarm. */
export const joinFields = {
	advertiseAddr: text('Address at which the others reach it, ADDRESS or INTERFACE, with :PORT', 'ADDRESS'),
	listenAddr: text('Address at which it listens to managers; default: 0.0.0.0:2377', 'ADDRESS'),
	dataPathAddr: text('Address or interface for the traffic of networks', 'ADDRESS'),
	availability: choice('What it takes at first', ['active', 'pause', 'drain']),
};

/** What holds for a whole swarm. */
export const settingsFields = {
	autolock: toggle('Managers that start want a key before they take part'),
	taskHistoryLimit: integer('How many ended instances of a slot are remembered', {min: 0}),
	certExpiry: duration('How long the certificates of nodes hold'),
	dispatcherHeartbeat: duration('How often nodes say that they are there'),
	snapshotInterval: integer('Entries of the log between two snapshots', {min: 1}),
	maxSnapshots: integer('How many older snapshots are kept', {min: 0}),
};

type Given = {
	readonly certExpiry?: number | undefined;
	readonly dispatcherHeartbeat?: number | undefined;
	readonly autolock?: boolean | undefined;
	readonly taskHistoryLimit?: number | undefined;
	readonly snapshotInterval?: number | undefined;
	readonly maxSnapshots?: number | undefined;
};

export function settingsOf(input: Given) {
	const {autolock, taskHistoryLimit, certExpiry, dispatcherHeartbeat, snapshotInterval, maxSnapshots} = input;
	return {
		autolock,
		taskHistoryLimit,
		certExpiryMs: certExpiry,
		heartbeatMs: dispatcherHeartbeat,
		snapshotInterval,
		maxSnapshots,
	};
}

export function lacksMembership({facets, name}: Pick<Backend, 'facets' | 'name'>): string | undefined {
	return facets.membership === undefined ? `${name} is no swarm of engines that join and leave` : undefined;
}

export function membershipIn(backend: Pick<Backend, 'facets' | 'name'>): MembershipFacet {
	const {membership} = backend.facets;
	if (membership === undefined) throw new ClusterError('unsupported', lacksMembership(backend) ?? '');
	return membership;
}
