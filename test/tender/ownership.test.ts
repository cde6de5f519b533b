import {describe, expect, test} from 'vitest';
import type {TendLease} from '../../source/core/tend/facet.ts';
import type {LeaseSeen} from '../../source/core/tend/lease.ts';
import {Ownership} from '../../source/tender/ownership.ts';
import type {TenderPorts} from '../../source/tender/ports.ts';

/** A cluster that holds nothing but the lease. */
function clusterHeldBy(holder: string | undefined) {
	let [seen, count]: [LeaseSeen | undefined, number] = [holder === undefined ? undefined : {holder, revision: '0'}, 0];
	const lease: TendLease = {
		read: async () => seen,
		write: async by => {
			seen = {holder: by, revision: String(++count)};
		},
		remove: async () => {
			seen = undefined;
		},
	};
	let nowMs = 0;
	const own = (me: string, holderBefore?: string) =>
		new Ownership({
			backend: {facets: {tend: {lease}}},
			clock: {monotonicMs: () => nowMs},
			options: {leaseMs: 60_000, renewMs: 20_000},
			holder: me,
			holderBefore,
		} as unknown as TenderPorts);
	return {
		own,
		holder: () => seen?.holder,
		pass(ms: number) {
			nowMs += ms;
		},
	};
}

describe('who is in charge of a cluster', () => {
	test('is not who came while another was, and gives up nothing of that one', async () => {
		const {own, holder} = clusterHeldBy('other');
		const ownership = own('me', 'killed');
		await ownership.look();
		expect([ownership.isMine, ownership.owner]).toEqual([false, 'other']);
		await ownership.release();
		expect(holder()).toBe('other');
	});

	test('is who waited until it had run out', async () => {
		const {own, holder, pass} = clusterHeldBy('other');
		const ownership = own('me');
		await ownership.look();
		pass(60_000);
		await ownership.look();
		expect([ownership.isMine, holder()]).toEqual([true, 'me']);
	});

	// One that was killed left it behind: its successor waited for a minute, and what was ended meanwhile left it for good.
	test('is at once who takes the place of one that was killed', async () => {
		const {own, holder} = clusterHeldBy('killed');
		const ownership = own('me', 'killed');
		await ownership.look();
		expect([ownership.isMine, holder()]).toEqual([true, 'me']);
		await ownership.release();
		expect(holder()).toBeUndefined();
	});

	test('is nobody when who takes the place of one that was killed ends before it looked', async () => {
		const {own, holder} = clusterHeldBy('killed');
		await own('me', 'killed').release();
		expect(holder()).toBeUndefined();
	});
});
