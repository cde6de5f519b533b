import {describe, expect, test} from 'vitest';
import type {RawServiceSpec} from '../../../../source/backends/swarm/api-types.ts';
import type {Names} from '../../../../source/backends/swarm/translate/attachments.ts';
import {namesIn} from '../../../../source/backends/swarm/translate/names.ts';
import {templateVersion} from '../../../../source/backends/swarm/translate/template-version.ts';
import {toServiceSpec} from '../../../../source/backends/swarm/translate/translate-service.ts';
import {emptyService, writeService} from '../../../../source/backends/swarm/write/write-service.ts';
import type {Patch} from '../../../../source/core/backend.ts';
import {toClusterError} from '../../../../source/core/error.ts';
import type {ContainerOptions, ServiceSpec} from '../../../../source/core/model/index.ts';
import {checkServiceSpec, serviceSpec} from '../../../../source/core/spec/service-spec.ts';

const meta = {Version: {Index: 1}, CreatedAt: '', UpdatedAt: ''};
const names: Names = namesIn({
	networks: [{Id: 'net1', Name: 'backend', Scope: 'swarm'}],
	configs: [
		{ID: 'c1', ...meta, Spec: {Name: 'app'}},
		{ID: 'c2', ...meta, Spec: {Name: 'app.v2', Labels: {'muster.of': 'app'}}},
	],
	secrets: [{ID: 's1', ...meta, Spec: {Name: 'key'}}],
});

function write(raw: RawServiceSpec, patch: Patch<ServiceSpec>, api = 'v1.52'): RawServiceSpec {
	const before = toServiceSpec(raw, names);
	return writeService(raw, before, serviceSpec(patch, before), {names, api});
}

function changed(before: unknown, after: unknown, path = ''): string[] {
	if (JSON.stringify(before) === JSON.stringify(after)) return [];
	if (
		typeof before !== 'object' ||
		typeof after !== 'object' ||
		before === null ||
		after === null ||
		Array.isArray(after)
	) {
		return [`${path} ${JSON.stringify(before) ?? 'none'} → ${JSON.stringify(after) ?? 'none'}`];
	}

	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return keys.flatMap(key =>
		changed((before as Record<string, unknown>)[key], (after as Record<string, unknown>)[key], `${path}.${key}`),
	);
}

const rich: RawServiceSpec = {
	Name: 'web',
	Labels: {tier: 'front'},
	Mode: {Replicated: {Replicas: 3}},
	TaskTemplate: {
		ContainerSpec: {
			Image: 'nginx:1@sha256:abc',
			Args: ['-x'],
			Env: ['A=1', 'GONE'],
			Hosts: ['10.0.0.1 db'],
			Mounts: [{Type: 'npipe', Target: '/p'}],
		},
		Resources: {Limits: {NanoCPUs: 5e8, MemoryBytes: 1 << 26, Pids: 10}},
		Networks: [{Target: 'net1', Aliases: ['w'], DriverOpts: {a: 'b'}}],
		Placement: {Constraints: ['node.hostname==n1'], Platforms: [{OS: 'linux'}]},
		LogDriver: {Name: 'json-file'},
	},
	EndpointSpec: {Mode: 'dnsrr', Ports: [{Protocol: 'udp', TargetPort: 53, PublishedPort: 53, PublishMode: 'host'}]},
};

describe('a change writes what it names, and nothing else', () => {
	function check(name: string, patch: Patch<ServiceSpec>, ...expected: string[]): void {
		test(name, () => {
			expect(changed(rich, write(rich, patch))).toEqual(expected);
		});
	}

	check('nothing', {});
	check('replicas', {replicas: 5}, '.Mode.Replicated.Replicas 3 → 5');
	check('a label', {labels: {a: 'b'}}, '.Labels.a none → "b"');
	check(
		'an image',
		{template: {image: 'docker:nginx:2'}},
		'.TaskTemplate.ContainerSpec.Image "nginx:1@sha256:abc" → "nginx:2"',
	);
	check(
		'a variable; one that takes one away from the image stays',
		{template: {env: {B: '2', A: null}}},
		'.TaskTemplate.ContainerSpec.Env ["A=1","GONE"] → ["GONE","B=2"]',
	);
	check(
		'a limit, beside what core does not know',
		{template: {limit: {cpus: 1}}},
		'.TaskTemplate.Resources.Limits.NanoCPUs 500000000 → 1000000000',
	);
	check(
		'a constraint, in words of Swarm',
		{placement: {constraints: ['node.name==n2']}},
		'.TaskTemplate.Placement.Constraints ["node.hostname==n1"] → ["node.hostname==n2"]',
		'.TaskTemplate.Placement.MaxReplicas none → 0',
		'.TaskTemplate.Placement.Preferences none → []',
	);
	check(
		'a config is given in its newest version',
		{template: {configs: [{source: 'app', target: '/etc/app'}]}},
		'.TaskTemplate.ContainerSpec.Configs none → [{"File":{"Name":"/etc/app","UID":"0","GID":"0","Mode":292},"ConfigID":"c2","ConfigName":"app.v2"}]',
	);
	check(
		'a mount, beside one of a type of its own',
		{template: {mounts: [{type: 'volume', source: 'data', target: '/data', perSlot: true}]}},
		'.TaskTemplate.ContainerSpec.Mounts [{"Type":"npipe","Target":"/p"}] → [{"Type":"npipe","Target":"/p"},{"Type":"volume","Source":"data-{{.Task.Slot}}","Target":"/data"}]',
	);
});

const everyOption: ContainerOptions = {
	labels: {inner: '1'},
	hostname: 'h',
	hosts: ['db:10.0.0.1', 'six:::1'],
	dns: ['10.0.0.53'],
	dnsSearch: ['lan'],
	dnsOptions: ['ndots:1'],
	entrypoint: ['/entry'],
	init: false,
	groups: ['g'],
	readOnly: true,
	oomScoreAdj: 5,
	swapBytes: -1,
	swappiness: 0,
	capAdd: ['CAP_NET_ADMIN'],
	capDrop: ['CAP_CHOWN'],
	sysctls: {'net.core.somaxconn': '1024'},
	ulimits: {nofile: {soft: 1, hard: 2}},
	isolation: 'hyperv',
	credentialSpec: 'config://app',
	log: {driver: 'syslog', options: {tag: 'a'}},
	noHealthcheck: true,
};

describe("one of docker's rarer options", () => {
	const container = 'TaskTemplate.ContainerSpec';
	function check(name: keyof ContainerOptions, patch: unknown, ...expected: string[]): void {
		test(`${name}: ${JSON.stringify(patch)}`, () => {
			const written = write(rich, {template: {container: {[name]: patch}}} as Patch<ServiceSpec>);
			expect(changed(rich, written)).toEqual(expected);
			// Given and taken back, it is as it was.
			const gone = write(written, {template: {container: {[name]: null}}});
			const was = write(rich, {template: {container: {[name]: null}}});
			expect(toServiceSpec(gone, names)).toEqual(toServiceSpec(was, names));
		});
	}

	check('labels', {a: 'b'}, `.${container}.Labels none → {"a":"b"}`);
	check('hostname', 'h', `.${container}.Hostname none → "h"`);
	check('hosts', ['db:10.0.0.2', 'x:::1'], `.${container}.Hosts ["10.0.0.1 db"] → ["10.0.0.2 db","::1 x"]`);
	check('dns', ['10.0.0.53'], `.${container}.DNSConfig none → {"Nameservers":["10.0.0.53"]}`);
	check('dnsSearch', ['lan'], `.${container}.DNSConfig none → {"Search":["lan"]}`);
	check('dnsOptions', ['ndots:2'], `.${container}.DNSConfig none → {"Options":["ndots:2"]}`);
	check('entrypoint', ['sh', '-c'], `.${container}.Command none → ["sh","-c"]`);
	check('init', true, `.${container}.Init none → true`);
	check('groups', ['5'], `.${container}.Groups none → ["5"]`);
	check('readOnly', true, `.${container}.ReadOnly none → true`);
	check('oomScoreAdj', -5, `.${container}.OomScoreAdj none → -5`);
	check('swappiness', 5, '.TaskTemplate.Resources.MemorySwappiness none → 5');
	check('capAdd', ['CAP_KILL'], `.${container}.CapabilityAdd none → ["CAP_KILL"]`);
	check('capDrop', ['ALL'], `.${container}.CapabilityDrop none → ["ALL"]`);
	check('sysctls', {'a.b': '1'}, `.${container}.Sysctls none → {"a.b":"1"}`);
	check('ulimits', {core: {soft: -1, hard: -1}}, `.${container}.Ulimits none → [{"Name":"core","Soft":-1,"Hard":-1}]`);
	check('isolation', 'process', `.${container}.Isolation none → "process"`);
	check(
		'credentialSpec',
		'config://app',
		`.${container}.Configs none → [{"ConfigID":"c2","ConfigName":"app.v2","Runtime":{}}]`,
		`.${container}.Privileges none → {"CredentialSpec":{"Config":"c2"}}`,
	);
	check('credentialSpec', 'file://a', `.${container}.Privileges none → {"CredentialSpec":{"File":"a"}}`);
	check('log', {driver: 'local'}, '.TaskTemplate.LogDriver.Name "json-file" → "local"');
	check('noHealthcheck', true, `.${container}.Healthcheck none → {"Test":["NONE"]}`);
});

test('generic resources and a limit of processes are beside the others', () => {
	const given = write(rich, {template: {reserve: {generic: {gpu: 2}}, limit: {pids: 20}}});
	expect(changed(rich, given)).toEqual([
		'.TaskTemplate.Resources.Limits.Pids 10 → 20',
		'.TaskTemplate.Resources.Reservations none → {"NanoCPUs":0,"MemoryBytes":0,"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":2}}]}',
	]);
	const named = {NamedResourceSpec: {Kind: 'gpu', Value: 'a'}};
	given.TaskTemplate.Resources?.Reservations?.GenericResources?.push(named);
	const gone = write(given, {template: {reserve: {generic: {gpu: null}}, limit: {pids: null}}});
	expect(gone.TaskTemplate.Resources).toMatchObject({Limits: {Pids: 0}, Reservations: {GenericResources: [named]}});
	expect(toServiceSpec(gone, names).template).toMatchObject({reserve: {cpus: 0, memoryBytes: 0}});
	expect(toServiceSpec(gone, names).template.limit.pids).toBeUndefined();
});

test('a check of the service takes the place of none', () => {
	const none = write(rich, {template: {container: {noHealthcheck: true}}});
	const checked = write(none, {template: {health: {test: {type: 'tcp', port: 80}}, container: {noHealthcheck: null}}});
	expect(toServiceSpec(checked, names).template).toMatchObject({health: {test: {type: 'tcp', port: 80}}});
	const again = write(checked, {template: {health: null, container: {noHealthcheck: true}}});
	expect(again.TaskTemplate.ContainerSpec?.Healthcheck).toEqual({Test: ['NONE']});
});

// Each of docker's rarer options is in here.
test('what a change does not name survives it', () => {
	const foreign = {
		Command: ['/entry'],
		Labels: {inner: '1'},
		Hostname: 'h',
		Groups: ['g'],
		Hosts: ['10.0.0.1 db'],
		DNSConfig: {Nameservers: ['10.0.0.53'], Search: ['lan'], Options: ['ndots:1']},
		Privileges: {CredentialSpec: {File: 'spec.json'}},
		CapabilityAdd: ['CAP_NET_ADMIN'],
		CapabilityDrop: ['CAP_CHOWN'],
		Sysctls: {'net.core.somaxconn': '1024'},
		Ulimits: [{Name: 'nofile', Soft: 1, Hard: 2}],
		Isolation: 'default',
		Init: true,
		ReadOnly: true,
		OomScoreAdj: 5,
	};
	const resources = {
		Limits: {Pids: 10},
		Reservations: {GenericResources: [{DiscreteResourceSpec: {Kind: 'gpu', Value: 1}}]},
	};
	const raw: RawServiceSpec = {
		Name: 'web',
		Mode: {Replicated: {Replicas: 1}},
		TaskTemplate: {
			ContainerSpec: {Image: 'nginx:1', ...foreign},
			Resources: resources,
			LogDriver: {Name: 'syslog', Options: {tag: 'a'}},
			Runtime: 'container',
		},
		EndpointSpec: {Mode: 'dnsrr'},
	};
	const written = write(raw, {
		replicas: 4,
		labels: {a: 'b'},
		template: {
			image: 'nginx:2',
			command: ['-x'],
			env: {A: '1'},
			user: 'u',
			workdir: '/w',
			tty: true,
			openStdin: true,
			stopSignal: 'SIGINT',
			stopGraceMs: 1000,
			health: {test: {type: 'tcp', port: 80}},
			reserve: {cpus: 1, memoryBytes: 1 << 20},
			limit: {cpus: 2, memoryBytes: 1 << 21},
			networks: [{network: 'backend'}],
			mounts: [{type: 'volume', source: 'd', target: '/d'}],
			configs: [{source: 'app'}],
			secrets: [{source: 'key'}],
		},
		ports: [{published: 80, target: 80, protocol: 'tcp'}],
		placement: {constraints: ['node.role==worker'], maxReplicasPerNode: 1},
		restart: {condition: 'none'},
		update: {parallelism: 2},
		forceUpdate: 3,
		paused: true,
	});
	expect(written).toMatchObject({
		TaskTemplate: {
			ContainerSpec: foreign,
			Resources: resources,
			LogDriver: {Name: 'syslog', Options: {tag: 'a'}},
			Runtime: 'container',
		},
		EndpointSpec: {Mode: 'dnsrr'},
	});
});

test('a global job stays one, whatever is changed', () => {
	const raw: RawServiceSpec = {...rich, Mode: {GlobalJob: {}}};
	expect(toServiceSpec(raw, names)).toMatchObject({mode: 'job', perNode: true, replicas: 0});
	expect(changed(raw, write(raw, {labels: {a: 'b'}}))).toEqual(['.Labels.a none → "b"']);
	expect(write(raw, {replicas: 4}).Mode).toEqual({GlobalJob: {}});
	expect(() => write(raw, {perNode: false})).toThrow('A service keeps its mode: this one is global-job.');
	expect(() => write({...rich, Mode: {ReplicatedJob: {}}}, {perNode: true})).toThrow('this one is job');
});

test('what was held goes on as it was before', () => {
	const plain = write(emptyService('web', {}), {update: {parallelism: 2, delayMs: 3000}});
	const held = write(plain, {paused: true, labels: {a: 'b'}});
	expect(toServiceSpec(held, names)).toMatchObject({
		paused: true,
		labels: {a: 'b'},
		update: {parallelism: 2, delayMs: 3000},
	});
	expect(held.UpdateConfig?.Delay).toBeGreaterThan(1e17);
	const relabelled = write(held, {labels: {c: 'd'}});
	expect(toServiceSpec(relabelled, names)).toMatchObject({paused: true, labels: {a: 'b', c: 'd'}});
	const going = write(relabelled, {paused: false, labels: {a: null, c: null}});
	expect(going).toEqual({...plain, Labels: {}});
	const canary = write(plain, {canary: 3});
	expect(canary.UpdateConfig).toMatchObject({Parallelism: 3});
	expect(toServiceSpec(canary, names)).toMatchObject({canary: 3, update: {parallelism: 2}});
});

describe('what is written is read again', () => {
	const api = 'v1.52';

	function check(name: string, patch: Patch<ServiceSpec>): void {
		test(name, () => {
			const empty = emptyService('web', patch);
			const before = toServiceSpec(empty, names);
			const asked = serviceSpec(patch, before);
			expect(checkServiceSpec(asked)).toEqual([]);
			expect(toServiceSpec(writeService(empty, before, asked, {names, api}), names)).toEqual(asked);
		});
	}

	const template = {image: 'nginx'};
	check('the least', {template});
	check('global', {mode: 'global', replicas: 0, template});
	check('a job', {mode: 'job', replicas: 9, maxConcurrent: 2, template});
	check('a job all at once', {mode: 'job', replicas: 9, template});
	check('a job on each node', {mode: 'job', perNode: true, replicas: 0, template});
	check('a check by HTTP', {template: {...template, health: {test: {type: 'http', path: '/a?b=1'}}}});
	check('a check by HTTP at a port', {template: {...template, health: {test: {type: 'http', path: '/', port: 81}}}});
	check('a check that has a pace of its own while it starts', {
		template: {...template, health: {test: {type: 'tcp'}, startPeriodMs: 60_000, startIntervalMs: 500}},
	});
	check('a check by connection', {template: {...template, health: {test: {type: 'tcp', port: 81}}}});
	check('a check by a shell', {
		template: {...template, health: {test: {type: 'command', command: ['sh', '-c', 'x y']}}},
	});
	check('a check by a command', {template: {...template, health: {test: {type: 'command', command: ['a', 'b']}}}});
	check('files and networks', {
		template: {
			...template,
			networks: [{network: 'backend', aliases: ['x']}],
			configs: [{source: 'app', mode: 0o400}],
			secrets: [{source: 'key', target: 'k.pem', uid: '5'}],
		},
	});
	check("docker's rarer options", {
		endpointMode: 'dnsrr',
		template: {
			...template,
			reserve: {cpus: 0, memoryBytes: 0, generic: {gpu: 2}},
			limit: {pids: 50, memoryBytes: 2 ** 25},
			container: everyOption,
		},
	});
	check('a credential spec in a file', {template: {...template, container: {credentialSpec: 'file://a.json'}}});
	check('a credential spec in the registry', {template: {...template, container: {credentialSpec: 'registry://a'}}});
	check('options of a log driver alone', {template: {...template, container: {log: {options: {a: 'b'}}}}});
	check('restart, update, placement', {
		template,
		restart: {condition: 'on-failure', delayMs: 100, maxAttempts: 2, windowMs: 5000},
		update: {order: 'start-first', parallelism: 0, failureAction: 'rollback', maxFailureRatio: 0.5, monitorMs: 1000},
		placement: {constraints: ['node.labels.a==b'], preferences: ['spread=node.labels.a'], maxReplicasPerNode: 2},
	});
});

describe('what Swarm cannot do is refused', () => {
	function check(name: string, patch: Patch<ServiceSpec>, expected: string): void {
		test(name, () => {
			expect(() => write(emptyService('web', {}), patch)).toThrow(expected);
			try {
				write(emptyService('web', {}), patch);
			} catch (thrown) {
				expect(toClusterError(thrown).hint ?? 'none').toMatch(/\S/);
			}
		});
	}

	check('an executable', {template: {image: 'exec:/bin/sh'}}, 'a swarm runs container images only');
	check(
		'an address to publish on',
		{template: {image: 'x'}, ports: [{published: 80, target: 80, host: '127.0.0.1', protocol: 'tcp'}]},
		'Swarm publishes on all addresses',
	);
	check(
		'to keep processes apart',
		{template: {image: 'x', isolation: ['private-tmp']}},
		'--isolate: Swarm runs containers',
	);
	check('another mode', {mode: 'global', replicas: 0}, 'A service keeps its mode');
	check(
		'a network that is not there',
		{template: {image: 'x', networks: [{network: 'nope'}]}},
		'there is no network "nope"',
	);
	check(
		'a secret that is not there',
		{template: {image: 'x', secrets: [{source: 'nope'}]}},
		'there is no secret "nope"',
	);
});

test('the version of a template is its content, without placement and what Go leaves out', () => {
	const version = templateVersion({ContainerSpec: {Image: 'a'}, ForceUpdate: 0, Runtime: 'container'});
	expect(templateVersion({ContainerSpec: {Image: 'a', Env: []}, Placement: {Constraints: ['x==y']}})).toBe(version);
	expect(templateVersion({ContainerSpec: {Image: 'b'}})).not.toBe(version);
	expect(templateVersion({ContainerSpec: {Image: 'a'}, ForceUpdate: 1})).not.toBe(version);
});
