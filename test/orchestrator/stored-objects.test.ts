import {describe, expect, test} from 'vitest';
import type {Patch} from '../../source/core/backend.ts';
import {toClusterError} from '../../source/core/error.ts';
import type {ServiceSpec} from '../../source/core/model/index.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

function open() {
	const clock = createManualClock();
	const cluster = createSimulatedCluster({seed: 7, clock});
	const {orchestrator, store} = cluster;
	const file = (kind: 'config' | 'secret', name: string, data: string, create = false) =>
		orchestrator.applyStored({kind, name}, {data: {data}}, {create});
	const service = (name: string, template: Patch<ServiceSpec['template']>, replicas = 2) =>
		orchestrator.applyService(
			{kind: 'service', name},
			{replicas, template: {image: 'exec:/bin/x', ...template}},
			{create: true},
		);
	/** What each running instance of a service has been given, by the nodes that hold it. */
	const given = (name: string) => {
		const {id = ''} = store.byName('service', name) ?? {};
		return [...store.instancesOfService(id)]
			.filter(({status, desired}) => status.state === 'running' && desired === 'running')
			.map(instance =>
				cluster
					.filesOf(instance.id)
					?.map(({source, version, base64}) => `${source} ${version} ${Buffer.from(base64, 'base64')}`)
					.join(', '),
			);
	};
	const turn = (ms: number) => {
		for (let passed = 0; passed < ms; passed += 20) clock.advance(20);
	};
	return {orchestrator, store, cluster, file, service, given, turn};
}

function refusal(run: () => unknown): string {
	try {
		run();
		return 'done';
	} catch (error) {
		const {code, message} = toClusterError(error);
		return `${code}: ${message}`;
	}
}

test('a service is given the newest version, and a later one by an update that a rollback takes back', () => {
	const {orchestrator, store, file, service, given, turn} = open();
	file('config', 'app', 'one', true);
	expect(service('web', {configs: [{source: 'app'}]}).spec.template.configs).toEqual([{source: 'app', version: 1}]);
	turn(5000);
	expect(given('web')).toEqual(['app 1 one', 'app 1 one']);
	file('config', 'app', 'two');
	expect(store.byName('service', 'web')).toMatchObject({version: 2, rollout: {state: 'updating'}});
	turn(20_000);
	expect(given('web')).toEqual(['app 2 two', 'app 2 two']);
	orchestrator.applyService({kind: 'service', name: 'web'}, {template: {configs: [{source: 'app', version: 1}]}}, {});
	turn(20_000);
	expect(given('web')).toEqual(['app 1 one', 'app 1 one']);
	// Held back on purpose: what comes next is not for it.
	file('config', 'app', 'three');
	turn(20_000);
	expect(given('web')).toEqual(['app 1 one', 'app 1 one']);
	expect([...store.all('event')].at(-1)?.message).toBe(
		'to version 3: no service is updated; web went back to an older one, and stays there',
	);
	orchestrator.applyService({kind: 'service', name: 'web'}, {template: {configs: [{source: 'app'}]}}, {});
	turn(20_000);
	expect(given('web')).toEqual(['app 3 three', 'app 3 three']);
});

test('the same content again is no version; a label changes nothing', () => {
	const {orchestrator, store, file, service} = open();
	file('config', 'app', 'one', true);
	service('web', {configs: [{source: 'app'}]});
	file('config', 'app', 'one');
	orchestrator.applyStored({kind: 'config', name: 'app'}, {labels: {a: 'b'}}, {});
	expect(store.byName('config', 'app')).toMatchObject({version: 1, spec: {labels: {a: 'b'}, data: {data: 'one'}}});
	expect(store.byName('service', 'web')?.version).toBe(1);
});

test('with a signal or none nothing is restarted, and everybody gets the new file', () => {
	const {store, file, service, given, turn} = open();
	file('secret', 'key', 'one', true);
	service('web', {secrets: [{source: 'key', onChange: 'SIGHUP'}]});
	turn(5000);
	const before = [...store.all('instance')].map(({id}) => id);
	file('secret', 'key', 'two');
	turn(1000);
	expect(given('web')).toEqual(['key 2 two', 'key 2 two']);
	expect([...store.all('instance')].map(({id}) => id)).toEqual(before);
	expect(store.byName('service', 'web')?.version).toBe(1);
});

test('an agent that comes back is told again', () => {
	const {cluster, file, service, given, turn, store} = open();
	file('secret', 'key', 'one', true);
	service('web', {secrets: [{source: 'key', onChange: 'none'}]}, 1);
	turn(5000);
	const [instance] = [...store.all('instance')];
	cluster.machine.nodes.find(({id}) => id === instance?.nodeId)?.agentExits();
	file('secret', 'key', 'two');
	turn(5000);
	expect(given('web')).toEqual(['key 2 two']);
});

test('what is used cannot be removed; who uses it is told, until it is gone', () => {
	const {orchestrator, store, file, service, turn} = open();
	file('secret', 'key', 'x', true);
	orchestrator.applyStored({kind: 'network', name: 'back'}, {}, {create: true});
	service('web', {
		secrets: [{source: 'key'}],
		networks: [{network: 'back'}],
		mounts: [{type: 'volume', source: 'data', target: 'd'}],
	});
	service('api', {networks: [{network: 'back'}]});
	const usedBy = () =>
		(['secret', 'network', 'volume'] as const).map(kind =>
			[...store.all(kind)].map(object => `${object.name}: ${object.usedBy}`).join(),
		);
	expect(usedBy()).toEqual(['key: web', 'back: api,web', 'data: web']);
	expect(refusal(() => orchestrator.remove({kind: 'volume', name: 'data'}, {}))).toBe(
		'conflict: The volume data is used by web.',
	);
	orchestrator.applyService({kind: 'service', name: 'web'}, {template: {mounts: []}}, {});
	expect(usedBy()).toEqual(['key: web', 'back: api,web', 'data: ']);
	orchestrator.remove({kind: 'service', name: 'web'}, {});
	expect(refusal(() => orchestrator.remove({kind: 'secret', name: 'key'}, {}))).toBe(
		'conflict: The secret key is used by web.',
	);
	turn(20_000);
	expect(usedBy()).toEqual(['key: ', 'back: api', 'data: ']);
	orchestrator.remove({kind: 'secret', name: 'key'}, {});
	orchestrator.remove({kind: 'volume', name: 'data'}, {});
	expect([...store.all('file-version')]).toEqual([]);
	expect(refusal(() => orchestrator.remove({kind: 'secret', name: 'key'}, {}))).toBe(
		'not-found: There is no secret named key.',
	);
});

test('versions are kept while anybody names them, and ten besides', () => {
	const {store, file, service, orchestrator} = open();
	file('config', 'app', '1', true);
	service('old', {configs: [{source: 'app'}]});
	orchestrator.applyService(
		{kind: 'service', name: 'old'},
		{template: {configs: [{source: 'app', onChange: 'none', version: 1}]}},
		{},
	);
	for (let count = 2; count <= 14; count++) file('config', 'app', String(count));
	expect([...store.all('file-version')].map(({version}) => version).sort((a, b) => a - b)).toEqual([
		1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	]);
});

describe('refused, and nothing is changed:', () => {
	const check = (name: string, run: (cluster: ReturnType<typeof open>) => unknown, expected: string) =>
		test(name, () => {
			const cluster = open();
			cluster.file('config', 'app', 'x', true);
			const {revision} = cluster.store;
			expect(refusal(() => run(cluster))).toBe(expected);
			expect(cluster.store.revision).toBe(revision);
		});
	check(
		'a secret that is not there',
		({service}) => service('web', {secrets: [{source: 'ap'}]}),
		'not-found: There is no secret named ap.',
	);
	check(
		'a version that is not there',
		({service}) => service('web', {configs: [{source: 'app', version: 3}]}),
		'not-found: There is no version 3 of the config app.',
	);
	check(
		'a variable of what is not given',
		({service}) => service('web', {env: {A: '{{config "app"}}'}}),
		'usage: The variable A names the config app, which is not given.',
	);
	check(
		'a config without content',
		({orchestrator}) => orchestrator.applyStored({kind: 'config', name: 'b'}, {}, {create: true}),
		'usage: spec.data: must be an object, found nothing',
	);
	check(
		'a secret without content',
		({orchestrator}) => orchestrator.applyStored({kind: 'secret', name: 'b'}, {}, {create: true}),
		'usage: spec.data.data: must be text or base64, found nothing',
	);
	check(
		'another member',
		({orchestrator}) => orchestrator.applyStored({kind: 'volume', name: 'b'}, {colour: 'red'} as never, {create: true}),
		'usage: spec: has an unknown member "colour"; known are labels',
	);
	for (const [member, value, expected] of [
		['driver', 'nfs', "--driver: volumes here are muster's own folders, of containers, too, and no driver makes them"],
		['options', {a: 'b'}, "--opt: volumes here are muster's own folders, and no driver makes them"],
		['sizeBytes', 5, '--size: volumes here are folders, which are as large as their disk'],
		['storageClass', 'fast', '--storage-class: volumes here are folders, all of one class'],
	] as const) {
		check(
			`a volume with ${member}`,
			({orchestrator}) => orchestrator.applyStored({kind: 'volume', name: 'b'}, {[member]: value}, {create: true}),
			`unsupported: ${expected}`,
		);
	}

	check(
		'a volume on a node',
		({orchestrator}) => orchestrator.applyStored({kind: 'volume', name: 'b'}, {node: 'n1'}, {create: true}),
		'unsupported: --node: volumes here lie on no node: all instances share them, wherever they run',
	);
	check(
		'a name that is none',
		({orchestrator}) => orchestrator.applyStored({kind: 'volume', name: '../x'}, {}, {create: true}),
		'usage: name: must be a name of a-z, 0-9 and "-" that begins and ends with a letter or digit of at most 63 characters, found "../x"',
	);
	check(
		'no base64',
		({orchestrator}) =>
			orchestrator.applyStored({kind: 'config', name: 'b'}, {data: {data: {base64: '*'}}}, {create: true}),
		'usage: spec.data.data.base64: must be base64 of at most 1398104 characters, found "*"',
	);
	// A refusal does not repeat what it was given.
	check(
		'too much',
		({file}) => file('config', 'b', 'x'.repeat(1_048_577), true).id,
		`usage: spec.data.data: must be text of at most 1048576 characters, found "${'x'.repeat(58)}…`,
	);
});
