import {expect, test} from 'vitest';
import {goTo} from '../../../source/views/navigation/navigation.ts';
import {noPorts} from '../../../source/views/ports.ts';
import {headerLine} from '../../../source/views/widgets/header.ts';
import {aNode, aService} from '../../helpers/objects.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** A dashboard on one namespace; `kept` is what dashboards leave to each other. */
async function open(current: string | undefined, kept: Map<string, string>, columns = 80) {
	const cluster = createScriptedCluster([aNode('n1')]);
	Object.assign(cluster.facets, {namespaces: {current, list: async () => ['default', 'shop', ...'abcdefghij']}});
	const ports = {
		...noPorts,
		recall: (name: string) => kept.get(name),
		keep: (name: string, text: string) => void kept.set(name, text),
	};
	return openUi([], {cluster, ports, size: {columns, rows: 24}});
}

test('a namespace that was chosen keeps its digit in later dashboards', async () => {
	const kept = new Map<string, string>();
	const first = await open('default', kept);
	first.press(':', ...'ns shop', 'enter');
	await first.advance(0);
	expect([first.hasLeft, first.ui.wish]).toEqual([true, {screen: 'services', namespace: 'shop'}]);
	const second = await open('shop', kept);
	second.press(':', ...'ns', 'enter');
	expect(second.message).toBe('Shown is the namespace shop.  0 all  1 default  2 shop');
	second.press('2');
	expect([second.hasLeft, second.message]).toEqual([false, 'The namespace shop is the one shown.']);
	second.press('3');
	expect(second.message).toContain('No namespace has the digit 3 yet');
	second.press('1');
	expect(second.ui.wish).toEqual({screen: 'services', namespace: 'default'});
	const third = await open('default', kept);
	third.press('0');
	expect(third.ui.wish).toEqual({screen: 'services', allNamespaces: true});
});

test('the ninth but one gives its digit to a tenth: the one not used for the longest time', async () => {
	const kept = new Map<string, string>();
	for (const name of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'b', 'j']) {
		const {press, advance} = await open('a', kept);
		press(':', ...`ns ${name}`, 'enter');
		await advance(0);
	}

	const {ui, press} = await open('a', kept);
	press('3');
	expect(ui.wish).toEqual({screen: 'services', namespace: 'j'});
	press('2');
	expect(ui.wish).toEqual({screen: 'services', namespace: 'b'});
});

test.each([
	['svc shop', {screen: 'services', namespace: 'shop'}],
	['svc all', {screen: 'services', allNamespaces: true}],
	['svc -A', {screen: 'services', allNamespaces: true}],
	['svc --all-namespaces -l app=web', {screen: 'services', filter: '-l app=web', allNamespaces: true}],
	['svc -n shop', {screen: 'services', namespace: 'shop'}],
	['svc --namespace=shop we', {screen: 'services', filter: 'we', namespace: 'shop'}],
	['svc -n=default', undefined],
	// Nodes are in none: it is a name to look for.
	['no shop', undefined],
])('a list is looked at in another namespace by :%s', async (typed, expected) => {
	const dashboard = await open('default', new Map());
	dashboard.press(':');
	await dashboard.advance(1);
	dashboard.press(...typed, 'enter');
	await dashboard.advance(0);
	expect(dashboard.ui.wish).toEqual(expected);
});

test('a namespace that is typed and is not there is told, and gets no digit', async () => {
	const kept = new Map<string, string>();
	const dashboard = await open('default', kept);
	dashboard.press(':', ...'ns shpo', 'enter');
	await dashboard.advance(0);
	expect([dashboard.message, dashboard.hasLeft, kept.has('namespaces')]).toEqual([
		'✗ There is no namespace shpo: shop?',
		false,
		false,
	]);
});

test('the header names the namespace, and where there is room the digits of all', async () => {
	const kept = new Map([
		['namespaces', '{"local":[{"name":"default","used":1},{"name":"shop","used":2}],"other":[{"name":1}]}'],
	]);
	const narrow = await open('shop', kept);
	expect(headerLine(narrow.ui)).toContain('ns shop    1 node');
	const wide = await open('shop', kept, 200);
	expect(headerLine(wide.ui)).toContain(`ns shop  0 all  1 default  2 shop`);
	expect(headerLine((await open(undefined, kept)).ui)).toContain('ns all');
});

test('who may not see the nodes is told the namespace and the health of the services', async () => {
	const cluster = createScriptedCluster([
		aService('web', {status: {desired: 2, running: 2, healthy: 1, completed: 0, ports: []}}),
	]);
	Object.assign(cluster.facets, {namespaces: {current: 'shop', list: async () => []}});
	const {ui} = await openUi([], {cluster});
	expect(headerLine(ui)).toContain('ns shop    1/2 healthy');
	expect(headerLine(ui)).not.toContain('node');
});

test('what somebody has written into the file is believed only as far as it can be', async () => {
	const {ui, press} = await open('shop', new Map([['namespaces', '{"local":"x"}']]));
	press('1');
	expect(ui.wish).toBeUndefined();
	expect((await open('shop', new Map([['namespaces', 'no JSON']]))).ui.wish).toBeUndefined();
});

test.each(['troubles', 'pulse', 'map', 'instances', 'nodes'])('a digit works on :%s, and stays there', async screen => {
	const {ui, press} = await open('default', new Map());
	press(':', ...screen, 'enter', '0');
	expect(ui.wish).toEqual({screen, allNamespaces: true});
});

test('a kind of the engine is one that every namespace has', async () => {
	const first = await open('default', new Map());
	const about = {kind: 'resource', id: 'boats', name: 'boats'} as const;
	goTo(first.ui, 'resources', {about});
	first.press('0');
	expect(first.ui.wish).toEqual({screen: 'resources', about, allNamespaces: true});
	const next = await openUi([], {first: {screen: 'resources', about}});
	expect(next.ui.place).toMatchObject({screen: 'resources', about});
});

test('of what is about something, the screen below stays', async () => {
	const {ui, press} = await open('default', new Map());
	press(':', ...'nodes', 'enter', 'd', '0');
	expect(ui.wish).toBeUndefined();
	press('esc', 'enter', '0');
	expect(ui.wish).toEqual({screen: 'nodes', allNamespaces: true});
});
