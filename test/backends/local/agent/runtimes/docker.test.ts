import {once} from 'node:events';
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer, type Server} from 'node:net';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
	containerEnvironment,
	containerPlace,
} from '../../../../../source/backends/local/agent/runtimes/docker-order.ts';
import {identify} from '../../../../../source/backends/local/process-identity.ts';
import type {NameTable} from '../../../../../source/orchestrator/balancer.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../../helpers/agent-rig.ts';
import {dockerImage, dockerLack, startDocker} from '../../../../helpers/docker.ts';
import {openSession} from '../../../../helpers/session-client.ts';

test('what a container is given speaks of the container, not of the machine', () => {
	const environment = {
		PATH: '/x',
		TZ: 'UTC',
		PORT: '20001',
		PORT_80: '20001',
		MUSTER_INSTANCE: 'i',
		MUSTER_CONFIGS: '/h',
		MUSTER_SERVICE_DB_HOST: '127.9.1.1',
		A: 'b',
	};
	const assignment = {template: {env: {TZ: 'UTC'}, secrets: [{source: 's'}]}, targets: [80]} as never;
	const given = {
		TZ: 'UTC',
		MUSTER_INSTANCE: 'i',
		A: 'b',
		MUSTER_SECRETS: '/run/secrets',
		PORT: '80',
		PORT_80: '80',
	};
	expect(containerEnvironment(environment, assignment, {onNetworks: false})).toEqual(given);
	expect(containerEnvironment(environment, assignment, {onNetworks: true})).toEqual({
		...given,
		MUSTER_SERVICE_DB_HOST: '127.9.1.1',
	});
	expect([
		containerPlace('secrets', 'db'),
		containerPlace('configs', 'app'),
		containerPlace('mounts', 'data'),
		containerPlace('secrets', '/etc/key'),
	]).toEqual(['/run/secrets/db', '/app', '/data', '/etc/key']);
});

describe.skipIf(dockerLack !== undefined)(`containers${dockerLack === undefined ? '' : ` (${dockerLack})`}`, () => {
	let docker: Awaited<ReturnType<typeof startDocker>>;
	let rig: AgentRig;
	const run = (script: string, change: Parameters<AgentRig['run']>[1] = {}, given?: Parameters<AgentRig['run']>[2]) =>
		rig.run([`docker:${dockerImage}`, '/bin/sh', '-c', script], change, given);

	beforeAll(async () => {
		docker = await startDocker();
	}, 90_000);
	afterAll(() => docker?.end(), 60_000);
	beforeEach(async () => {
		rig = await agentRig({DOCKER_HOST: `unix://${docker.socket}`});
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

	test('can be attached to: what is typed goes in, with a terminal or without, and its end too', async () => {
		await until(() => rig.daemon.servingAt);
		const attach = async (id: string, size?: {columns: number; rows: number}) => {
			await rig.running(id);
			return openSession(rig.daemon.servingAt ?? '', {type: 'attach', instanceId: id, size});
		};

		const piped = run('while read line; do echo "got $line"; done; echo over >&2; exit 4', {openStdin: true});
		const pipe = await attach(piped);
		pipe.type('one\n');
		await until(() => pipe.stdout === 'got one\n');
		pipe.send({type: 'end'});
		await until(() => pipe.isClosed);
		expect([pipe.stderr, pipe.exit]).toEqual(['over\n', 4]);
		expect(rig.stdout(piped)).toBe('got one\n');

		const resized = 'while [ "$(stty size)" = "43 132" ]; do sleep 0.05; done; stty size';
		const shown = run(`echo ready; read x; stty size; ${resized}; read x; exit 5`, {tty: true});
		const terminal = await attach(shown, {columns: 132, rows: 43});
		await until(() => terminal.stdout.includes('ready\r\n'));
		terminal.type('\n');
		await until(() => terminal.stdout.includes('43 132'));
		terminal.send({type: 'resize', columns: 100, rows: 30});
		await until(() => terminal.stdout.includes('30 100'));
		terminal.type('\n');
		await until(() => terminal.isClosed);
		expect(terminal.exit).toBe(5);

		const idle = run('cat', {openStdin: true});
		const holder = await attach(idle);
		rig.stop(idle);
		expect(await rig.ended(idle)).toMatchObject({state: 'stopped'});
		await until(() => holder.isClosed);
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
			until nc late ${late}; do sleep 0.05; done; until ! nc 127.9.1.1 ${db}; do sleep 0.05; done; echo over`,
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

	test('of an image that is nowhere say so', async () => {
		const id = rig.run(['docker:no-such-image:1']);
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 125});
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toMatch(/^muster: pulls no-such-image:1\nmuster: /);
	});
});

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
