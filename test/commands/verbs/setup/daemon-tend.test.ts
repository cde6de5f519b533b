import {describe, expect, test} from 'vitest';
import {ClusterError} from '../../../../source/core/error.ts';
import type {TendFacet} from '../../../../source/core/tend/facet.ts';
import {run} from '../../run.ts';

const line = 'daemon tend --off local';

/** A cluster of which somebody is in charge, and what is left of that. */
function heldBy(holder: string | undefined) {
	let seen = holder === undefined ? undefined : {holder, revision: '1'};
	const lease = {
		read: async () => seen,
		async remove() {
			seen = undefined;
		},
	};
	return {facets: {tend: {lease} as unknown as TendFacet}, holder: () => seen?.holder};
}

describe('who is not to tend any more', () => {
	test('gives back by itself what it is in charge of', async () => {
		const {facets, holder} = heldBy('here 7');
		const ran = await run(line, {facets, untended: {left: undefined}});
		expect([ran.code, ran.stderr, holder()]).toEqual([
			0,
			'local is not tended any more. What runs there goes on.\n',
			'here 7',
		]);
	});

	// Nobody else takes it away: it stood in the cluster for good.
	test('and was killed: that is given back for it, and nothing of anybody else', async () => {
		const [own, other] = [heldBy('here 7'), heldBy('there 9')];
		expect((await run(line, {facets: own.facets, untended: {left: 'here 7'}})).code).toBe(0);
		await run(line, {facets: other.facets, untended: {left: 'here 7'}});
		expect([own.holder(), other.holder()]).toEqual([undefined, 'there 9']);
	});

	test('and cannot be reached: that is told, and it is tended no more', async () => {
		const open = async () => {
			throw new ClusterError('unreachable', 'It is not there.');
		};
		expect(await run(line, {open, untended: {left: 'here 7'}})).toMatchObject({
			code: 0,
			stderr: expect.stringMatching(/killed.*a minute: It is not there\.\nlocal is not tended any more/),
		});
	});

	test('is told where it was not tended', async () => {
		expect(await run(line)).toMatchObject({code: 3, stderr: expect.stringContaining('local is not tended')});
	});
});
