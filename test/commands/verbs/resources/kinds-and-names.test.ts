import {expect, test} from 'vitest';
import {ClusterError} from '../../../../source/core/error.ts';
import type {Resource} from '../../../../source/core/model/index.ts';
import type {ResourceFacet, ResourceTable, ResourceType} from '../../../../source/core/resource/facet.ts';
import {run} from '../../run.ts';

const typeOf = (name: string, kind: string, categories: readonly string[]): ResourceType => ({
	...{name, kind, apiVersion: 'v1', namespaced: true, shortNames: [], verbs: ['list'], categories},
});
const types = [typeOf('boats', 'Boat', ['all']), typeOf('harbours', 'Harbour', []), typeOf('buoys', 'Buoy', ['all'])];
const rowOf = (type: ResourceType, name: string): Resource => ({
	...{kind: 'resource', id: name, name, scope: 'shop', type: type.name, title: type.kind, labels: {}},
	...{cells: [name], revision: '1', createdAt: 0, updatedAt: 0},
});
const names: Readonly<Record<string, readonly string[]>> = {boats: ['one', 'two'], harbours: ['west']};

async function tableOf(word: string, {name}: {readonly name?: string | undefined}): Promise<ResourceTable> {
	const type = types.find(one => one.name === word);
	if (type === undefined) throw new ClusterError('not-found', `the cluster has no kind ${word}`);
	const rows = (names[word] ?? []).filter(one => name === undefined || one === name).map(one => rowOf(type, one));
	return {type, columns: [{title: 'NAME', wide: false, numeric: false}], rows, revision: '1'};
}

/** An engine with boats and a harbour, and no buoy. */
const resources: Partial<ResourceFacet> = {
	types: async () => types,
	table: tableOf,
	describe: async ({type, name}) => [`${type} ${name}`],
	async readAll(word, {name}) {
		const {type, rows} = await tableOf(word, {name});
		return {type, objects: rows.map(row => ({apiVersion: 'v1', kind: type.kind, metadata: {name: row.name}}))};
	},
};

// Nothing at all was printed, where kubectl says that there is nothing.
test.each([
	['get buoys,buoys', 'There are no buoys, buoys in the namespace shop.\n'],
	['get buoys -o name', 'There are no buoys in the namespace shop.\n'],
	['get buoys,buoys -A', 'There are no buoys, buoys in any namespace.\n'],
	['describe buoys', 'There are no buoys in the namespace shop.\n'],
	// The titles say enough, and so does a list of JSON.
	['get buoys', ''],
	['get buoys,buoys -o json', ''],
	['get boats,buoys', ''],
])('%s of what is not there is told', async (line, expected) => {
	const namespaces = {current: 'shop', list: async () => ['shop']};
	const {stderr, code} = await run(line, {facets: {resources: resources as ResourceFacet, namespaces}});
	expect([stderr, code]).toEqual([expected, 0]);
});

async function printed(line: string): Promise<string> {
	const {stdout, stderr, code} = await run(line, {facets: {resources: resources as ResourceFacet}, edit: text => text});
	return code === 0 ? stdout.trim() : `${code} ${stderr.split('\n')[0]}`;
}

test.each([
	['get boats two', 'NAME\ntwo'],
	['get boats/two boats/one', 'NAME\none\ntwo'],
	['get boats/two harbours/west', 'boats\nNAME\ntwo\n\nharbours\nNAME\nwest'],
	['get boats,harbours', 'boats\nNAME\none\ntwo\n\nharbours\nNAME\nwest'],
	['get all', 'boats\nNAME\none\ntwo'],
	['get boats,harbours -o name', 'boats/one\nboats/two\nharbours/west'],
	[
		'get harbours west -o json',
		'{\n  "apiVersion": "v1",\n  "kind": "Harbour",\n  "metadata": {\n    "name": "west"\n  }\n}',
	],
	['get harbours west -o yaml', 'apiVersion: v1\nkind: Harbour\nmetadata:\n  name: west'],
	['get harbours -o yaml', '- apiVersion: v1\n  kind: Harbour\n  metadata:\n    name: west'],
	['get boats/one --selector app=web', 'NAME\none'],
	[
		'get boats/two harbours/west -o ndjson',
		'{"apiVersion":"v1","kind":"Boat","metadata":{"name":"two"}}\n{"apiVersion":"v1","kind":"Harbour","metadata":{"name":"west"}}',
	],
	['get boats,ships', '3 muster get: The cluster has no kind ships.'],
	['get boats/two west', '2 muster get: "west" is not possible here: each is KIND/NAME where the first one is.'],
	['get boats harbours/west', '2 muster get: "harbours/west" is not possible here: boats stands before it.'],
	['get boats,harbours -w', '2 muster get: --watch follows one kind at a time.'],
	['get boats nope -o json', '3 muster get: There is no Boat "nope".'],
	['describe boats/two harbours/west', 'boats two\n\nharbours west'],
	['describe boats', 'boats one\n\nboats two'],
	['describe buoys', ''],
	['edit boats/one harbours/west', '2 muster edit: One is edited at a time.'],
	['edit boats', '2 muster edit: NAME is missing.'],
	['resource rm boats', '2 muster resource rm: NAME is missing.'],
	['resource rm --yes boats/one harbours/east', '3 muster resource rm: There is no Harbour "east".'],
])('%s', async (line, expected) => {
	expect(await printed(line)).toBe(expected);
});
