import {expect, test} from 'vitest';
import type {NamespaceFacet, ResourceFacet, ResourceTable} from '../../../source/core/backend.ts';
import {ClusterError} from '../../../source/core/error.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

const boats = {
	name: 'boats',
	kind: 'Boat',
	apiVersion: 'example.org/v1',
	namespaced: true,
	shortNames: [],
	verbs: ['list'],
};

/** A dashboard on an engine with kinds beyond the model; `rows` is what it lists next. */
async function open() {
	let rows: ResourceTable['rows'] = [
		{id: '1', name: 'one', cells: ['one', '3']},
		{id: '2', name: 'two\u001b[2J', cells: ['two\u001b[2J', '14']},
	];
	let changed = () => {};
	const resources: Partial<ResourceFacet> = {
		types: async () => [boats],
		async table(type) {
			if (type !== 'boats') throw new ClusterError('not-found', `the cluster has no kind ${type}`);
			const columns = [
				{title: 'NAME', wide: false},
				{title: 'SIZE', wide: false},
			];
			return {type: boats, columns, rows};
		},
		describe: async ({type, name}) => [`Name: ${name}`, `Kind: ${type}`],
		watch: async (_, __, told) => {
			changed = told;
			return new Promise(() => {});
		},
	};
	const namespaces: NamespaceFacet = {current: 'shop', list: async () => ['default', 'shop']};
	const cluster = createScriptedCluster([]);
	Object.assign(cluster.facets, {resources, namespaces});
	const harness = await openUi([], {cluster});
	return {
		ui: harness.ui,
		get message() {
			return harness.message;
		},
		get hasLeft() {
			return harness.hasLeft;
		},
		async go(words: string) {
			harness.press(':', ...words, 'enter');
			await harness.advance(100);
		},
		async change(next: ResourceTable['rows']) {
			rows = next;
			changed();
			await harness.advance(100);
		},
		get lines() {
			const {count, at} = harness.ui.text;
			return Array.from({length: count}, (_, index) =>
				at(index)
					.map(span => (typeof span === 'string' ? span : span.text))
					.join('')
					.trimEnd(),
			);
		},
	};
}

test('a kind is shown in the columns of the engine, and kept up to date', async () => {
	const dashboard = await open();
	await dashboard.go('get boats');
	expect(dashboard.lines).toEqual([' NAME  SIZE', ' one   3', ' two   14']);
	await dashboard.change([{id: '3', name: 'three', cells: ['three', '9']}]);
	expect(dashboard.lines).toEqual([' NAME   SIZE', ' three  9']);
	await dashboard.change([]);
	expect(dashboard.lines).toEqual([' No boats here.']);
});

test('one object is described; what is none is said', async () => {
	const dashboard = await open();
	await dashboard.go('get boats one');
	expect(dashboard.lines).toEqual([' Name: one', ' Kind: boats']);
	await dashboard.go('get ships');
	expect(dashboard.lines).toEqual([' the cluster has no kind ships']);
});

test('another namespace is another dashboard', async () => {
	const dashboard = await open();
	await dashboard.go('ns');
	expect([dashboard.message, dashboard.hasLeft]).toEqual(['Shown is the namespace shop.', false]);
	await dashboard.go('ns default');
	expect([dashboard.ui.wish, dashboard.hasLeft]).toEqual([{namespace: 'default'}, true]);
	await dashboard.go('namespace all');
	expect(dashboard.ui.wish).toEqual({allNamespaces: true});
});
