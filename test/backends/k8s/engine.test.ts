import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Backend, Session} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {Instance, Service} from '../../../source/core/model/index.ts';
import {isLive, kubeconfig, liveTimeoutMs, openLive, shell, untilLive, whySkipped} from './live.ts';

const run = promisify(execFile);

/** What another client of the same server says. */
async function kubectl(...args: readonly string[]): Promise<string> {
	const {stdout} = await run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
	return stdout.trim();
}

async function hasKubectl(): Promise<boolean> {
	return run('kubectl', ['version', '--client']).then(
		() => true,
		() => false,
	);
}

describe.skipIf(!isLive)(
	isLive ? 'a real Kubernetes' : `a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 2},
	() => {
		let backend: Backend;
		let made = 0;
		const names: string[] = [];
		beforeAll(async () => {
			backend = await openLive();
		});
		afterAll(async () => {
			for (const name of names) await backend.remove({kind: 'service', name}, {}).catch(() => {});
			backend?.close();
		});

		async function create(
			patch: object = {},
			template: object = {image: 'nginx:1', stopGraceMs: 1000},
		): Promise<Service> {
			const name = `live-${++made}`;
			names.push(name);
			return backend.apply({kind: 'service', name}, {...patch, template} as never, {create: true});
		}

		async function instances(service: Service) {
			return (await backend.list({kind: 'instance', serviceId: service.id})).items;
		}

		async function untilRunning(service: Service, count: number) {
			await untilLive(`${count} of ${service.name} run`, async () => {
				const all = await instances(service);
				return all.length === count && all.every(({status}) => status.state === 'running');
			});
			return instances(service);
		}

		async function text(session: Session): Promise<string> {
			let said = '';
			for await (const {data} of session.output) said += Buffer.from(data).toString('utf8');
			return said;
		}

		test('what has come of a list is told before its end: all of it, as the answer has it', async () => {
			const service = await create({replicas: 3});
			await untilRunning(service, 3);
			const told: Instance[] = [];
			const {items} = await backend.list({kind: 'instance', serviceId: service.id}, undefined, part => {
				told.push(...part);
			});
			const text = (all: readonly Instance[]) =>
				all.map(({name, serviceName}) => `${name} of ${serviceName}`).toSorted();
			expect(text(told)).toEqual(text(items));
			expect(told.every(({serviceName}) => serviceName === service.name)).toBe(true);
			expect(told).toHaveLength(3);
		});

		test('what is written is what kubectl reads', async context => {
			if (!(await hasKubectl())) context.skip('there is no kubectl');
			const service = await create({replicas: 2, ports: [{published: 8080, target: 80, protocol: 'tcp'}]});
			const {name} = service;
			expect(await kubectl('get', 'deploy', name, '-o', 'jsonpath={.spec.replicas}')).toBe('2');
			expect(
				await kubectl('get', 'svc', name, '-o', 'jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort}'),
			).toBe('8080 80');
			await backend.apply({kind: 'service', name}, {replicas: 3, template: {env: {A: 'b'}}}, {});
			expect(
				await kubectl('get', 'deploy', name, '-o', 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].env}'),
			).toBe('3 [{"name":"A","value":"b"}]');
			await backend.apply({kind: 'service', name}, {paused: true}, {});
			expect(await kubectl('get', 'deploy', name, '-o', 'jsonpath={.spec.paused}')).toBe('true');
			await backend.remove({kind: 'service', name}, {});
			await untilLive(
				'it is gone',
				async () => (await kubectl('get', 'deploy,svc,rs', '-l', `app=${name}`, '-o', 'name')) === '',
			);
			expect(await kubectl('get', 'svc', '-o', 'name')).not.toContain(name);
		});

		test('what kubectl writes keeps its own members through a patch', async context => {
			if (!(await hasKubectl())) context.skip('there is no kubectl');
			const service = await create();
			const sidecar = [{name: 'side', image: 'side:1'}];
			await kubectl(
				'patch',
				'deploy',
				service.name,
				'-p',
				JSON.stringify({spec: {template: {spec: {containers: sidecar}}}}),
			);
			await backend.apply({kind: 'service', name: service.name}, {template: {env: {A: 'b'}}}, {});
			const containers = '{range .spec.template.spec.containers[*]}{.name}={.image};{end}';
			expect(await kubectl('get', 'deploy', service.name, '-o', `jsonpath=${containers}`)).toContain('side=side:1');
		});

		test('a command in a container: its output, its input, its code', async () => {
			const service = await create();
			const [instance] = await untilRunning(service, 1);
			const ref = {kind: 'instance', id: instance?.id ?? '', name: instance?.name ?? ''} as const;
			const exec = (command: readonly string[], stdin = false, tty = false) =>
				backend.facets.exec?.(ref, {
					command,
					tty,
					stdin,
					...(tty && {size: {columns: 91, rows: 33}}),
				}) as Promise<Session>;
			const plain = await exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
			expect((await text(plain)).split('\n').sort().join(' ').trim()).toBe('err out');
			expect(await plain.exit).toBe(7);
			const cat = await exec(['cat'], true);
			cat.write(Buffer.from('to be said'));
			cat.end();
			expect(await text(cat)).toBe('to be said');
			// The size comes beside the command, which may look before.
			const looking = 'for i in $(seq 100); do [ "$(stty size)" = "33 91" ] && break; sleep 0.1; done; stty size';
			const terminal = await exec(['sh', '-c', looking], true, true);
			expect(await text(terminal)).toContain('33 91');
		});

		test('logs of all instances, in the order of their times; those of before a restart', async () => {
			const service = await create({replicas: 2}, shell('echo begun; sleep 1000'));
			const all = await untilRunning(service, 2);
			const logs = backend.facets.logs?.bind(backend.facets);
			const ending = new AbortController();
			const query = {instanceIds: all.map(({id}) => id), follow: false} as const;
			await untilLive('both have said it', async () => {
				const lines = await Array.fromAsync(logs!(query, ending.signal));
				return lines.filter(line => line.text === 'begun').length === 2;
			});
			const crashing = await create({}, shell('echo dying; exit 3'));
			await untilLive('it was restarted', async () => (await instances(crashing))[0]?.restarts !== 0);
			const [one] = await instances(crashing);
			const before = logs!({instanceIds: [one?.id ?? ''], follow: false, previous: true}, ending.signal);
			expect((await Array.fromAsync(before)).map(line => line.text)).toContain('dying');
			const [told] = await instances(crashing);
			expect(told?.status).toMatchObject({health: 'unhealthy', exitCode: 3});
			expect(told?.status.reason).toMatch(/exit code 3/);
		});

		test('why it does not come up: no such image, no room', async () => {
			const missing = await create({}, {image: 'missing:1'});
			await untilLive('it says so', async () => /Image|pull/i.test((await instances(missing))[0]?.status.reason ?? ''));
			const large = await create({}, {image: 'nginx:1', reserve: {cpus: 500, memoryBytes: 0}});
			await untilLive('the scheduler says so', async () => {
				const [one] = await instances(large);
				return one?.status.state === 'pending' && /Insufficient cpu/.test(one.status.reason ?? '');
			});
		});

		test('versions are kept, and brought back', async () => {
			const service = await create();
			await backend.apply({kind: 'service', name: service.name}, {template: {image: 'nginx:2'}}, {});
			const history = () => backend.facets.history?.({kind: 'service', name: service.name}) ?? [];
			await untilLive('two are kept', async () => (await history()).length === 2);
			const [newest, first] = await history();
			expect([newest?.spec.template.image, newest?.isCurrent, first?.spec.template.image]).toEqual([
				'nginx:2',
				true,
				'nginx:1',
			]);
		});

		test('a budget holds a drain up, which says so, and goes on when it may', async () => {
			const service = await create({replicas: 2});
			await untilRunning(service, 2);
			const resources = backend.facets.resources!;
			const budget = {
				apiVersion: 'policy/v1',
				kind: 'PodDisruptionBudget',
				metadata: {name: service.name},
				spec: {minAvailable: 2, selector: {matchLabels: {app: service.name}}},
			};
			await resources.apply(budget, {dryRun: false, force: false});
			const node = (await instances(service))[0]?.nodeName ?? '';
			const nodeNow = async () => (await backend.list({kind: 'node', name: node})).items[0];
			await untilLive('the budget is in force', async () => {
				const {status} = (await resources.read({type: 'pdb', name: service.name}, {reveals: false})) as {
					status?: {expectedPods?: number};
				};
				return status?.expectedPods === 2;
			});
			const held = await backend.facets.held?.({kind: 'node', name: node});
			expect(held?.map(({why}) => why)).toContain(`disruption budget ${service.name}: 2 healthy, 2 must be`);
			await backend.apply({kind: 'node', name: node}, {availability: 'drained'}, {});
			await untilLive(
				'it says what holds it',
				async () =>
					(await nodeNow())?.status.message?.includes(`the disruption budget ${service.name} needs 2 healthy pods`) ??
					false,
			);
			expect((await nodeNow())?.availability).toBe('draining');
			await resources.remove({type: 'pdb', name: service.name}, {});
			await untilLive('it is drained', async () => (await nodeNow())?.availability === 'drained');
			await backend.apply({kind: 'node', name: node}, {availability: 'active'}, {});
		});

		test('a quota that is used up is said by the service', async () => {
			const resources = backend.facets.resources!;
			const quota = {apiVersion: 'v1', kind: 'ResourceQuota', metadata: {name: 'few'}, spec: {hard: {pods: '0'}}};
			await resources.apply(quota, {dryRun: false, force: false});
			try {
				await untilLive('it is in force', async () => {
					const {status} = (await resources.read({type: 'quota', name: 'few'}, {reveals: false})) as {
						status?: {hard?: object};
					};
					return status?.hard !== undefined;
				});
				const service = await create();
				await untilLive('the service says so', async () => {
					const [one] = (await backend.list({kind: 'service', id: service.id})).items;
					return /exceeded quota: few/.test(one?.status.message ?? '');
				});
			} finally {
				await resources.remove({type: 'quota', name: 'few'}, {});
			}
		});

		test('kinds of extensions are listed in their own columns, described, and written with conflicts named', async () => {
			const resources = backend.facets.resources!;
			const schema = {
				type: 'object',
				properties: {spec: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}},
			};
			const column = {name: 'Size', type: 'integer', jsonPath: '.spec.size'};
			const version = {
				name: 'v1',
				served: true,
				storage: true,
				schema: {openAPIV3Schema: schema},
				additionalPrinterColumns: [column],
			};
			const definition = {
				apiVersion: 'apiextensions.k8s.io/v1',
				kind: 'CustomResourceDefinition',
				metadata: {name: 'boats.example.org'},
				spec: {group: 'example.org', scope: 'Namespaced', names: {plural: 'boats', kind: 'Boat'}, versions: [version]},
			};
			expect(await resources.apply(definition, {dryRun: false, force: false})).toMatchObject({change: 'created'});
			const boat = (size: number) => ({
				apiVersion: 'example.org/v1',
				kind: 'Boat',
				metadata: {name: 'one'},
				spec: {size},
			});
			await untilLive('boats are served', async () =>
				resources.apply(boat(3), {dryRun: false, force: false}).then(
					() => true,
					() => false,
				),
			);
			const {columns, rows} = await resources.table('boats', {});
			expect([columns.map(({title}) => title), rows.map(({cells}) => cells.join(' '))]).toEqual([
				['NAME', 'SIZE'],
				['one 3'],
			]);
			expect(await resources.apply(boat(3), {dryRun: true, force: false})).toMatchObject({change: 'unchanged'});
			expect((await resources.describe({type: 'Boat', name: 'one'})).join('\n')).toMatch(/Spec:\n {2}size: 3/);
			if (await hasKubectl()) {
				await run('sh', [
					'-c',
					`echo '${JSON.stringify(boat(4))}' | kubectl --kubeconfig ${kubeconfig} apply --server-side --force-conflicts -f -`,
				]);
				const refused = await resources.apply(boat(5), {dryRun: false, force: false}).catch(toClusterError);
				expect(refused).toMatchObject({code: 'conflict', message: expect.stringMatching(/kubectl/)});
			}

			await resources.remove({type: 'boats', name: 'one'}, {});
			await resources.remove({type: 'crd', name: 'boats.example.org'}, {});
		});

		test('who may do little is told what, and sees what may be seen', async context => {
			if (!(await hasKubectl())) context.skip('there is no kubectl');
			const reader = `reader-${process.pid}`;
			await kubectl('create', 'serviceaccount', reader);
			await kubectl('create', 'role', reader, '--verb=get,list,watch', '--resource=pods,deployments.apps');
			await kubectl('create', 'rolebinding', reader, `--role=${reader}`, `--serviceaccount=default:${reader}`);
			const token = await kubectl('create', 'token', reader);
			const limited = await openLive({token});
			try {
				expect((await limited.list({kind: 'instance'})).items.length).toBeGreaterThan(0);
				expect((await limited.list({kind: 'service'})).items.length).toBeGreaterThan(0);
				const refusal = await limited.list({kind: 'secret'}).catch(toClusterError);
				expect(refusal).toMatchObject({
					code: 'not-allowed',
					message: expect.stringMatching(/cannot list resource "secrets"/),
				});
				const service = await create();
				const denied = await limited
					.apply({kind: 'service', name: service.name}, {replicas: 3}, {})
					.catch(toClusterError);
				expect(denied).toMatchObject({code: 'not-allowed'});
			} finally {
				limited.close();
				await kubectl('delete', 'rolebinding,role,serviceaccount', reader);
			}
		});

		test('a token that is none, and a certificate of another authority', async () => {
			const unknown = await openLive({token: 'not-a-token'});
			expect(await unknown.list({kind: 'node'}).catch(toClusterError)).toMatchObject({code: 'not-allowed'});
			unknown.close();
			const astray = await openLive({authority: 'none'});
			expect(await astray.list({kind: 'node'}).catch(toClusterError)).toMatchObject({
				code: 'unreachable',
				message: expect.stringMatching(/not signed by an authority/),
			});
			astray.close();
		});

		test('the health of its parts', async () => {
			const parts = (await backend.facets.health?.()) ?? [];
			const names = parts.map(({name}) => name);
			expect(names).toEqual(
				expect.arrayContaining([
					'kube-apiserver',
					'etcd',
					'kube-controller-manager',
					'kube-scheduler',
					'kubelet node-1',
				]),
			);
			expect(parts.filter(({state}) => state !== 'ok')).toEqual([]);
		});

		test('nodes in brief are without what pods hold of them, but for those that are drained', async () => {
			const nodes = async (brief: boolean) => (await backend.list({kind: 'node', brief})).items;
			expect((await nodes(true)).map(({uncounted}) => uncounted)).toEqual([true, true, true]);
			const [one] = await nodes(false);
			expect(one?.uncounted).toBeUndefined();
			expect(one?.capacity).toEqual((await nodes(true))[0]?.capacity);
			await backend.apply({kind: 'node', name: 'node-2'}, {availability: 'drained'}, {});
			try {
				expect((await nodes(true)).map(({uncounted}) => uncounted)).toEqual([undefined, undefined, undefined]);
			} finally {
				await backend.apply({kind: 'node', name: 'node-2'}, {availability: 'active'}, {});
			}
		});

		test('figures of instances and nodes', async () => {
			const service = await create();
			await untilRunning(service, 1);
			await untilLive('they are measured', async () => {
				const {items} = await backend.list({kind: 'instance', serviceId: service.id, usage: true});
				return (items[0]?.usage?.memoryBytes ?? 0) > 0;
			});
			const {items} = await backend.list({kind: 'node', usage: true});
			expect(items.every(({usage}) => (usage?.cpus ?? 0) > 0)).toBe(true);
		});
	},
);
