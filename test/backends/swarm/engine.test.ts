import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {EngineUse, inspect, said, until} from './engine-use.ts';
import {docker, liveSwarm, openFirst, whyNoSwarm} from './live-swarm.ts';

// What is special to Docker Swarm, each effect read back through the docker command.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();

describe.skipIf(reason !== undefined)(`a swarm${reason === undefined ? '' : ` (${reason})`}`, () => {
	let backend: Backend;
	const engine = new EngineUse();
	const {made} = engine;
	const create = engine.create.bind(engine);
	const instances = engine.instances.bind(engine);
	const running = engine.running.bind(engine);
	const service = engine.service.bind(engine);

	beforeAll(async () => {
		backend = await openFirst();
		engine.backend = backend;
	});
	afterEach(() => engine.removeMade());
	afterAll(() => backend?.close());

	test('what is created is what docker shows', async () => {
		await create('shown', {
			replicas: 2,
			labels: {tier: 'front'},
			template: {
				image: 'web:1',
				env: {PORT: '8080'},
				stopGraceMs: 3000,
				limit: {memoryBytes: 64 * 1024 * 1024},
				health: {test: {type: 'http', path: '/cgi-bin/who'}, intervalMs: 1000, retries: 5},
			},
			update: {order: 'start-first', parallelism: 2},
			restart: {delayMs: 1000},
		});
		expect(await inspect('shown', '.Spec.Mode.Replicated.Replicas')).toBe(2);
		expect(await inspect('shown', '.Spec.Labels')).toEqual({tier: 'front'});
		expect(await inspect('shown', '.Spec.TaskTemplate.ContainerSpec.Env')).toEqual(['PORT=8080']);
		expect(await inspect('shown', '.Spec.TaskTemplate.Resources.Limits.MemoryBytes')).toBe(67_108_864);
		expect(await inspect('shown', '.Spec.UpdateConfig.Order')).toBe('start-first');
		expect(await inspect('shown', '.Spec.TaskTemplate.RestartPolicy.Delay')).toBe(1_000_000_000);
		// Its health check is a request that only a program at that port answers.
		const [first] = await running('shown', 2);
		expect(first?.status.health).toBe('healthy');
	});

	test('a global job runs once on each node, and stays one whatever is changed', async () => {
		await create('each', {
			mode: 'job',
			perNode: true,
			template: {image: 'busybox:1', command: ['sh', '-c', 'sleep 1']},
		});
		expect(await inspect('each', '.Spec.Mode')).toEqual({GlobalJob: {}});
		const isDone = async () => {
			const {status} = await service('each');
			return status.completed === 3 && status.desired === 3;
		};
		await until('it is done on three nodes', isDone);
		expect((await instances('each')).map(({name}) => name).sort()).toEqual(['each.node1', 'each.node2', 'each.node3']);
		const {version} = await backend.apply({kind: 'service', name: 'each'}, {template: {env: {A: '1'}}}, {});
		await until('it is done again', async () => {
			const again = (await instances('each')).filter(one => one.version === version);
			return again.length === 3 && (await isDone());
		});
		expect(await inspect('each', '.Spec.Mode')).toEqual({GlobalJob: {}});
		// One that ends: what runs of a global job goes on after its removal, and can be drained by nobody.
		const theirs = ['--mode', 'global-job', '--name', 'theirs', 'busybox:1', 'true'];
		await docker('service', 'create', '-d', '--no-resolve-image', ...theirs);
		made.push(['service', 'theirs']);
		expect((await service('theirs')).spec).toMatchObject({mode: 'job', perNode: true, replicas: 0});
		const scaled = backend.apply({kind: 'service', name: 'theirs'}, {replicas: 4}, {});
		await expect(scaled).rejects.toMatchObject({code: 'usage'});
	});

	test('what somebody else changes is told within a moment', async () => {
		await create('other', {template: {image: 'idle:1'}});
		await running('other', 1);
		const {revision} = await backend.list({kind: 'service'});
		const stop = new AbortController();
		const seen: number[] = [];
		const watching = (async () => {
			for await (const change of backend.watch({kind: 'service', name: 'other'}, revision, stop.signal)) {
				if (change.type === 'put') seen.push(change.object.spec.replicas);
			}
		})();
		await docker('service', 'scale', '-d', 'other=3');
		await until('it is told', () => seen.includes(3));
		stop.abort();
		await watching;
		await docker('service', 'update', '-d', '--env-add', 'X=1', 'other');
		const stale = backend.apply({kind: 'service', name: 'other'}, {replicas: 9}, {ifRevision: revision});
		await expect(stale).rejects.toMatchObject({code: 'conflict'});
		expect(await inspect('other', '.Spec.Mode.Replicated.Replicas')).toBe(3);
	});

	test('logs of a service are merged from all nodes, those of an instance are its own', async () => {
		const {id} = await create('talk', {replicas: 3, template: {image: 'chatter:1'}});
		const all = await running('talk', 3);
		const stop = new AbortController();
		const seen = new Set<string>();
		const streams = new Set<string>();
		for await (const line of backend.facets.logs?.({instanceIds: [], serviceId: id, follow: true}, stop.signal) ?? []) {
			seen.add(line.instanceName);
			streams.add(line.stream);
			expect(line.text).toMatch(/^line \d+ (out|err) /);
			if (seen.size === 3 && streams.size === 2) stop.abort();
		}

		expect([...seen].sort()).toEqual(['talk.1', 'talk.2', 'talk.3']);
		const query = {instanceIds: [all[1]?.id ?? ''], follow: false, tail: 2};
		const lines = await Array.fromAsync(backend.facets.logs?.(query, new AbortController().signal) ?? []);
		expect(lines.map(({instanceName}) => instanceName)).toEqual(['talk.2', 'talk.2']);
	});

	test('commands run in instances on every node, with their streams and exit codes', async () => {
		await create('shells', {mode: 'global', replicas: 0, template: {image: 'idle:1'}});
		const all = await running('shells', liveSwarm().nodes.length);
		for (const {id, name} of all) {
			const session = await backend.facets.exec?.(
				{kind: 'instance', id, name},
				{command: ['sh', '-c', 'cat; echo bad >&2; exit 3'], tty: false, stdin: true},
			);
			session?.write(Buffer.from('typed\n'));
			session?.end();
			expect(await said(session)).toEqual({stdout: 'typed\n', stderr: 'bad\n', exit: 3});
		}
	});

	test('a terminal of its own size', async () => {
		await create('terminal', {template: {image: 'idle:1'}});
		const [first] = await running('terminal', 1);
		const session = await backend.facets.exec?.(
			{kind: 'instance', id: first?.id ?? '', name: 'terminal.1'},
			{command: ['sh'], tty: true, stdin: true, size: {columns: 93, rows: 21}},
		);
		session?.write(Buffer.from('stty size; exit 5\n'));
		const {stdout, exit} = await said(session);
		expect(stdout).toContain('21 93');
		expect(exit).toBe(5);
	});

	test('a killed instance is replaced in its slot, and says why it ended', async () => {
		await create('victim', {template: {image: 'busybox:1', command: ['sleep', '1000']}, restart: {delayMs: 0}});
		const [first] = await running('victim', 1);
		await backend.facets.kill?.({kind: 'instance', id: first?.id ?? '', name: 'victim.1'}, 'SIGKILL');
		await until('another runs', async () => {
			const [now] = await instances('victim');
			return now?.status.state === 'running' && now.id !== first?.id;
		});
		const ended = (await instances('victim', true)).find(({id}) => id === first?.id);
		expect(ended?.status).toMatchObject({state: 'failed', exitCode: 137, reason: 'non-zero exit (137)'});
	});

	test('a config is edited: its services move to the new version, and go back to the one before', async () => {
		made.push(['config', 'settings']);
		const data = (text: string) => ({labels: {}, data: {data: text}});
		await backend.apply({kind: 'config', name: 'settings'}, data('one\n'), {create: true});
		await create('reader', {template: {image: 'idle:1', configs: [{source: 'settings', target: '/etc/settings'}]}});
		const read = async () => {
			const [{id, name} = {id: '', name: ''}] = await running('reader', 1);
			const options = {command: ['cat', '/etc/settings'], tty: false, stdin: false};
			return (await said(await backend.facets.exec?.({kind: 'instance', id, name}, options).catch(() => undefined)))
				.stdout;
		};
		await until('it reads the first', async () => (await read()) === 'one\n');
		for (const text of ['two\n', 'three\n']) {
			await backend.apply({kind: 'config', name: 'settings'}, data(text), {});
			await until(`it reads ${text}`, async () => (await read()) === text);
		}

		const {items} = await backend.list({kind: 'config', name: 'settings'});
		expect(items).toMatchObject([{version: 3, usedBy: ['reader'], spec: {data: {data: 'three\n'}}}]);
		// The one before is kept for a rollback, older ones are gone.
		expect((await docker('config', 'ls', '--format', '{{.Name}}')).trim().split('\n').sort()).toEqual([
			'settings.v2',
			'settings.v3',
		]);
		await expect(backend.remove({kind: 'config', name: 'settings'}, {})).rejects.toMatchObject({code: 'conflict'});
	});

	test('a secret is given and never shown', async () => {
		made.push(['secret', 'key']);
		const written = await backend.apply(
			{kind: 'secret', name: 'key'},
			{labels: {}, data: {data: 'hush'}},
			{create: true},
		);
		expect(JSON.stringify(written)).not.toMatch(/hush|aHVzaA/);
		await create('holder', {template: {image: 'idle:1', secrets: [{source: 'key'}]}});
		const [{id, name} = {id: '', name: ''}] = await running('holder', 1);
		const options = {command: ['cat', '/run/secrets/key'], tty: false, stdin: false};
		expect((await said(await backend.facets.exec?.({kind: 'instance', id, name}, options))).stdout).toBe('hush');
		expect(JSON.stringify((await backend.list({kind: 'secret'})).items)).not.toMatch(/hush|aHVzaA/);
	});

	test('a network joins services, a volume is told', async () => {
		made.push(['network', 'inner']);
		const spec = {labels: {a: 'b'}, attachable: true, subnets: [{subnet: '10.77.0.0/24'}]};
		await backend.apply({kind: 'network', name: 'inner'}, spec, {create: true});
		await create('joined', {template: {image: 'idle:1', networks: [{network: 'inner', aliases: ['nick']}]}});
		await running('joined', 1);
		expect((await backend.list({kind: 'network', name: 'inner'})).items).toMatchObject([
			{reach: 'cluster', usedBy: ['joined'], spec: {driver: 'overlay', attachable: true, labels: {a: 'b'}}},
		]);
		expect((await service('joined')).spec.template.networks).toEqual([{network: 'inner', aliases: ['nick']}]);
		made.push(['volume', 'kept']);
		await backend.apply({kind: 'volume', name: 'kept'}, {labels: {c: 'd'}}, {create: true});
		expect(await docker('volume', 'inspect', 'kept', '--format', '{{.Labels.c}}')).toBe('d\n');
	});

	test('a drain that starts first never runs fewer, moves nothing else, and leaves no trace', async () => {
		await create('moved', {replicas: 6, template: {image: 'idle:1'}});
		const before = await running('moved', 6);
		const name = before[0]?.nodeName ?? '';
		const stays = before.filter(({nodeName}) => nodeName !== name).map(({id}) => id);
		const {items, revision} = await backend.list({kind: 'instance'});
		const stop = new AbortController();
		const alive = new Map(
			items.map(({id, status, serviceName}) => [id, serviceName === 'moved' && status.state === 'running']),
		);
		let least = 6;
		const watching = (async () => {
			for await (const change of backend.watch({kind: 'instance'}, revision, stop.signal)) {
				if (change.type === 'put') {
					const {id, serviceName, status} = change.object;
					alive.set(id, serviceName === 'moved' && status.state === 'running');
				} else if (change.type === 'remove') alive.delete(change.id);
				least = Math.min(least, [...alive.values()].filter(Boolean).length);
			}
		})();
		const spec = await docker('service', 'inspect', 'moved', '--format', '{{json .Spec.TaskTemplate.Placement}}');
		const drained = {availability: 'drained', drainOrder: 'start-first'} as const;
		expect((await backend.apply({kind: 'node', name}, drained, {})).availability).toBe('draining');
		const node = async () => (await backend.list({kind: 'node', name})).items[0];
		await until('it is drained', async () => (await node())?.availability === 'drained');
		stop.abort();
		await watching;
		expect(least).toBe(6);
		const after = await running('moved', 6);
		expect(after.some(({nodeName}) => nodeName === name)).toBe(false);
		expect(after.map(({id}) => id)).toEqual(expect.arrayContaining(stays));
		await until('the service is as it was', async () => {
			const now = await docker('service', 'inspect', 'moved', '--format', '{{json .Spec.TaskTemplate.Placement}}');
			return now === spec || now === '{}\n';
		});
		expect(JSON.parse(await docker('node', 'inspect', name, '--format', '{{json .Spec}}'))).toMatchObject({
			Availability: 'drain',
			Labels: {},
		});
		// Taken back in the middle: the node takes work, and the services are as they were.
		await backend.apply({kind: 'node', name}, {availability: 'active', drainOrder: 'stop-first'}, {});
		await backend.apply({kind: 'node', name}, drained, {});
		await backend.apply({kind: 'node', name}, {availability: 'active', drainOrder: 'stop-first'}, {});
		expect(await node()).toMatchObject({availability: 'active'});
		expect(await inspect('moved', '.Spec.Labels')).toEqual({});
		expect(await inspect('moved', '.Spec.TaskTemplate.Placement.Constraints')).toBe(null);
	});

	test('what is published is as it was asked for', async () => {
		const ports = [
			{published: 8053, target: 53, protocol: 'udp'},
			{published: 8054, target: 80, protocol: 'tcp', mode: 'host'},
		] as const;
		await create('ports', {template: {image: 'idle:1'}, ports});
		expect((await service('ports')).spec.ports).toEqual(ports);
		const [first] = await running('ports', 1);
		expect(first?.status.endpoints).toMatchObject([{port: 8054, target: 80}]);
		expect(await inspect('ports', '(index .Spec.EndpointSpec.Ports 0).Protocol')).toBe('udp');
	});

	test('what instances use is told by the engines of their nodes', async () => {
		const {id} = await create('busy', {
			mode: 'global',
			replicas: 0,
			template: {image: 'busybox:1', command: ['sh', '-c', 'while :; do :; done']},
		});
		const all = await running('busy', liveSwarm().nodes.length);
		const {revision} = await backend.list({kind: 'instance', serviceId: id});
		const stop = new AbortController();
		const seen = new Set<string>();
		for await (const change of backend.watch({kind: 'instance', serviceId: id}, revision, stop.signal)) {
			if (change.type !== 'usage') continue;
			for (const [instance, usage] of Object.entries(change.usage)) {
				if ((usage.cpus ?? 0) > 0.01 && (usage.memoryBytes ?? 0) > 10_000) seen.add(instance);
			}

			if (seen.size === all.length) stop.abort();
		}

		expect([...seen].sort()).toEqual(all.map(one => one.id).sort());
	});

	test('an update is held, goes on, and is taken back', async () => {
		await create('rolled', {
			replicas: 3,
			template: {image: 'web:1', stopGraceMs: 1000},
			update: {monitorMs: 1000},
		});
		await running('rolled', 3);
		const ref = {kind: 'service', name: 'rolled'} as const;
		const {version} = await service('rolled');
		await backend.apply(ref, {template: {image: 'web:2'}, canary: 1}, {});
		const images = async () => (await running('rolled', 3)).map(({image}) => image).sort();
		await until('one is new', async () => (await images()).join() === 'web:1,web:1,web:2');
		expect(await service('rolled')).toMatchObject({rollout: {state: 'paused', pausedBy: 'canary'}, spec: {canary: 1}});
		await backend.apply(ref, {canary: 0}, {});
		await until('all are new', async () => (await images()).join() === 'web:2,web:2,web:2');
		await until('it is over', async () => (await service('rolled')).rollout?.state === 'completed');
		// The spec before this one has the same template: nothing to go back to.
		expect((await service('rolled')).rollout?.from).toBeUndefined();
		const versions = await backend.facets.history?.(ref);
		const before = versions?.find(one => one.version === version);
		expect(before?.spec.template.image).toBe('web:1');
		await backend.apply(ref, {template: {image: 'web:1'}}, {});
		await until('all are old', async () => (await images()).join() === 'web:1,web:1,web:1');
	});

	test('an update that fails stops, and says so', async () => {
		await create('broken', {
			template: {image: 'idle:1', stopGraceMs: 1000},
			update: {monitorMs: 2000},
			restart: {delayMs: 0},
		});
		await running('broken', 1);
		await backend.apply({kind: 'service', name: 'broken'}, {template: {image: 'broken:1'}}, {});
		await until('it stands', async () => (await service('broken')).rollout?.state === 'paused');
		const {rollout, status} = await service('broken');
		expect(rollout).toMatchObject({pausedBy: 'failure', message: expect.stringContaining('update paused')});
		expect(status.message).toMatch(/no such file or directory/);
	});

	// Without instances: whether those start in time is the machine's business, and says nothing of names.
	test('names and labels of others do no harm', async () => {
		const label = 'x\u001b[31m\u202e';
		const words = ['--name', 'Odd_Name', '--label', `${label}=${label}`, '--replicas', '0', '--no-resolve-image'];
		await docker('service', 'create', '-d', '-q', ...words, 'idle:1');
		made.push(['service', 'Odd_Name']);
		expect((await service('Odd_Name')).spec.labels).toEqual({[label]: label});
		// What is there is taken as it is: a change of something else does not stumble over it.
		await backend.apply({kind: 'service', name: 'Odd_Name'}, {replicas: 1}, {});
		expect(await inspect('Odd_Name', '.Spec.Mode.Replicated.Replicas')).toBe(1);
		expect(await inspect('Odd_Name', '.Spec.Labels')).toEqual({[label]: label});
	});

	test('what the engine refuses is told in its meaning', async () => {
		await create('port-a', {template: {image: 'idle:1'}, ports: [{published: 8089, target: 80, protocol: 'tcp'}]});
		const taken = backend.apply(
			{kind: 'service', name: 'port-b'},
			{template: {image: 'idle:1'}, ports: [{published: 8089, target: 80, protocol: 'tcp'}]},
			{create: true},
		);
		await expect(taken).rejects.toMatchObject({code: 'conflict', message: expect.stringContaining('port-a')});
		const [node] = (await backend.list({kind: 'node'})).items;
		await expect(backend.remove({kind: 'node', name: node?.name ?? ''}, {})).rejects.toMatchObject({code: 'conflict'});
	});
});
