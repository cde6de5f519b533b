import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Backend, Detail, Session} from '../../../../source/core/backend.ts';
import {toClusterError} from '../../../../source/core/error.ts';
import {isLive, kubeconfig, liveTimeoutMs, openLive, untilLive, whySkipped} from '../live.ts';

const run = promisify(execFile);

async function kubectl(...args: readonly string[]): Promise<string> {
	const {stdout} = await run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
	return stdout.trim();
}

function told(details: readonly Detail[] | undefined): string {
	return (details ?? [])
		.flatMap(({title, rows}) => [title, ...rows.map(([label, text]) => `  ${label}: ${text}`)])
		.join('\n');
}

describe.skipIf(!isLive)(
	isLive ? 'pods and nodes of a real Kubernetes' : `pods and nodes of a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 2},
	() => {
		let backend: Backend;
		const made: string[] = [];
		beforeAll(async () => {
			backend = await openLive();
		});
		afterAll(async () => {
			for (const name of made) await kubectl('delete', 'pod', name, '--grace-period=1', '--wait=false').catch(() => {});
			backend?.close();
		});

		/** A pod of nobody's, as a manifest says it. */
		async function pod(name: string, spec: object, labels: object = {}) {
			made.push(name);
			const manifest = {apiVersion: 'v1', kind: 'Pod', metadata: {name, labels}, spec};
			await backend.facets.resources?.apply(manifest, {dryRun: false, force: false});
			await untilLive(`${name} runs`, async () => {
				const [one] = (await backend.list({kind: 'instance', name})).items;
				return one?.status.state === 'running';
			});
			return {kind: 'instance', name, scope: 'default'} as const;
		}

		const sleeping = {name: 'main', image: 'busybox', command: ['sh', '-c', 'sleep 1000'], tty: false};

		test('what is followed goes on with what a container writes after it was started again', async () => {
			const again = {name: 'main', image: 'busybox', command: ['sh', '-c', 'echo run $(date +%s); sleep 1; exit 3']};
			await pod('pods-again', {terminationGracePeriodSeconds: 1, containers: [again]});
			const [one] = (await backend.list({kind: 'instance', name: 'pods-again'})).items;
			const ending = new AbortController();
			const query = {instanceIds: [one?.id ?? ''], follow: true};
			const runs: string[] = [];
			for await (const {text} of backend.facets.logs?.(query, ending.signal) ?? []) {
				runs.push(text);
				if (runs.length === 2) break;
			}

			expect(new Set(runs).size).toBe(2);
		});

		test('what has not begun says why there is nothing to read; what is followed waits, and ends with its pod', async () => {
			made.push('pods-waits');
			const containers = [{name: 'main', image: 'missing/one'}];
			const manifest = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'pods-waits'}, spec: {containers}};
			await backend.facets.resources?.apply(manifest, {dryRun: false, force: false});
			const read = async (follow: boolean) => {
				const [one] = (await backend.list({kind: 'instance', name: 'pods-waits'})).items;
				const {signal} = new AbortController();
				return Array.fromAsync(backend.facets.logs?.({instanceIds: [one?.id ?? ''], follow}, signal) ?? []);
			};
			await untilLive('it says so', () =>
				read(false).then(
					() => false,
					(thrown: unknown) => /^pods-waits has not begun: .*Image/.test(toClusterError(thrown).message),
				),
			);
			const followed = read(true);
			const image = '[{"op": "replace", "path": "/spec/containers/0/image", "value": "nginx:1"}]';
			await kubectl('patch', 'pod', 'pods-waits', '--type=json', '-p', image);
			await untilLive('it runs', async () => {
				const [one] = (await backend.list({kind: 'instance', name: 'pods-waits'})).items;
				return one?.status.state === 'running';
			});
			await untilLive('it has written', async () => (await read(false)).length > 0);
			await kubectl('delete', 'pod', 'pods-waits', '--grace-period=1');
			expect((await followed)[0]?.text).toMatch(/starting/);
		});

		test('of several containers, each line tells which has written it; of runs before, those that have one', async () => {
			const again = {name: 'again', image: 'busybox', command: ['sh', '-c', 'echo up; sleep 1; exit 3']};
			await pod('pods-lines', {terminationGracePeriodSeconds: 1, containers: [sleeping, again]});
			let id = '';
			await untilLive('one of them has been started again', async () => {
				const [one] = (await backend.list({kind: 'instance', name: 'pods-lines'})).items;
				id = one?.id ?? '';
				return (one?.restarts ?? 0) > 0;
			});
			const {signal} = new AbortController();
			const query = {instanceIds: [id], follow: false, previous: true};
			const lines = await Array.fromAsync(backend.facets.logs?.(query, signal) ?? []);
			expect(lines).toMatchObject([{instanceName: 'pods-lines/again', container: 'again', text: 'up'}]);
			const mainOnly = backend.facets.logs?.({...query, container: 'main'}, signal) ?? [];
			expect(await Array.fromAsync(mainOnly).catch(toClusterError)).toMatchObject({code: 'not-found'});
		});

		test('all of its containers are told, with their states and probes', async () => {
			const instance = await pod('pods-told', {
				terminationGracePeriodSeconds: 1,
				initContainers: [
					{name: 'first', image: 'busybox', command: ['sh', '-c', 'exit 0']},
					{name: 'side', image: 'side:1', restartPolicy: 'Always'},
				],
				containers: [
					{
						...sleeping,
						resources: {requests: {cpu: '100m'}, limits: {cpu: '200m'}},
						livenessProbe: {httpGet: {path: '/healthz', port: 80}, periodSeconds: 7},
					},
				],
			});
			const text = told(await backend.facets.details?.(instance));
			expect(text).toMatch(/owner: nobody/);
			expect(text).toMatch(/quality of service: Burstable/);
			expect(text).toMatch(/Init container first\n {2}state: ended · exit code 0/);
			expect(text).toMatch(/Sidecar side\n {2}state: running since/);
			expect(text).toMatch(/Container main\n {2}state: running since/);
			expect(text).toMatch(/requests: cpu 100m\n {2}limits: cpu 200m/);
			expect(text).toMatch(/liveness probe: GET \/healthz on port 80, each 7 s/);
		});

		test('an eviction keeps to the budget, a removal does not', async () => {
			const instance = await pod(
				'pods-budget',
				{terminationGracePeriodSeconds: 1, containers: [sleeping]},
				{app: 'budget'},
			);
			const budget = {
				apiVersion: 'policy/v1',
				kind: 'PodDisruptionBudget',
				metadata: {name: 'pods-budget'},
				spec: {minAvailable: 1, selector: {matchLabels: {app: 'budget'}}},
			};
			await backend.facets.resources?.apply(budget, {dryRun: false, force: false});
			try {
				await untilLive('the budget is in force', async () => {
					const query = ['get', 'pdb', 'pods-budget', '-o', 'jsonpath={.status.currentHealthy}'];
					return (await kubectl(...query)) === '1';
				});
				const refused = await backend.facets.evict?.(instance, {force: false}).catch(toClusterError);
				expect(refused).toMatchObject({code: 'conflict', message: expect.stringMatching(/disruption budget/)});
				expect(await kubectl('get', 'pod', 'pods-budget', '-o', 'jsonpath={.metadata.deletionTimestamp}')).toBe('');
				await backend.facets.evict?.(instance, {force: true, graceMs: 1000});
				await untilLive('it is gone', async () => {
					return (await kubectl('get', 'pod', 'pods-budget', '--ignore-not-found', '-o', 'name')) === '';
				});
			} finally {
				await kubectl('delete', 'pdb', 'pods-budget');
			}

			expect(await backend.facets.evict?.(instance, {force: false}).catch(toClusterError)).toMatchObject({
				code: 'not-found',
			});
		});

		async function said(session: Session | undefined): Promise<string> {
			let text = '';
			for await (const {data} of session?.output ?? []) text += Buffer.from(data).toString('utf8');
			return `${text.trim()} ${await session?.exit}`;
		}

		test('a debug container is joined, and its end is told', async () => {
			const instance = await pod('pods-debug', {terminationGracePeriodSeconds: 1, containers: [sleeping]});
			const options = {image: 'tools:1', tty: false, stdin: true};
			const session = await backend.facets.debug?.(instance, {
				...options,
				command: ['sh', '-c', 'read x; echo got $x; exit 5'],
			});
			session?.write(Buffer.from('hello\n'));
			expect(await said(session)).toBe('got hello 5');
			const names = '{range .spec.ephemeralContainers[*]}{.name}={.image};{end}';
			expect(await kubectl('get', 'pod', 'pods-debug', '-o', `jsonpath=${names}`)).toBe('debug-1=tools:1;');
			const short = await backend.facets.debug?.(instance, {
				...options,
				stdin: false,
				command: ['sh', '-c', 'echo done; exit 3'],
			});
			expect(await said(short)).toBe('done 3');
			const missing = {...options, image: 'missing:1', command: []};
			expect(await backend.facets.debug?.(instance, missing).catch(toClusterError)).toMatchObject({
				code: 'failed',
				message: expect.stringMatching(/debug-3 does not start: ErrImagePull/),
			});
			const text = told(await backend.facets.details?.(instance));
			expect(text).toMatch(/Debug container debug-1\n {2}state: ended · exit code 5/);
		});

		test('taints are set, replaced and taken away', async () => {
			const node = {kind: 'node', id: 'node-1', name: 'node-1'} as const;
			const taints = () =>
				kubectl(...['get', 'node', 'node-1', '-o'], 'jsonpath={range .spec.taints[*]}{.key}={.value}:{.effect} {end}');
			const set = (key: string, value: string, effect: 'NoExecute' | 'PreferNoSchedule') =>
				backend.facets.taint?.(node, [{set: {key, value, effect}}]);
			const listed = async () => (await backend.list({kind: 'node', name: 'node-1'})).items[0]?.taints;
			await set('gpu', 'a', 'PreferNoSchedule');
			await set('gpu', 'b', 'PreferNoSchedule');
			await set('other', '', 'PreferNoSchedule');
			expect(await taints()).toBe('gpu=b:PreferNoSchedule other=:PreferNoSchedule');
			expect(told(await backend.facets.details?.(node))).toMatch(/Taints\n {2}gpu=b: PreferNoSchedule/);
			expect(await listed()).toEqual([
				{key: 'gpu', value: 'b', effect: 'PreferNoSchedule'},
				{key: 'other', value: '', effect: 'PreferNoSchedule'},
			]);
			await set('other', 'x', 'NoExecute');
			const remove = (key: string, effect?: 'PreferNoSchedule') =>
				backend.facets.taint?.(node, [{remove: {key, effect}}]);
			await remove('other', 'PreferNoSchedule');
			expect(await taints()).toBe('gpu=b:PreferNoSchedule other=x:NoExecute');
			expect(await remove('other', 'PreferNoSchedule')?.catch(toClusterError)).toMatchObject({
				code: 'not-found',
				message: 'node-1 has no taint other:PreferNoSchedule',
			});
			await backend.facets.taint?.(node, [{remove: {key: 'gpu'}}, {remove: {key: 'other'}}]);
			expect(await taints()).toBe('');
			expect(await remove('gpu')?.catch(toClusterError)).toMatchObject({code: 'not-found'});
		});

		test('a node tells its conditions and what it has', async () => {
			const text = told(await backend.facets.details?.({kind: 'node', name: 'node-2'}));
			expect(text).toMatch(/MemoryPressure: no · KubeletHasSufficientMemory/);
			expect(text).toMatch(/cpu: 8 for pods · 8 in all · [\d.]+ requested/);
			expect(text).toMatch(/container runtime: hollow/);
		});

		test('what a user may not do is told before it is tried, by one question for each', async () => {
			const name = `limited-${process.pid}`;
			await kubectl('create', 'serviceaccount', name);
			await kubectl('create', 'role', name, '--verb=get,list,watch', '--resource=pods,pods/log,deployments.apps');
			await kubectl('create', 'rolebinding', name, `--role=${name}`, `--serviceaccount=default:${name}`);
			const limited = await openLive({token: await kubectl('create', 'token', name)});
			try {
				const permissions = limited.facets.permissions;
				const pod = {id: 'x', scope: 'default'};
				const asked = ['instance.exec', 'instance.logs', 'instance.rm', 'node.cordon', 'config.create'] as const;
				// Nobody has answered yet: nothing is refused.
				expect(asked.map(action => permissions?.refusal(action, pod))).toEqual(asked.map(() => undefined));
				await untilLive('it is told', () => permissions?.refusal('node.cordon', pod) !== undefined);
				await untilLive('the rest is told', () => permissions?.refusal('config.create', pod) !== undefined);
				expect(asked.map(action => permissions?.refusal(action, pod)?.replace(/:.*/, ''))).toEqual([
					'You may not create pods/exec in default.',
					undefined,
					'You may not delete pods in default.',
					'You may not patch nodes.',
					'You may not create configmaps in default.',
				]);
				await kubectl('create', 'deployment', name, '--image=nginx:1');
				const ending = new AbortController();
				const {items, revision} = await limited.list({kind: 'service', name});
				void Array.fromAsync(limited.watch({kind: 'service', name}, revision, ending.signal)).catch(() => {});
				const service = {id: items[0]?.id ?? '', scope: 'default'};
				await untilLive('a service, too', () => permissions?.refusal('service.scale', service) !== undefined);
				expect(permissions?.refusal('service.scale', service)).toMatch(/^You may not patch deployments\/scale/);
				ending.abort();
			} finally {
				limited.close();
				await kubectl('delete', 'deployment', name, '--ignore-not-found');
				await kubectl('delete', 'rolebinding,role,serviceaccount', name);
			}

			const all = backend.facets.permissions;
			all?.refusal('node.cordon', undefined);
			all?.refusal('instance.exec', {id: 'x', scope: 'default'});
			await backend.list({kind: 'node'});
			expect(all?.refusal('node.cordon', undefined)).toBeUndefined();
		});
	},
);
