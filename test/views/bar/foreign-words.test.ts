import {expect, test} from 'vitest';
import type {ResourceFacet, ResourceType} from '../../../source/core/resource/facet.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {quietWatch} from '../../helpers/scripted-resources.ts';
import {openUi, type UiHarness} from '../../helpers/ui.ts';

// What hands have learnt in other tools does the same here, or it is said what does.

const text = 'node n1 · service web replicas 1 · instance web.1 on n1 running';

const kind = (name: string, one: string, ...shortNames: string[]): ResourceType => ({
	name,
	kind: one,
	apiVersion: 'v1',
	namespaced: true,
	shortNames,
	verbs: ['list'],
});

const resources: ResourceFacet = {
	types: async () => [kind('statefulsets', 'StatefulSet', 'sts'), kind('pods', 'Pod', 'po'), kind('widgets', 'Widget')],
	table: async word => ({type: kind(word, word), columns: [], rows: [], revision: '1'}),
	describe: async () => [],
	watch: (_, __, ___, signal) => quietWatch(signal),
} as Partial<ResourceFacet> as ResourceFacet;

async function open(hasKinds = false): Promise<UiHarness> {
	const {services, nodes, instances} = readCluster(text);
	const cluster = createScriptedCluster([...services, ...nodes, ...instances], hasKinds ? {resources} : {});
	return openUi([], {cluster});
}

/** A word in the command bar → the screen that is shown then, or what is said and the bar stays. */
function check(word: string, expected: string, {hasKinds = false} = {}) {
	test(`:${word}${hasKinds ? ' where the engine has kinds of its own' : ''}`, async () => {
		const harness = await open(hasKinds);
		harness.press(':');
		await harness.advance(1);
		harness.press(...word);
		const said = harness.message.replace(/\s{2,}/g, ' | ');
		harness.press('enter');
		expect(harness.ui.state.overlay === undefined ? `→ ${harness.ui.screen.id}` : said).toBe(expected);
	});
}

check('po', '→ instances');
check('pods', '→ instances');
check('deploy', '→ services');
check('dp', '→ services');
check('sts', '→ services');
check('cm', '→ configs');
check('pvc', '→ volumes');
check('pulses', '→ pulse');
check('xray', '→ tree');
check('popeye', '→ troubles');
check('aliases', '→ help');
check('ns', ':ns▏ | ns: local has no namespaces');
check('hpa', '→ autoscalers');
// It said that no screen is called so, and meant another one.
check('resources', ':resources▏ | local has no resources');
check('bogus', ':bogus▏ | no screen is called bogus: logs?');
check('sts', '→ services', {hasKinds: true});
check('get sts', '→ resources', {hasKinds: true});
check('widget', '→ resources', {hasKinds: true});
check('pods', '→ instances', {hasKinds: true});
check('deploy', '→ services', {hasKinds: true});

test.each([
	['sts', ['db']],
	['svc deployment', ['web']],
])('services of one kind: %s', async (word, expected) => {
	const {services} = readCluster(
		'node n1 · service web replicas 1 kind deployment\nservice db replicas 1 kind statefulset',
	);
	const harness = await openUi([], {cluster: createScriptedCluster(services, {resources})});
	harness.press(':');
	await harness.advance(1);
	harness.press(...word, 'enter');
	await harness.advance(1);
	expect(harness.ui.listing.objects.map(({name}) => name)).toEqual(expected);
});

/** A key that does nothing → what is said. */
function checkKey(keys: string, expected: string) {
	test(`the key ${keys}`, async () => {
		const harness = await open();
		harness.press(...keys.split(' '));
		expect(harness.message.replace(/\s{2,}.*/, '')).toBe(expected);
	});
}

checkKey('r', 'r is no key here · R is restart · ? shows all');
checkKey('i', 'i is no key here · u on a service changes its image · ? shows all');
checkKey('ctrl-r', 'ctrl-r is no key here · what is shown is live; ctrl-l draws it again · ? shows all');
checkKey('K', 'K is no key here · k is up · ? shows all');
checkKey('0', '0: local has no namespaces.');
checkKey('~', '~ is no key here · ? shows all');

test('p on an instance shows the run before, or says that there is none', async () => {
	const harness = await open();
	harness.press(':', 'p', 'o', 'enter', 'p');
	await harness.advance(1);
	expect([harness.ui.screen.id, harness.message.replace(/\s{2,}.*/, '')]).toEqual([
		'logs',
		'No run of web.1 before is kept.',
	]);
});

test('0 shows every namespace', async () => {
	const {services} = readCluster(text);
	const namespaces = {current: 'default', list: async () => ['default']};
	const cluster = createScriptedCluster(services, {namespaces} as never);
	const harness = await openUi([], {cluster});
	harness.press('0');
	expect([harness.hasLeft, harness.ui.wish]).toEqual([true, {allNamespaces: true, screen: 'services'}]);
});
