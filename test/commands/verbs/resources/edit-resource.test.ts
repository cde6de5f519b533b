import {expect, test} from 'vitest';
import {ClusterError} from '../../../../source/core/error.ts';
import type {Resource} from '../../../../source/core/model/index.ts';
import type {FieldConflict, Manifest, ResourceFacet} from '../../../../source/core/resource/facet.ts';
import {type Given, run} from '../../run.ts';

const type = {
	...{name: 'boats', kind: 'Boat', apiVersion: 'example.org/v1', namespaced: true, shortNames: []},
	verbs: ['list'],
};
const boat: Resource = {
	...{kind: 'resource', id: '1', name: 'one', scope: 'shop', type: 'boats.example.org', title: 'Boat', labels: {}},
	...{cells: ['one'], revision: '1', createdAt: 0, updatedAt: 0},
};
const object = {
	...{apiVersion: 'example.org/v1', kind: 'Boat', metadata: {name: 'one', namespace: 'shop'}},
	spec: {sails: 3, colour: 'red'},
} as Manifest;

type Faults = {
	readonly conflicts?: readonly FieldConflict[];
	/** What it is when it is looked at again; undefined: it has gone. */
	readonly later?: Manifest | undefined;
	readonly failure?: ClusterError;
};

/** An engine with one boat; `done` is what was written. */
function boats(done: string[], {conflicts = [], failure, ...more}: Faults = {}): Partial<Given> {
	const later = 'later' in more ? more.later : object;
	let reads = 0;
	const resources: Partial<ResourceFacet> = {
		table: async (_, {name}) => ({type, columns: [], rows: name === 'one' ? [boat] : [], revision: '1'}),
		async document() {
			if (reads++ === 0) return object;
			if (later === undefined) throw new ClusterError('not-found', 'boats "one" not found');
			return later;
		},
		conflicts: async () => conflicts,
		async edit(_, {edited}, {force}) {
			if (failure !== undefined) throw failure;
			done.push(`${JSON.stringify((edited as Manifest & {spec: object}).spec)}${force ? ' by force' : ''}`);
		},
	};
	return {facets: {resources: resources as ResourceFacet}};
}

const edit = (text: string) => text.replace('sails: 3', 'sails: 4');
const autoscaled = [{field: 'spec.sails', manager: 'harbour-master'}];

test('what was changed in the editor is written and recorded', async () => {
	const done: string[] = [];
	const {code, journal} = await run('edit boats one', {...boats(done), edit});
	expect([code, done]).toEqual([0, ['{"sails":4,"colour":"red"}']]);
	expect(journal).toEqual(['ann: muster -n shop resource edit boats.example.org one']);
});

test('left as it was, nothing is done; a dry run tells what would change', async () => {
	const done: string[] = [];
	const left = await run('edit boats one', {...boats(done), edit: text => text});
	expect([left.code, left.stderr]).toEqual([0, 'one: left as it was, nothing is done\n']);
	const dry = await run('edit --dry-run boats one', {...boats(done), edit});
	expect([dry.code, dry.stdout.split('\n')[0], done]).toEqual([0, 'spec.sails: 3 → 4', []]);
});

test('who manages what was changed is named (exit 4), and taken over with --force only', async () => {
	const done: string[] = [];
	const refused = await run('edit boats one', {...boats(done, {conflicts: autoscaled}), edit});
	expect([refused.code, done]).toEqual([4, []]);
	expect(refused.stderr).toContain('Boat one: spec.sails is managed by harbour-master');
	const forced = await run('edit --force boats one', {...boats(done, {conflicts: autoscaled}), edit});
	expect([forced.code, done]).toEqual([0, ['{"sails":4,"colour":"red"} by force']]);
});

test('others’ changes stay beside one’s own; of the same place they are not overwritten', async () => {
	const done: string[] = [];
	const beside = {...object, spec: {sails: 3, colour: 'blue'}} as Manifest;
	await run('edit boats one', {...boats(done, {later: beside}), edit});
	expect(done).toEqual(['{"sails":4,"colour":"blue"}']);
	const against = {...object, spec: {sails: 9, colour: 'red'}} as Manifest;
	const {code, stderr} = await run('edit boats one', {...boats(done, {later: against}), edit});
	expect([code, done.length]).toEqual([4, 1]);
	expect(stderr).toContain('hanged by others meanwhile: spec.sails; you had written 3 → 4');
});

test('at a terminal it is opened again with what is wrong on top; left so, that is the answer', async () => {
	const texts: string[] = [];
	const bad = (text: string) => {
		texts.push(text);
		return texts.length === 1 ? text.replace('kind: Boat', 'kind: Ship') : text;
	};
	const {code, stderr} = await run('edit boats one', {...boats([]), edit: bad, answer: ''});
	expect(texts[1]?.split('\n')[0]).toBe('# ✗ kind cannot be changed: "Boat" is "Ship"');
	expect([code, stderr]).toEqual([2, expect.stringContaining('ind cannot be changed')]);
});

test('what is not there is said before an editor opens', async () => {
	const {code, stderr} = await run('edit boats two', {...boats([]), edit: () => 'never'});
	expect([code, stderr]).toEqual([3, expect.stringContaining('here is no Boat "two"')]);
});

test.each([
	['it has gone meanwhile', {later: undefined}, edit, 3],
	['the engine cannot be reached any more', {failure: new ClusterError('unreachable', 'no way')}, edit, 5],
	['it cannot be read', {}, (text: string) => `${text}\n]`, 2],
] as const)('what was written is kept: %s', async (_, faults, made, code) => {
	const written: Record<string, string> = {};
	const ran = await run('edit boats one', {...boats([], faults), edit: made, written});
	expect(ran.code).toBe(code);
	const [file = '', text] = Object.entries(written)[0] ?? [];
	expect(ran.stderr).toContain(`What was written is kept in ${file}.`);
	expect(file).toMatch(/^\/tmp\/muster-edit-one-\d+\.yaml$/);
	expect(text).toBe(made(text?.replace('sails: 4', 'sails: 3').replace(/\n\]$/, '') ?? ''));
});
