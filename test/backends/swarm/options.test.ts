import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend} from '../../../source/core/backend.ts';
import {run} from '../../commands/run.ts';
import {EngineUse, inspect} from './engine-use.ts';
import {docker, openFirst, whyNoSwarm} from './live-swarm.ts';

// Docker's rarer flags, as typed; what came of them is read back through the docker command.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();

describe.skipIf(reason !== undefined)(`docker's rarer flags${reason === undefined ? '' : ` (${reason})`}`, () => {
	let backend: Backend;
	const engine = new EngineUse();
	beforeAll(async () => {
		backend = await openFirst();
		engine.backend = backend;
	});
	afterEach(() => engine.removeMade());
	afterAll(() => backend?.close());

	const muster = (...words: readonly string[]) => run(words, {open: openFirst});
	const taskOf = (name: string) => inspect<Record<string, unknown>>(name, '.Spec.TaskTemplate');

	test('are given, changed one by one, and left alone', async () => {
		engine.made.push(['service', 'rare']);
		const created = await muster(
			...['service', 'create', '--name=rare', '--no-resolve-image', '--constraint=node.name==node1'],
			...['--stop-grace-period=1s', '--cap-add=net_admin', '--cap-drop=CHOWN', '--container-label=tier=in'],
			...['--dns=10.0.0.53', '--dns-search=lan', '--dns-option=ndots:2', '--endpoint-mode=dnsrr'],
			...['--entrypoint=sh -c \'sleep "$0"\'', '--group=12', '--host=db:10.0.0.5', '--host=six:::1', '--hostname=box'],
			...['--init', '--limit-pids=50', '--log-driver=json-file', '--log-opt=max-size=1m', '--no-healthcheck'],
			...['--read-only-root', '--sysctl=net.ipv4.ip_unprivileged_port_start=99', '--ulimit=nofile=100:200'],
			...['sick:1', '1000'],
		);
		expect(created).toMatchObject({code: 0, stderr: expect.stringContaining('rare: 1 of 1 running')});
		const first = {
			ContainerSpec: {
				Command: ['sh', '-c', 'sleep "$0"'],
				Args: ['1000'],
				Labels: {tier: 'in'},
				Hostname: 'box',
				Groups: ['12'],
				Hosts: ['10.0.0.5 db', '::1 six'],
				DNSConfig: {Nameservers: ['10.0.0.53'], Search: ['lan'], Options: ['ndots:2']},
				Init: true,
				ReadOnly: true,
				CapabilityAdd: ['CAP_NET_ADMIN'],
				CapabilityDrop: ['CAP_CHOWN'],
				Sysctls: {'net.ipv4.ip_unprivileged_port_start': '99'},
				Ulimits: [{Name: 'nofile', Soft: 100, Hard: 200}],
				Healthcheck: {Test: ['NONE']},
			},
			Resources: {Limits: {Pids: 50}},
			LogDriver: {Name: 'json-file', Options: {'max-size': '1m'}},
		};
		expect(await taskOf('rare')).toMatchObject(first);
		expect(await inspect('rare', '.Spec.EndpointSpec')).toEqual({Mode: 'dnsrr'});
		const [id = ''] = (await docker('ps', '-q', '-f', 'label=tier=in')).trim().split('\n');
		const script = 'cat /etc/hostname /proc/sys/net/ipv4/ip_unprivileged_port_start; ulimit -n; echo x >/x || echo no';
		expect(await docker('exec', id, 'sh', '-c', script)).toBe('box\n99\n100\nno\n');

		// Another image and nothing else, then one of each kind.
		expect(await muster('service', 'update', '-d', '--image=busybox:1', '--no-resolve-image', 'rare')).toMatchObject({
			code: 0,
		});
		expect(await taskOf('rare')).toMatchObject({...first, ContainerSpec: {...first.ContainerSpec, Image: 'busybox:1'}});
		const changed = await muster(
			...['service', 'update', '-d', '--cap-drop=NET_ADMIN', '--dns-add=10.0.0.54', '--host-rm=six:::1'],
			...['--sysctl-rm=net.ipv4.ip_unprivileged_port_start', '--ulimit-add=core=-1', '--container-label-add=a=b'],
			...['--log-driver=local', '--limit-pids=0', '--health-cmd=true', '--endpoint-mode=vip', 'rare'],
		);
		expect(changed).toMatchObject({code: 0});
		const {CapabilityAdd: _, Sysctls: __, ...kept} = first.ContainerSpec;
		const then = await taskOf('rare');
		expect(then).toMatchObject({
			ContainerSpec: {
				...kept,
				Labels: {tier: 'in', a: 'b'},
				DNSConfig: {...kept.DNSConfig, Nameservers: ['10.0.0.53', '10.0.0.54']},
				Hosts: ['10.0.0.5 db'],
				Ulimits: expect.arrayContaining([{Name: 'core', Soft: -1, Hard: -1}, ...kept.Ulimits]),
				Healthcheck: {Test: ['CMD-SHELL', 'true']},
			},
			LogDriver: {Name: 'local'},
		});
		expect(then.ContainerSpec).not.toHaveProperty('CapabilityAdd');
		expect(then.ContainerSpec).not.toHaveProperty('Sysctls');
		expect(then.Resources).not.toHaveProperty('Limits.Pids');
		expect(await inspect('rare', '.Spec.EndpointSpec.Mode')).toBe('vip');
	});

	test('that no node here can serve are written all the same', async () => {
		engine.made.push(['config', 'account'], ['service', 'elsewhere']);
		await backend.apply({kind: 'config', name: 'account'}, {data: {data: '{}'}}, {create: true});
		const created = await muster(
			...['service', 'create', '--name=elsewhere', '-d', '--no-resolve-image', '--generic-resource=gpu=2'],
			...['--isolation=process', '--credential-spec=config://account', 'idle:1'],
		);
		expect(created).toMatchObject({code: 0});
		const {ContainerSpec: container, Resources} = await taskOf('elsewhere');
		const id = (await docker('config', 'inspect', 'account', '--format', '{{.ID}}')).trim();
		expect(container).toMatchObject({
			Isolation: 'process',
			Privileges: {CredentialSpec: {Config: id}},
			Configs: [{ConfigID: id, ConfigName: 'account', Runtime: {}}],
		});
		expect(Resources).toMatchObject({
			Reservations: {GenericResources: [{DiscreteResourceSpec: {Kind: 'gpu', Value: 2}}]},
		});
		expect((await engine.service('elsewhere')).spec.template).toMatchObject({
			reserve: {generic: {gpu: 2}},
			container: {isolation: 'process', credentialSpec: 'config://account'},
		});
	});

	test.each([
		{flag: '--oom-score-adj=-5', since: 46, expected: {container: {oomScoreAdj: -5}}},
		{flag: '--memory-swap=16m', since: 52, expected: {container: {swapBytes: 2 ** 24}}},
		{flag: '--memory-swappiness=5', since: 52, expected: {container: {swappiness: 5}}},
		{flag: '--health-start-interval=2s', since: 44, expected: {health: {startIntervalMs: 2000}}},
	])('$flag is refused where the manager speaks an older API', async ({flag, since, expected}) => {
		const minor = Number((await docker('version', '--format', '{{.Server.APIVersion}}')).split('.')[1]);
		engine.made.push(['service', 'newer']);
		const asked = [
			'--name=newer',
			'-d',
			'--no-resolve-image',
			'--limit-memory=32m',
			'--health-cmd=true',
			flag,
			'idle:1',
		];
		const created = await muster('service', 'create', ...asked);
		if (minor >= since) {
			expect(created).toMatchObject({code: 0});
			// Not by the docker command: it shows what its own version knows.
			expect((await engine.service('newer')).spec.template).toMatchObject(expected);
		} else {
			const said = `${flag.split('=')[0]}: Swarm has it from API 1.${since} on, and this manager speaks 1.${minor}.`;
			expect(created).toMatchObject({code: 8, stderr: expect.stringContaining(said)});
		}
	});
});
