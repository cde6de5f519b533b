import {describe, expect, test} from 'vitest';
import {keepWorkload} from '../../../../source/backends/k8s/translate/translate-workload.ts';
import type {WireWorkload} from '../../../../source/backends/k8s/wire/wire.ts';
import {newService, newWorkload, workloadPatch} from '../../../../source/backends/k8s/write/manifest.ts';
import type {Patch} from '../../../../source/core/backend.ts';
import type {ContainerOptions, ServiceSpec} from '../../../../source/core/model/index.ts';
import {serviceSpec} from '../../../../source/core/spec/service-spec.ts';

const image = {template: {image: 'app:1'}};

function made(patch: Patch<ServiceSpec>) {
	const spec = serviceSpec(patch);
	return newWorkload('web', spec, {hasUpdatePolicy: patch.update !== undefined}) as WireWorkload &
		Record<string, never>;
}

/** What a patch of an existing Deployment sends. */
function sent(base: Patch<ServiceSpec>, patch: Patch<ServiceSpec>): unknown {
	const before = serviceSpec(base);
	const podSpec = {containers: [{name: 'main'}]};
	return workloadPatch('deployment', before, serviceSpec(patch, before), {name: 'web', podSpec});
}

describe('a new service', () => {
	test('is a Deployment that selects its pods by name', () => {
		expect(made({...image, replicas: 3, labels: {tier: 'front'}})).toMatchObject({
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: {name: 'web', labels: {tier: 'front'}},
			spec: {
				replicas: 3,
				selector: {matchLabels: {app: 'web'}},
				template: {
					metadata: {labels: {app: 'web'}},
					spec: {containers: [{name: 'web', image: 'app:1'}], terminationGracePeriodSeconds: 10},
				},
			},
		});
	});

	test('leaves to the server what was not asked for', () => {
		const {spec} = made(image) as {spec: Record<string, unknown>};
		expect(Object.keys(spec).toSorted()).toEqual(['replicas', 'selector', 'template']);
		expect(JSON.stringify(spec)).not.toMatch(/null|\$patch/);
	});

	test('of another mode is a DaemonSet or a Job', () => {
		expect(made({...image, mode: 'global'})).toMatchObject({kind: 'DaemonSet'});
		const job = made({...image, mode: 'job', replicas: 4, maxConcurrent: 2});
		expect(job).toMatchObject({kind: 'Job', spec: {completions: 4, parallelism: 2}});
		expect(job.spec).toMatchObject({template: {spec: {restartPolicy: 'OnFailure'}}});
	});

	test('reads back as it was asked for', () => {
		const patch: Patch<ServiceSpec> = {
			replicas: 2,
			labels: {a: 'b'},
			template: {
				image: 'app:1',
				command: ['serve', '--fast'],
				env: {MODE: 'x'},
				user: '1000:100',
				workdir: '/srv',
				tty: true,
				openStdin: true,
				health: {test: {type: 'http', path: '/up', port: 80}},
				reserve: {cpus: 0.25, memoryBytes: 2 ** 26, generic: {'example.org/gpu': 2}},
				limit: {cpus: 1, memoryBytes: 2 ** 27},
				mounts: [
					{type: 'volume', source: 'data', target: '/data'},
					{type: 'tmpfs', target: '/scratch', sizeBytes: 2 ** 20},
					{type: 'bind', source: '/var/log', target: '/logs', readOnly: true},
				],
				configs: [{source: 'settings', target: '/etc/app'}],
				secrets: [{source: 'keys', target: '/run/keys'}],
				container: {
					hostname: 'h',
					hosts: ['db:10.0.0.1', 'data:10.0.0.1', 'six:::1'],
					dns: ['10.0.0.53'],
					dnsSearch: ['lan'],
					dnsOptions: ['ndots:2', 'edns0'],
					entrypoint: ['/entry'],
					groups: ['5'],
					readOnly: true,
					capAdd: ['CAP_KILL'],
					capDrop: ['ALL'],
					sysctls: {'net.core.somaxconn': '1024'},
				},
			},
			placement: {
				constraints: ['node.labels.zone==a', 'node.name!=n1', 'node.role==worker'],
				preferences: ['spread=node.labels.zone'],
				maxReplicasPerNode: 1,
			},
		};
		const asked = serviceSpec(patch);
		const {metadata, ...rest} = made(patch);
		const wire = {...rest, metadata: {...metadata, uid: 'u', resourceVersion: '1'}} as WireWorkload;
		const read = keepWorkload('deployment', wire).base.spec;
		expect({...read, placement: {...read.placement, constraints: [...read.placement.constraints].sort()}}).toEqual({
			...asked,
			placement: {
				...asked.placement,
				constraints: ['node.labels.zone==a', 'node.name!=n1', 'node.role!=manager'],
			},
		});
	});

	test('that publishes ports has a Service', () => {
		const spec = serviceSpec({...image, ports: [{published: 8080, target: 80, protocol: 'tcp'}]});
		expect(newService('web', spec, {app: 'web'})).toMatchObject({
			kind: 'Service',
			spec: {selector: {app: 'web'}, ports: [{port: 8080, targetPort: 80, protocol: 'TCP'}]},
		});
	});
});

describe('a patch', () => {
	test('names what differs and nothing else', () => {
		expect(sent(image, {replicas: 5})).toEqual({spec: {replicas: 5}});
		expect(sent(image, {labels: {a: 'b'}})).toEqual({metadata: {labels: {a: 'b'}}});
		expect(sent(image, {template: {image: 'app:2'}})).toEqual({
			spec: {template: {spec: {containers: [{name: 'main', image: 'app:2'}]}}},
		});
		expect(sent(image, {paused: true})).toEqual({spec: {paused: true}});
		expect(sent(image, {forceUpdate: 1})).toEqual({
			spec: {template: {metadata: {annotations: {'muster/force-update': '1'}}}},
		});
		expect(sent(image, {})).toEqual({});
	});

	test("of one of docker's rarer options is of the pod or of the container", () => {
		const options = (given: ContainerOptions, container: Patch<ContainerOptions>) => {
			const base = {template: {image: 'a', user: '5', container: given}};
			const {spec} = sent(base, {template: {container}}) as {spec: {template: {spec: unknown}}};
			return spec.template.spec;
		};
		const ofContainer = (members: object) => ({containers: [{name: 'main', ...members}]});
		expect(options({}, {capAdd: ['CAP_KILL']})).toEqual(
			ofContainer({securityContext: {capabilities: {add: ['KILL'], drop: null}}}),
		);
		expect(options({readOnly: true}, {readOnly: null})).toEqual(
			ofContainer({securityContext: {readOnlyRootFilesystem: null}}),
		);
		expect(options({}, {entrypoint: ['a', 'b']})).toEqual(ofContainer({command: ['a', 'b']}));
		expect(options({hosts: ['a:1.1.1.1', 'b:2.2.2.2']}, {hosts: ['c:2.2.2.2']})).toEqual({
			hostAliases: [
				{ip: '2.2.2.2', hostnames: ['c']},
				{ip: '1.1.1.1', $patch: 'delete'},
			],
		});
		expect(options({dns: ['1.1.1.1'], dnsSearch: ['lan']}, {dns: null})).toEqual({dnsConfig: {nameservers: null}});
		expect(options({sysctls: {'a.b': '1'}}, {sysctls: {'c.d': '2'}})).toEqual({
			securityContext: {
				sysctls: [
					{name: 'a.b', value: '1'},
					{name: 'c.d', value: '2'},
				],
			},
		});
		expect(options({hostname: 'a'}, {hostname: null, groups: ['7']})).toEqual({
			hostname: null,
			securityContext: {supplementalGroups: [7]},
		});
		expect(() => options({}, {groups: ['staff']})).toThrow('--group staff: Kubernetes takes numbers only');
		expect(() => options({}, {init: true})).toThrow('--init: Kubernetes adds no init.');
	});

	test('of generic resources names a domain', () => {
		const generic = {'example.org/gpu': 1};
		const base = {template: {image: 'a', reserve: {generic}}};
		expect(sent(base, {template: {reserve: {generic: {'example.org/gpu': null}}}})).toMatchObject({
			spec: {template: {spec: {containers: [{resources: {limits: {'example.org/gpu': null}}}]}}},
		});
		expect(() => sent(image, {template: {reserve: {generic: {gpu: 1}}}})).toThrow('such as example.org/gpu');
	});

	test('of the command is of the arguments of the entrypoint', () => {
		const command = ['x'];
		expect(sent(image, {template: {command}})).toEqual({
			spec: {template: {spec: {containers: [{name: 'main', args: command}]}}},
		});
	});

	test('takes away by name', () => {
		expect(
			sent(
				{template: {image: 'a', env: {X: '1', Y: '2'}}, labels: {a: '1'}},
				{template: {env: {X: null}}, labels: {a: null}},
			),
		).toEqual({
			metadata: {labels: {a: null}},
			spec: {template: {spec: {containers: [{name: 'main', env: [{name: 'X', $patch: 'delete'}]}]}}},
		});
	});

	test('a rolling update goes by docker’s policy', () => {
		expect(sent(image, {update: {parallelism: 2, order: 'start-first'}})).toMatchObject({
			spec: {strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}},
		});
	});
});

test.each<[string, Patch<ServiceSpec>, RegExp]>([
	['a signal of its own', {template: {image: 'a', stopSignal: 'SIGINT'}}, /--stop-signal SIGINT/],
	['a user by name', {template: {image: 'a', user: 'nginx'}}, /--user nginx: Kubernetes takes numbers/],
	['two on each node', {...image, placement: {maxReplicasPerNode: 2}}, /--replicas-max-per-node 2/],
	[
		'a port of the gateway',
		{...image, ports: [{published: 0, target: 80, protocol: 'tcp'}]},
		/--publish needs the port/,
	],
	['a restart delay', {...image, restart: {delayMs: 1000}}, /--restart-delay: the kubelet/],
	[
		'all that there is',
		{
			...image,
			restart: {windowMs: 1, condition: 'none'},
			update: {failureAction: 'continue'},
		},
		/^--restart-window: .*\n--restart-condition: .*\n--update-failure-action: /,
	],
	['a network', {template: {image: 'a', networks: [{network: 'x'}]}}, /--network/],
	['a probe without a port', {template: {image: 'a', health: {test: {type: 'tcp'}}}}, /publish it/],
])('%s is named, not dropped', (_, patch, message) => {
	expect(() => made(patch)).toThrow(message);
});
