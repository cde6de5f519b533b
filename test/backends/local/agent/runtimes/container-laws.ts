import {once} from 'node:events';
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {createServer as createHttpServer} from 'node:http';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import {identify, signalProcess} from '../../../../../source/backends/local/system/process-identity.ts';
import type {NameTable} from '../../../../../source/orchestrator/balancer.ts';
import {type AgentRig, agentRig, killHard, until as untilSoon} from '../../../../helpers/agent-rig.ts';
import {
	type ContainerEngine,
	dockerImage,
	type EngineName,
	engineLack,
	startEngine,
} from '../../../../helpers/docker.ts';
import {openSession} from '../../../../helpers/session-client.ts';

// Docker on a machine that may be busy.
vi.setConfig({testTimeout: 120_000, hookTimeout: 60_000});
const patienceMs = 40_000;
const until = <T>(look: () => T | Promise<T>, isRight?: (found: T) => boolean) => untilSoon(look, isRight, patienceMs);

/** What holds of containers, whichever engine makes them. */
export function checkContainers(engine: EngineName): void {
	const lack = engineLack(engine);
	describe.skipIf(lack !== undefined)(`containers of ${engine}${lack === undefined ? '' : ` (${lack})`}`, () => {
		laws(engine);
	});
}

function laws(engine: EngineName): void {
	let docker: ContainerEngine;
	let rig: AgentRig;
	const run = (script: string, change: Parameters<AgentRig['run']>[1] = {}, given?: Parameters<AgentRig['run']>[2]) =>
		rig.run([`docker:${dockerImage}`, '/bin/sh', '-c', script], change, given);

	beforeAll(async () => {
		docker = await startEngine(engine);
	}, 90_000);
	afterAll(() => docker?.end(), 60_000);
	beforeEach(async () => {
		rig = await agentRig({DOCKER_HOST: `unix://${docker.socket}`}, {patienceMs});
		await rig.start();
	});
	afterEach(() => rig.end());

	test('end as their command does, with its output in the logs', async () => {
		const id = run('echo out; echo err >&2; env; exit 3', {env: {COLOUR: 'red'}});
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 3, isolation: 'container'});
		const lines = rig.stdout(id).split('\n');
		expect(lines[0]).toBe('out');
		expect(lines).toEqual(expect.arrayContaining(['COLOUR=red', `MUSTER_INSTANCE=${id}`]));
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toBe('err\n');
		await until(async () => (await docker.containers()).length === 0);
	});

	test('use what runs in them, and not what stands for them', async () => {
		const busy = run('while :; do :; done');
		const usage = await until(
			() => rig.daemon.usage.get(busy),
			found => found?.cpus !== undefined,
		);
		expect(usage?.cpus).toBeGreaterThan(0.05);
		// Node alone is ten times that.
		expect(usage?.memoryBytes).toBeLessThan(10e6);
		rig.stop(busy);
		await rig.ended(busy);
	});

	test('read their configs and secrets', async () => {
		const id = run(
			'cat /app.conf /run/secrets/key; echo $KEY',
			{configs: [{source: 'app', target: 'app.conf'}], secrets: [{source: 'key'}], env: {KEY: '{{secret "key"}}'}},
			{
				files: [
					{kind: 'config', source: 'app', version: 1, base64: Buffer.from('a\n').toString('base64')},
					{kind: 'secret', source: 'key', version: 1, base64: Buffer.from('hunter2\n').toString('base64')},
				],
			},
		);
		expect(await rig.ended(id)).toMatchObject({state: 'completed'});
		expect(rig.stdout(id)).toBe('a\nhunter2\nhunter2\n');
	});

	test('are told to stop, and go', async () => {
		const id = run('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.1; done');
		await rig.running(id);
		await until(() => rig.stdout(id) === 'ready\n');
		rig.stop(id);
		expect(await rig.ended(id)).toMatchObject({state: 'stopped', reason: 'scaled down'});
		expect(rig.stdout(id)).toBe('ready\nbye\n');
		await until(async () => (await docker.containers()).length === 0);
	});

	test('are adopted by the next agent, and end with who stands for them', async () => {
		const id = run('echo ready; exec sleep 1000', {}, {networks: ['back'], nameServer: '127.9.0.2'});
		const {pid = 0} = await rig.running(id);
		await until(() => rig.stdout(id) === 'ready\n');
		const [agent] = rig.agents();
		if (agent) await killHard(agent);
		await rig.start();
		expect(await rig.running(id)).toMatchObject({pid});
		expect((await docker.containers()).toSorted()).toEqual([`/muster-${id}`, `/muster-${id}-net`]);
		const holder = identify(pid);
		if (holder) await killHard(holder);
		expect(await rig.ended(id)).toMatchObject({state: 'failed', reason: 'killed by SIGKILL'});
		await until(async () => (await docker.containers()).length === 0);
	});

	const attach = async (id: string, size?: {columns: number; rows: number}) => {
		const socket = await until(() => rig.daemon.servingAt);
		await rig.running(id);
		return openSession(socket ?? '', {type: 'attach', instanceId: id, size});
	};

	test('can be attached to: what is typed goes in, and its end too', async () => {
		const id = run('while read line; do echo "got $line"; done; echo over >&2; exit 4', {openStdin: true});
		const client = await attach(id);
		client.type('one\n');
		await until(() => client.stdout === 'got one\n');
		client.send({type: 'end'});
		await until(() => client.isClosed);
		expect([client.stderr, client.exit]).toEqual(['over\n', 4]);
		expect(rig.stdout(id)).toBe('got one\n');
	});

	test('have a terminal of the size of who is attached', async () => {
		// What is typed may be there before the size is.
		const once = (size: string) => `while [ "$(stty size)" != "${size}" ]; do sleep 0.05; done; stty size`;
		const id = run(`echo ready; read x; ${once('43 132')}; ${once('30 100')}; read x; exit 5`, {tty: true});
		const client = await attach(id, {columns: 132, rows: 43});
		await until(() => client.stdout.includes('ready\r\n'));
		client.type('\n');
		await until(() => client.stdout.includes('43 132'));
		client.send({type: 'resize', columns: 100, rows: 30});
		await until(() => client.stdout.includes('30 100'));
		client.type('\n');
		await until(() => client.isClosed);
		expect(client.exit).toBe(5);
	});

	test('are stopped while somebody is attached', async () => {
		const id = run('trap "exit 0" TERM; while read line; do :; done', {openStdin: true});
		const client = await attach(id);
		rig.stop(id);
		expect(await rig.ended(id)).toMatchObject({state: 'stopped'});
		await until(() => client.isClosed);
		await until(async () => (await docker.containers()).length === 0);
	});

	test('reach the services on their networks by name, those of later too, and no others', async () => {
		const doors = await Promise.all(['db', 'web', 'late'].map((name, index) => greet(`127.9.1.${index + 1}`, name)));
		const [db = 0, web = 0, late = 0] = doors.map(({port}) => port);
		const tell = (back: Record<string, string>) =>
			writeTable(rig.home.gatewayTable, {
				routes: [db, web, late].map((published, index) => ({host: `127.9.1.${index + 1}`, published})),
				names: [
					{network: 'back', address: '127.9.0.2', names: back},
					{network: 'front', address: '127.9.0.3', names: {web: '127.9.1.2'}},
				],
			});
		tell({db: '127.9.1.1'});
		// Its own program has the port that is another's at another address.
		const id = run(
			`nc -l -p ${db} & nc db ${db}; nc db.back.muster ${db}; nc 127.9.1.2 ${web} || echo no web; nc web ${web} || echo no name
			until nc late ${late}; do :; done; until ! nc 127.9.1.1 ${db}; do sleep 0.05; done; echo over`,
			{},
			{networks: ['back'], nameServer: '127.9.0.2'},
		);
		await rig.running(id);
		await until(() => rig.stdout(id) === 'db\ndb\nno web\nno name\n').catch(() => {
			throw new Error(rig.stdout(id) + readFileSync(rig.paths(id).stderr, 'utf8'));
		});
		tell({late: '127.9.1.3'});
		expect(await rig.ended(id)).toMatchObject({state: 'completed', isolation: 'container'});
		expect(rig.stdout(id)).toMatch(/no name\nlate\n(db\n)*over\n$/);
		for (const {server} of doors) server.close();
		await until(async () => (await docker.containers()).length === 0);
	});

	test.each([
		['alone', {}],
		['on networks', {networks: ['back'], nameServer: '127.9.0.2'}],
	])("have what docker's rarer options say: %s", async (where, given) => {
		const script = `cat /etc/hostname; cat /etc/hosts; cat /etc/resolv.conf; ulimit -n; ulimit -Hn; echo x >/x || echo no write
			for one in sys/net/ipv4/ip_unprivileged_port_start sys/kernel/msgmax self/oom_score_adj self/status; do cat /proc/$one; done
			echo "$0"`;
		const container = {
			entrypoint: ['/bin/sh', '-c', script],
			labels: {tier: 'front', 'muster.instance': 'another'},
			hostname: 'box',
			hosts: ['db:10.0.0.5'],
			dns: ['10.0.0.53'],
			dnsSearch: ['lan'],
			dnsOptions: ['ndots:3'],
			groups: ['77'],
			readOnly: true,
			oomScoreAdj: 77,
			swapBytes: 2 ** 25,
			capDrop: ['CAP_CHOWN'],
			sysctls: {'net.ipv4.ip_unprivileged_port_start': '99', 'kernel.msgmax': '9999'},
			// Podman sets nproc where it is not said, as high as this machine may not allow.
			ulimits: {nofile: {soft: 100, hard: 200}, nproc: {soft: 1000, hard: 1000}},
			log: {driver: 'json-file', options: {'max-size': '1m'}},
			noHealthcheck: true,
		};
		const id = rig.run([`docker:${dockerImage}`, 'said'], {container, limit: {pids: 50, memoryBytes: 2 ** 26}}, given);
		expect(await rig.ended(id)).toMatchObject({state: 'completed', exitCode: 0});
		const said = rig.stdout(id);
		// Podman gives its own name to one whose network is that of another.
		expect(said).toMatch(engine === 'podman' && where === 'on networks' ? /^[0-9a-f]{12}/ : /^box/);
		expect(said).toMatch(/10\.0\.0\.5\s+db$/m);
		expect(said).toMatch(/^search (muster )?lan$/m);
		expect(said).toMatch(/^options ndots:3$/m);
		expect(said).toMatch(/^100\n200\nno write\n99\n9999\n77\n/m);
		expect(said).toMatch(/^Groups:\s.*\b77\b/m);
		// All that Docker gives, but CHOWN, which is the first.
		expect(said).toMatch(/^CapEff:\s[0-9a-f]+[02468ace]$/m);
		expect(said).toMatch(/said\n$/);
	});

	test('of an image that is nowhere say so', async () => {
		const id = rig.run(['docker:no-such-image:1']);
		expect(await rig.ended(id)).toMatchObject({
			...{state: 'failed', exitCode: 125},
			reason: expect.not.stringContaining('exit code'),
		});
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toMatch(/^muster: pulls no-such-image:1\nmuster: /);
		// It is not healthy before it is there.
		const health = rig.daemon.history.get(id)?.map(one => `${one.state} ${one.health} ${one.healthMessage ?? ''}`);
		expect(health).not.toContain('running none ');
	});

	test('are healthy when they run, and are asked for their health from then on', async () => {
		const id = run('echo ready; sleep 1000');
		await rig.status(id, ({state, health}) => state === 'running' && health === 'none');
		expect(rig.daemon.history.get(id)?.map(({health}) => health)).toContain('starting');
		expect(await docker.containers()).toEqual([`/muster-${id}`]);
		const health = {test: {type: 'command', command: ['test', '-e', '/fine']}, intervalMs: 200, timeoutMs: 5000};
		const asked = run('sleep 2; echo > /fine; sleep 1000', {
			health: {...health, retries: 100, startPeriodMs: 0} as never,
		});
		await rig.status(asked, one => one.health === 'healthy');
	});

	// It was said to run for ever.
	test('end when Docker is away, and with all that belongs to them', async () => {
		const open = new Set<Socket>();
		const way = createServer(client => {
			const further = connect(docker.socket);
			for (const [one, other] of [
				[client, further],
				[further, client],
			] as const) {
				open.add(one);
				one.pipe(other).on('error', () => {});
				one.on('error', () => {}).once('close', () => other.destroy());
			}
		}).listen(`${docker.socket}.way`);
		onTestFinished(() => void way.close());
		await once(way, 'listening');
		await rig.end();
		rig = await agentRig({DOCKER_HOST: `unix://${docker.socket}.way`}, {patienceMs});
		await rig.start();
		const id = run('echo ready; exec sleep 1000');
		await rig.status(id, ({state, health}) => state === 'running' && health === 'none');
		way.close();
		for (const socket of open) socket.destroy();
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 125});
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toMatch(/^muster: /);
		await until(async () => (await docker.containers()).length === 0);
	});

	test('that are started when nobody waits for them any more go, too', async () => {
		let isStarted = false;
		const way = createServer(client => {
			const further = connect(docker.socket).on('error', () => {});
			further.pipe(client).on('error', () => {});
			client
				.on('error', () => {})
				.on('data', part => {
					const id = /^POST \S*\/containers\/\w+\/start/.test(part.toString()) ? started : undefined;
					if (id === undefined || isStarted) {
						further.write(part);
						return;
					}

					// Docker hears of it when who has asked is gone, and that has been seen.
					for (const one of rig.processes(id)) signalProcess(one, 'SIGKILL');
					void rig.ended(id).then(() => {
						further.write(part);
						isStarted = true;
					});
				});
		}).listen(`${docker.socket}.late`);
		onTestFinished(() => void way.close());
		await once(way, 'listening');
		await rig.end();
		rig = await agentRig({DOCKER_HOST: `unix://${docker.socket}.late`}, {patienceMs});
		await rig.start();
		const started = run('exec sleep 1000');
		await until(() => isStarted);
		expect(await rig.ended(started)).toMatchObject({reason: 'supervisor killed'});
		await until(async () => (await docker.containers()).length === 0);
	});

	test('that take long to come are not taken for unhealthy', async () => {
		// Who answers is asked for an image that it never brings.
		const progress = {status: 'Downloading', id: 'one', progressDetail: {current: 25, total: 100}};
		const server = createHttpServer((request, response) => {
			if (request.url?.includes('/images/create')) {
				const timer = setInterval(() => response.write(`${JSON.stringify(progress)}\n`), 100);
				response.once('close', () => clearInterval(timer));
			} else {
				response.writeHead(404, {'content-type': 'application/json'}).end('{"message": "no such image"}');
			}
		});
		onTestFinished(() => {
			server.closeAllConnections();
			server.close();
		});
		await rig.end();
		rig = await agentRig({DOCKER_HOST: `unix://${docker.socket}.slow`}, {patienceMs});
		server.listen(`${docker.socket}.slow`);
		await once(server, 'listening');
		await rig.start();
		const id = rig.run(['docker:slow:1'], {
			health: {test: {type: 'tcp'}, intervalMs: 50, timeoutMs: 50, retries: 1, startPeriodMs: 0} as never,
			targets: [80],
		});
		// That comes after a second, in which it would have been asked many times.
		const said = 'pulls slow:1: 25 % of 1 layers';
		expect(await rig.status(id, ({healthMessage}) => healthMessage === said)).toMatchObject({
			state: 'running',
			health: 'starting',
		});
	});
}

/** Says a word to whoever comes. */
async function greet(host: string, word: string): Promise<{server: Server; port: number}> {
	const server = createServer(client => client.end(`${word}\n`)).listen({host, port: 0});
	await once(server, 'listening');
	return {server, port: (server.address() as AddressInfo).port};
}

function writeTable(
	file: string,
	{routes, names}: {routes: Array<{host: string; published: number}>; names: NameTable[]},
) {
	const whole = routes.map(route => ({...route, serviceId: 's', serviceName: 's', targets: []}));
	writeFileSync(`${file}.new`, JSON.stringify({serial: 1, routes: whole, names}));
	renameSync(`${file}.new`, file);
}
