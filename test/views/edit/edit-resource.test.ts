import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import type {Resource} from '../../../source/core/model/index.ts';
import type {FieldConflict, Manifest, ResourceEdit, ResourceFacet} from '../../../source/core/resource/facet.ts';
import {bodyLines} from '../../../source/views/body.ts';
import {noPorts} from '../../../source/views/ports.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {quietWatch} from '../../helpers/scripted-resources.ts';
import {openUi} from '../../helpers/ui.ts';

const type = {
	...{name: 'boats', kind: 'Boat', apiVersion: 'example.org/v1', namespaced: true, shortNames: []},
	verbs: ['list', 'watch'],
};
const boat: Resource = {
	...{kind: 'resource', id: '1', name: 'one', scope: 'shop', type: 'boats.example.org', title: 'Boat', labels: {}},
	...{cells: ['one'], revision: '1', createdAt: 0, updatedAt: 0},
};
const columns = [{title: 'NAME', wide: false, numeric: false}];

/** A dashboard with one boat, and an editor that makes of a text what `writes` says next. */
async function open(writes: ReadonlyArray<(text: string) => string>) {
	let object = {
		...{apiVersion: 'example.org/v1', kind: 'Boat', metadata: {name: 'one', namespace: 'shop'}},
		spec: {sails: 3, colour: 'red'},
	} as Manifest & {spec: object};
	let conflicts: readonly FieldConflict[] = [];
	let refusal: ClusterError | undefined;
	let gone: ClusterError | undefined;
	const done: string[] = [];
	const texts: string[] = [];
	const resources: Partial<ResourceFacet> = {
		types: async () => [type],
		table: async () => ({type, columns, rows: [boat], revision: '1'}),
		watch: (_, __, ___, signal) => quietWatch(signal),
		async document() {
			if (gone !== undefined) throw gone;
			return object;
		},
		conflicts: async () => conflicts,
		async edit(_, edit: ResourceEdit, {force}) {
			if (refusal !== undefined) throw refusal;
			done.push(`${JSON.stringify((edit.edited as Manifest & {spec: object}).spec)}${force ? ' by force' : ''}`);
		},
	};
	const cluster = createScriptedCluster([]);
	Object.assign(cluster.facets, {resources});
	const waiting = [...writes];
	const ports = {
		...noPorts,
		async edit(text: string) {
			texts.push(text);
			return waiting.shift()?.(text) ?? text;
		},
		save: async (name: string) => `/kept/${name}`,
	};
	const harness = await openUi([], {cluster, ports});
	harness.press(':', ...'get boats', 'enter');
	await harness.advance(100);
	return {
		done,
		texts,
		others(spec: object) {
			object = {...object, spec};
		},
		managed(all: readonly FieldConflict[]) {
			conflicts = all;
		},
		refuse(error: ClusterError) {
			refusal = error;
		},
		goes() {
			gone = new ClusterError('not-found', 'boats "one" not found');
		},
		async press(key: string) {
			harness.press(key);
			await harness.advance(0);
			// YAML is loaded on use.
			await import('yaml');
			for (let turn = 0; turn < 5; turn++) await harness.advance(0);
		},
		get message() {
			return harness.message;
		},
		get lines() {
			return bodyLines(harness.ui, {columns: 100, rows: 20}).map(line => line.trim());
		},
	};
}

const fourSails = (text: string) => text.replace('sails: 3', 'sails: 4');

test('a resource is edited whole; what changes is shown, then written', async () => {
	const dashboard = await open([fourSails]);
	await dashboard.press('e');
	expect(dashboard.texts[0]).toContain('# Boat one. Saved and left');
	expect(dashboard.lines).toContain('spec.sails: 3 → 4');
	expect(dashboard.lines.join('\n')).toContain('muster -n shop resource edit boats.example.org one');
	expect(dashboard.done).toEqual([]);
	await dashboard.press('enter');
	expect(dashboard.done).toEqual(['{"sails":4,"colour":"red"}']);
});

test('who else manages what was changed is named before it is taken over', async () => {
	const dashboard = await open([fourSails]);
	dashboard.managed([{field: 'spec.sails', manager: 'harbour-master'}]);
	await dashboard.press('e');
	expect(dashboard.lines.join('\n')).toContain('Managed by harbour-master');
	expect(dashboard.lines.join('\n')).toMatch(/spec\.sails +managed by harbour-master/);
	expect(dashboard.lines.join('\n')).toContain('resource edit boats.example.org --force one');
	await dashboard.press('enter');
	expect(dashboard.done).toEqual(['{"sails":4,"colour":"red"} by force']);
});

test('what others changed meanwhile stays, and what collides is not overwritten', async () => {
	let dashboard = await open([
		text => {
			dashboard.others({sails: 3, colour: 'blue'});
			return fourSails(text);
		},
	]);
	await dashboard.press('e');
	expect(dashboard.lines.join('\n')).toContain('both can stay');
	await dashboard.press('enter');
	await dashboard.press('enter');
	expect(dashboard.done).toEqual(['{"sails":4,"colour":"blue"}']);

	dashboard = await open([
		text => {
			dashboard.others({sails: 9, colour: 'red'});
			return fourSails(text);
		},
	]);
	await dashboard.press('e');
	expect(dashboard.lines.join('\n')).toContain('would take back what others did');
	await dashboard.press('enter');
	expect(dashboard.texts[1]).toContain('# ✗ changed by others meanwhile: spec.sails; you had written 3 → 4');
	expect(dashboard.texts[1]).toContain('sails: 9');
	expect(dashboard.message).toContain('nothing is done; what was written is kept in /kept/Boat-one.yaml');
	expect(dashboard.done).toEqual([]);
});

test('a name cannot be changed, and what the engine refuses is told where it can be mended', async () => {
	const dashboard = await open([
		text => text.replace('name: one', 'name: two'),
		text => fourSails(text.replace('name: two', 'name: one')),
	]);
	dashboard.refuse(new ClusterError('usage', 'spec.sails: at most 3'));
	await dashboard.press('e');
	expect(dashboard.texts[1]).toContain('# ✗ metadata.name cannot be changed: "one" is "two"');
	await dashboard.press('enter');
	expect(dashboard.lines.join('\n')).toContain('spec.sails: at most 3');
});

test('what was written is kept where it has gone meanwhile, in the editor or on the way', async () => {
	const told = '✗ boats "one" not found; what was written is kept in /kept/Boat-one.yaml';
	const early = await open([
		text => {
			early.goes();
			return fourSails(text);
		},
	]);
	await early.press('e');
	expect(early.message).toBe(told);

	const late = await open([fourSails]);
	await late.press('e');
	late.refuse(new ClusterError('conflict', 'it was changed'));
	late.goes();
	await late.press('enter');
	expect(late.message).toBe(told);
});
