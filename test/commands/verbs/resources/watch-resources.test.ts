import {expect, test} from 'vitest';
import type {Change} from '../../../../source/core/backend.ts';
import {ClusterError} from '../../../../source/core/error.ts';
import type {ResourceFacet} from '../../../../source/core/resource/facet.ts';
import {aBoat, boats} from '../../../helpers/scripted-resources.ts';
import {run} from '../../run.ts';

const lost = new ClusterError('unreachable', 'it broke the connection');

/** Boats that change while nobody hears of it: each stream breaks at once. It is stopped in the last one, which does not. */
function breaking(fleets: ReadonlyArray<readonly string[]>, stop: AbortController) {
	let lists = 0;
	let streams = 0;
	let reads = 0;
	const now = () => fleets[Math.min(lists, fleets.length) - 1] ?? [];
	return {
		async table() {
			lists++;
			const columns = [{title: 'NAME', wide: false, numeric: false}];
			return {type: boats, columns, rows: now().map(name => aBoat(name, [])), revision: String(lists)};
		},
		async *watch(_, __, since): AsyncGenerator<Change<'resource'>> {
			streams++;
			yield {type: 'bookmark', revision: since};
			if (streams < fleets.length) throw lost;
			stop.abort();
		},
		async read({name}) {
			// Its connection, too, may break.
			if (name === 'two' && reads++ === 0) throw lost;
			if (name === 'sunk') throw new ClusterError('not-found', 'it has gone meanwhile');
			return {kind: 'Boat', metadata: {name}};
		},
	} satisfies Partial<ResourceFacet>;
}

function watch(line: string, fleets: ReadonlyArray<readonly string[]>) {
	const stop = new AbortController();
	const resources: Partial<ResourceFacet> = breaking(fleets, stop);
	return run(line, {facets: {resources: resources as ResourceFacet}, interrupted: stop.signal});
}

test('a table is watched on when its stream has broken, and what was missed is seen', async () => {
	const {code, stdout, stderr} = await watch('get boats --watch --no-headers', [['one'], ['one', 'two']]);
	expect([code, stdout, stderr]).toEqual([130, 'one\n\none\ntwo\n', '']);
});

test('as lines of JSON, each change is a line: what was missed, what has gone', async () => {
	const {code, stdout} = await watch('get boats --watch -o ndjson', [['one'], ['two', 'sunk']]);
	expect(code).toBe(130);
	expect(
		stdout
			.trim()
			.split('\n')
			.map(line => JSON.parse(line)),
	).toEqual([
		{kind: 'Boat', metadata: {name: 'one'}},
		{kind: 'Boat', metadata: {name: 'one', namespace: 'shop', uid: 'one'}, removed: true},
		{kind: 'Boat', metadata: {name: 'two'}},
	]);
});

test('whole lists of JSON one after the other would be none; who is not there is not waited for', async () => {
	const json = await watch('get boats --watch -o json', [['one']]);
	expect([json.code, json.stderr]).toEqual([2, expect.stringContaining('use -o ndjson')]);
	const missing = await watch('get boats three --watch', [['one']]);
	expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('here is no Boat "three"')]);
});
