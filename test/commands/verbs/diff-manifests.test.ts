import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import type {ResourceFacet} from '../../../source/core/resource/facet.ts';
import {run} from '../run.ts';

const boat = {apiVersion: 'example.org/v1', kind: 'Boat', metadata: {name: 'one'}};
const yaml = JSON.stringify({...boat, spec: {sails: 4}});

/** An engine in which somebody else manages a boat's sails. */
const resources: Partial<ResourceFacet> = {
	async apply(manifest, {force}) {
		if (!force) throw new ClusterError('conflict', 'Boat one: harbour manages .spec.sails');
		const before = {...boat, spec: {sails: 3}};
		return {change: 'changed', before, after: manifest, name: 'one', type: 'boats'} as never;
	},
};
const given = {facets: {resources: resources as ResourceFacet}, typed: yaml};

test('a diff shows what would be taken over from others, and says so', async () => {
	const {code, stdout, stderr} = await run('diff -f -', given);
	expect([code, stdout]).toEqual([10, 'Boat one would be changed\n  spec.sails: 3 → 4\n']);
	expect(stderr).toBe('Boat one: harbour manages .spec.sails: apply refuses that without --force\n');
	expect((await run('diff --force -f -', given)).stderr).toBe('');
});
