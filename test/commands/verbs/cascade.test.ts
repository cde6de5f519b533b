import {expect, test} from 'vitest';
import type {ResourceFacet} from '../../../source/core/resource/facet.ts';
import {run} from '../run.ts';

const cluster = 'node n1\nservice web replicas 2\ninstance web.1 on n1 running\ninstance web.2 on n1 running';

test('what becomes of the instances is told to an engine that can be told', async () => {
	const given = {cluster, facets: {cascades: true as const}};
	const {code, writes, journal} = await run('service rm --yes --detach --cascade orphan web', given);
	expect([code, writes]).toEqual([0, ['remove service web orphan']]);
	expect(journal).toEqual(['ann: muster service rm --cascade=orphan web']);
	const asked = await run('service rm --cascade=orphan web', given);
	expect([asked.code, asked.stderr]).toEqual([6, expect.stringContaining('and let its 0 instances run on?')]);
	const dry = await run('service rm --dry-run --cascade=orphan web', given);
	expect(dry.stdout).toContain('nothing stops');
});

test('without it the engine does as it sees fit', async () => {
	const {writes} = await run('service rm --yes --detach web', {cluster, facets: {cascades: true}});
	expect(writes).toEqual(['remove service web']);
});

test('an engine that cannot be told says so, before anything is asked (exit 8)', async () => {
	const {code, stderr, writes} = await run('service rm --cascade=background web', {cluster});
	expect([code, writes]).toEqual([8, []]);
	expect(stderr).toContain('has no --cascade');
	expect((await run('service rm --cascade=all web', {cluster})).code).toBe(2);
});

test('of manifests, too', async () => {
	const removed: unknown[] = [];
	const resources = {
		types: async () => [
			{name: 'boats', kind: 'Boat', apiVersion: 'a/v1', namespaced: true, shortNames: [], verbs: ['list']},
		],
		remove: async (...of: readonly unknown[]) => void removed.push(of),
	} as unknown as ResourceFacet;
	const typed = '{"apiVersion":"a/v1","kind":"Boat","metadata":{"name":"one"}}';
	const {code, stderr} = await run('manifest rm --yes --cascade=foreground -f -', {typed, facets: {resources}});
	expect([code, stderr]).toEqual([0, 'boats.a one removed\n']);
	expect(removed).toEqual([[{type: 'boats.a', name: 'one', scope: undefined}, {cascade: 'foreground'}]]);
});
