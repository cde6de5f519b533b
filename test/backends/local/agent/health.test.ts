import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {HealthCheck} from '../../../../source/core/model/index.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../helpers/agent-rig.ts';

let rig: AgentRig;

beforeEach(async () => {
	rig = await agentRig();
	await rig.start();
});

afterEach(() => rig.end());

const check: HealthCheck = {
	test: {type: 'http', path: '/health?x=ü'},
	intervalMs: 150,
	timeoutMs: 2000,
	retries: 2,
	startPeriodMs: 0,
};

/** For what has to start first, which takes its time on a busy machine. */
const patientCheck = {...check, startPeriodMs: 20_000};

/** Answers with what stands in the file `status` in its folder; else with 200. */
const server = [
	`exec:${process.execPath}`,
	'-e',
	`const fs = require('fs');
	require('http').createServer((request, response) => {
		try { response.statusCode = Number(fs.readFileSync('status', 'utf8')); } catch {}
		if (request.url !== '/health?x=%C3%BC') response.statusCode = 400;
		response.end('hello');
	}).listen(process.env.PORT, '127.0.0.1');`,
];

const seen = (id: string) =>
	rig.daemon.history
		.get(id)!
		.map(({health}) => health)
		.filter((health, at, all) => health !== all[at - 1]);

describe('health', () => {
	test('by HTTP: starting, healthy, unhealthy, healthy again', async () => {
		const id = rig.run(server, {health: patientCheck, targets: [80]});
		await rig.status(id, ({health}) => health === 'healthy');
		expect(seen(id)).toEqual(['starting', 'healthy']);
		writeFileSync(path.join(rig.paths(id).work, 'status'), '503');
		expect(await rig.status(id, ({health}) => health === 'unhealthy')).toMatchObject({
			state: 'running',
			healthMessage: 'status 503',
		});
		writeFileSync(path.join(rig.paths(id).work, 'status'), '204');
		expect((await rig.status(id, ({health}) => health === 'healthy')).healthMessage).toBeUndefined();
	});

	test("is asked of nobody where the image's own check is not to be made", async () => {
		const image = {name: 'ill', command: ['/bin/false'], env: {}, path: '/', health: check} as never;
		const id = rig.run(['ill', '/bin/sleep', '1000'], {image, container: {noHealthcheck: true}, targets: [80]});
		expect((await rig.running(id)).health).toBe('none');
		expect(seen(id)).toEqual(['none']);
	});

	test('by a connection, to a port by its target', async () => {
		const test = {type: 'tcp', port: 81} as const;
		const script = "require('net').createServer(() => {}).listen(process.env.PORT_81, '127.0.0.1')";
		const id = rig.run([`exec:${process.execPath}`, '-e', script], {health: {...check, test}, targets: [80, 81]});
		await rig.status(id, ({health}) => health === 'healthy');
		const other = rig.run(['exec:/bin/sleep', '60'], {health: {...check, test}, targets: [80, 81]});
		const {healthMessage} = await rig.status(other, ({health}) => health === 'unhealthy');
		expect(healthMessage).toBe('connection refused');
	});

	test('by a command in the environment of the instance', async () => {
		const command = ['sh', '-c', 'echo "it is $COLOUR"; test -f well'];
		const id = rig.run(['exec:/bin/sleep', '60'], {
			health: {...check, test: {type: 'command', command}},
			env: {COLOUR: 'red'},
		});
		const {healthMessage} = await rig.status(id, ({health}) => health === 'unhealthy');
		expect(healthMessage).toBe('exit code 1: it is red');
		writeFileSync(path.join(rig.paths(id).work, 'well'), '');
		await rig.status(id, ({health}) => health === 'healthy');
	});

	test('a command that takes too long is ended, with all that it started', async () => {
		const command = ['sh', '-c', 'sleep 71 & sleep 72'];
		const id = rig.run(['exec:/bin/sleep', '60'], {
			health: {...check, timeoutMs: 200, retries: 1, test: {type: 'command', command}},
		});
		const {healthMessage} = await rig.status(id, ({health}) => health === 'unhealthy');
		expect(healthMessage).toBe('not done within 200 ms');
		rig.stop(id);
		await rig.ended(id);
		expect(rig.processes(id)).toEqual([]);
	});

	test('is known still after the agent’s death', async () => {
		const id = rig.run(server, {health: check, targets: [80]});
		await rig.status(id, ({health}) => health === 'healthy');
		await killHard(rig.agents()[0]!);
		await rig.start();
		expect(rig.daemon.hellos.at(-1)!.reports).toMatchObject([{status: {health: 'healthy'}}]);
		writeFileSync(path.join(rig.paths(id).work, 'status'), '500');
		await rig.status(id, ({health}) => health === 'unhealthy');
	});
});

describe('a lost race for a port', () => {
	/** Somebody takes the port that it was given, between its choice and its start: the first start only. */
	const robbed = [
		'exec:/bin/sh',
		'-c',
		`if [ ! -e robbed ]; then
			echo $PORT >robbed
			env -u MUSTER_INSTANCE setsid ${process.execPath} -e "require('net').createServer().listen($PORT, '127.0.0.1'); setTimeout(process.exit, 3000)" &
			sleep 0.5
		fi
		exec ${process.execPath} -e "require('net').createServer().listen(process.env.PORT, '127.0.0.1')"`,
	];

	test('is run again with another, as the same instance', async () => {
		const id = rig.run(robbed, {targets: [80]});
		const {
			endpoints: [first],
		} = await rig.running(id);
		await until(() => existsSync(path.join(rig.paths(id).work, 'robbed')));
		const {
			endpoints: [second],
		} = await rig.status(id, ({endpoints}) => endpoints[0] !== undefined && endpoints[0].port !== first!.port);
		expect(second!.port).not.toBe(first!.port);
		await rig.running(id);
		expect(new Set(rig.daemon.history.get(id)!.map(({state}) => state))).toEqual(new Set(['running']));
	});

	test('one that ends at once by its own fault has failed', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'exit 1'], {targets: [80]});
		expect(await rig.ended(id)).toMatchObject({state: 'failed', reason: 'exit code 1'});
	});
});
