import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {Backend, Patch} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {ContainerOptions, ServiceSpec} from '../../../source/core/model/index.ts';
import {isLive, kubeconfig, liveTimeoutMs, openLive, untilLive, whySkipped} from './live.ts';

const run = promisify(execFile);

async function kubectl(...args: readonly string[]): Promise<string> {
	const {stdout} = await run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
	return stdout.trim();
}

async function read(type: string, name: string, path: string): Promise<string> {
	return kubectl('get', type, name, '-o', `jsonpath=${path}`);
}

describe.skipIf(!isLive)(
	isLive ? 'workloads of a real Kubernetes' : `workloads of a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 2},
	() => {
		let backend: Backend;
		const names: string[] = [];
		beforeAll(async () => {
			backend = await openLive();
		});
		afterAll(async () => {
			for (const name of names) await backend.remove({kind: 'service', name}, {}).catch(() => {});
			backend?.close();
		});

		const template = {image: 'nginx:1', stopGraceMs: 1000};
		const ref = (name: string) => {
			names.push(name);
			return {kind: 'service', name} as const;
		};
		const policy = {
			...{min: 2, max: 5, targets: [{metric: 'cpu', value: 0.7} as const], upWindowMs: 0, downWindowMs: 60_000},
			cooldownMs: 30_000,
		};

		test('a policy is a HorizontalPodAutoscaler, which scales, tells why, and goes with the service', async () => {
			const web = ref('scaled');
			await backend.apply(web, {template: {...template, reserve: {cpus: 0.1}}}, {create: true});
			const written = await backend.apply(web, {autoscale: policy}, {});
			expect(written.spec.autoscale).toEqual(policy);
			expect(await read('hpa', 'scaled', '{.spec.minReplicas} {.spec.maxReplicas} {.spec.metrics[*].resource}')).toBe(
				'2 5 {"name":"cpu","target":{"averageUtilization":70,"type":"Utilization"}}',
			);
			expect(await read('hpa', 'scaled', '{.spec.behavior.scaleDown.stabilizationWindowSeconds}')).toBe('60');
			await untilLive(
				'it runs at least two',
				async () => Number(await read('deploy', 'scaled', '{.spec.replicas}')) >= 2,
			);
			const now = async () => (await backend.list({kind: 'service', name: 'scaled'})).items[0];
			await untilLive('it tells what it sees', async () =>
				/^cpu \d+% of 70%/.test((await now())?.autoscale?.reason ?? ''),
			);
			expect((await now())?.autoscale?.scaledAt).toBeGreaterThan(0);
			const more = {...policy, max: 9, targets: [{metric: 'memory', value: 2 ** 26} as const]};
			expect((await backend.apply(web, {autoscale: more}, {})).spec.autoscale).toEqual(more);
			expect(await read('hpa', 'scaled', '{.spec.metrics[*].resource.target.averageValue}')).toBe('64Mi');
			expect((await backend.apply(web, {autoscale: null} as never, {})).spec.autoscale).toBeUndefined();
			expect(await kubectl('get', 'hpa', '-o', 'name')).toBe('');
			await backend.apply(web, {autoscale: policy}, {});
			await backend.remove(web, {});
			await untilLive('it is gone, too', async () => (await kubectl('get', 'hpa', '-o', 'name')) === '');
		});

		test('of one that reserves nothing a part of a core is meant', async () => {
			const bare = ref('scaled-bare');
			const service = await backend.apply(bare, {template, autoscale: policy}, {create: true});
			expect(service.spec.autoscale).toEqual(policy);
			expect(await read('hpa', 'scaled-bare', '{.spec.metrics[*].resource.target.averageValue}')).toBe('700m');
		});

		test("somebody else's autoscaler is seen, and keeps what the model does not know", async () => {
			await kubectl('create', 'deployment', 'theirs', '--image=nginx:1');
			ref('theirs');
			await kubectl('autoscale', 'deployment', 'theirs', '--min=1', '--max=4', '--cpu-percent=50');
			onTestFinished(async () => void (await kubectl('delete', 'hpa', 'theirs')));
			const [seen] = (await backend.list({kind: 'service', name: 'theirs'})).items;
			expect(seen?.spec.autoscale).toMatchObject({min: 1, max: 4, targets: [{metric: 'cpu', value: 0.5}]});
			const metric =
				'{"type":"Pods","pods":{"metric":{"name":"queue"},"target":{"type":"AverageValue","averageValue":"5"}}}';
			const patch = `{"spec":{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}},${metric}]}}`;
			await kubectl('patch', 'hpa', 'theirs', '--type=merge', '-p', patch);
			const before = (await backend.list({kind: 'service', name: 'theirs'})).items[0]?.spec.autoscale;
			await backend.apply({kind: 'service', name: 'theirs'}, {autoscale: {...before, max: 6}} as never, {});
			expect(await read('hpa', 'theirs', '{.spec.maxReplicas} {.spec.metrics[*].type}')).toBe('6 Resource Pods');
		});

		test('what an autoscaler has no place for is refused by name, and nothing is made', async () => {
			const refusal = async (change: object) =>
				toClusterError(
					await backend
						.apply(ref('refused'), {template, autoscale: {...policy, ...change}}, {create: true})
						.catch(error => error),
				).message;
			expect(await refusal({min: 0})).toMatch(/^--min 0/);
			expect(await refusal({cooldownMs: 60_000})).toMatch(/^--cooldown/);
			expect(await refusal({targets: [{metric: 'requests', value: 5}]})).toMatch(/^--requests/);
			expect(await kubectl('get', 'deploy', 'refused', '--ignore-not-found')).toBe('');
		});

		test("docker's rarer options are the pod's and its container's, and go again one by one", async () => {
			const rare = ref('rare');
			const container: ContainerOptions = {
				hostname: 'box',
				hosts: ['db:10.0.0.1', 'data:10.0.0.1', 'six:::1'],
				dns: ['10.0.0.53'],
				dnsSearch: ['lan'],
				dnsOptions: ['ndots:2'],
				entrypoint: ['sh', '-c'],
				groups: ['5'],
				readOnly: true,
				capAdd: ['CAP_KILL'],
				capDrop: ['ALL'],
				sysctls: {'net.ipv4.ip_unprivileged_port_start': '99', 'kernel.shm_rmid_forced': '1'},
			};
			const asked = {...template, command: ['exec sleep 1000'], user: '7', reserve: {generic: {'example.org/gpu': 1}}};
			const made = await backend.apply(rare, {template: {...asked, container}}, {create: true});
			expect(made.spec.template).toMatchObject({...asked, container});
			const podSpec = async () => JSON.parse(await read('deploy', 'rare', '{.spec.template.spec}'));
			expect(await podSpec()).toMatchObject({
				hostname: 'box',
				hostAliases: [
					{ip: '10.0.0.1', hostnames: ['db', 'data']},
					{ip: '::1', hostnames: ['six']},
				],
				dnsConfig: {nameservers: ['10.0.0.53'], searches: ['lan'], options: [{name: 'ndots', value: '2'}]},
				securityContext: {supplementalGroups: [5]},
				containers: [
					{
						command: ['sh', '-c'],
						args: ['exec sleep 1000'],
						securityContext: {runAsUser: 7, readOnlyRootFilesystem: true, capabilities: {add: ['KILL'], drop: ['ALL']}},
						resources: {limits: {'example.org/gpu': '1'}, requests: {'example.org/gpu': '1'}},
					},
				],
			});
			const change = {
				reserve: {generic: {'example.org/gpu': null}},
				container: {
					...{hosts: ['six:::1', 'other:10.0.0.2'], dns: null, capAdd: null, sysctls: {'kernel.shm_rmid_forced': null}},
					...{hostname: null, readOnly: null, groups: ['6', '8']},
				},
			};
			const {spec} = await backend.apply(rare, {template: change} as Patch<ServiceSpec>, {});
			const {capAdd: _, dns: __, hostname: ___, readOnly: ____, ...kept} = container;
			expect(spec.template.container).toEqual({
				...kept,
				hosts: ['six:::1', 'other:10.0.0.2'],
				groups: ['6', '8'],
				sysctls: {'net.ipv4.ip_unprivileged_port_start': '99'},
			});
			expect(spec.template).toMatchObject({user: '7', reserve: {cpus: 0, memoryBytes: 0}, limit: {}});
			expect((await podSpec()).containers[0].securityContext).toEqual({runAsUser: 7, capabilities: {drop: ['ALL']}});
			const {spec: plain} = await backend.apply(rare, {template: {container: null}} as Patch<ServiceSpec>, {});
			expect(plain.template.container).toBeUndefined();
			await expect(
				backend.apply(rare, {template: {container: {ulimits: {core: {soft: 0, hard: 0}}}}}, {}),
			).rejects.toMatchObject({
				code: 'unsupported',
				message: '--ulimit: Kubernetes leaves them to the runtime of each node.',
			});
		});

		test('ports that are led by HTTP are an Ingress, read back as they were asked for', async () => {
			const http = {hosts: ['shop.example', 'www.shop.example'], paths: ['/api', '/v2']};
			const port = {published: 8080, target: 80, protocol: 'tcp', http, tls: 'site'} as const;
			const shop = ref('shop');
			const service = await backend.apply(shop, {template, ports: [port]}, {create: true});
			expect(service.spec.ports).toEqual([port]);
			expect(await read('ingress', 'shop', '{.spec.rules[*].host} {.spec.tls[0].secretName}')).toBe(
				'shop.example www.shop.example site',
			);
			expect(await read('ingress', 'shop', '{.spec.rules[0].http.paths[*].path}')).toBe('/api /v2');
			const everywhere = {published: 8080, target: 80, protocol: 'tcp', http: {}} as const;
			const changed = await backend.apply(shop, {ports: [everywhere]}, {});
			expect(changed.spec.ports).toEqual([everywhere]);
			expect(await read('ingress', 'shop', '{.spec.rules[*].host}|{.spec.tls}')).toBe('|');
			await backend.apply(shop, {ports: [{published: 8080, target: 80, protocol: 'tcp'}]}, {});
			expect(await kubectl('get', 'ingress', 'shop', '--ignore-not-found')).toBe('');
			await backend.apply(shop, {ports: [port]}, {});
			await backend.remove(shop, {});
			expect(await kubectl('get', 'ingress,service', 'shop', '--ignore-not-found')).toBe('');
		});

		test('a CronJob is suspended, changed meanwhile, resumed and triggered', async () => {
			await kubectl('create', 'cronjob', 'nightly', '--image=nginx:1', '--schedule=0 3 * * *', '--', 'true');
			const nightly = ref('nightly');
			const suspended = await backend.apply(nightly, {paused: true}, {});
			expect(suspended.spec.paused).toBe(true);
			expect(suspended.status.message).toBe('suspended · at 0 3 * * *');
			expect(await read('cronjob', 'nightly', '{.spec.suspend}')).toBe('true');
			await backend.apply(nightly, {template: {env: {MODE: 'fast'}}}, {});
			await backend.apply(nightly, {paused: false}, {});
			expect(await read('cronjob', 'nightly', '{.spec.suspend}')).toBe('false');
			const job = await backend.facets.trigger?.(nightly);
			expect(await read('job', String(job), '{.metadata.ownerReferences[0].kind}')).toBe('CronJob');
			expect(await read('job', String(job), '{..env[0].value}')).toBe('fast');
			await untilLive('it has run', async () => (await read('job', String(job), '{.status.succeeded}')) === '1');
			await kubectl('create', 'deployment', 'always', '--image=nginx:1');
			const refused = await backend.facets.trigger?.(ref('always')).catch(toClusterError);
			expect(refused).toMatchObject({code: 'conflict'});
		});
	},
);
