import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {isRunning} from '../../../../source/backends/local/system/process-identity.ts';
import {type AgentRig, agentRig, until} from '../../../helpers/agent-rig.ts';

let rig: AgentRig;

beforeEach(async () => {
	rig = await agentRig({DOCKER_HOST: 'unix:///no/such/docker.sock'});
	await rig.start();
});

afterEach(() => rig.end());

describe('an instance', () => {
	test('runs with its environment, its output in its logs', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'env; pwd; echo oops >&2; exec sleep 60'], {
			env: {COLOUR: 'red'},
			targets: [80],
		});
		const status = await rig.running(id);
		expect(status).toMatchObject({state: 'running', health: 'none', startedAt: expect.any(Number)});
		const [endpoint] = status.endpoints;
		expect(endpoint).toMatchObject({target: 80, host: '127.0.0.1'});
		expect(endpoint!.port).toBeGreaterThanOrEqual(20_000);
		expect(endpoint!.port).toBeLessThan(30_000);
		const lines = rig.stdout(id).trim().split('\n');
		expect(lines.at(-1)).toBe(rig.paths(id).work);
		const names = lines.slice(0, -1).map(line => line.split('=')[0]);
		expect(names.toSorted()).toEqual([
			'COLOUR',
			'HOME',
			'LANG',
			'MUSTER_HOME',
			'MUSTER_INSTANCE',
			'MUSTER_INSTANCE_NAME',
			'MUSTER_NODE',
			'MUSTER_SERVICE',
			'MUSTER_SLOT',
			'MUSTER_VERSION',
			'PATH',
			'PORT',
			'PORT_80',
			'PWD',
			'TZ',
		]);
		expect(lines).toContain(`PORT=${endpoint!.port}`);
		expect(lines).toContain(`MUSTER_INSTANCE=${id}`);
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toBe('oops\n');
		expect(readFileSync(`/proc/${status.pid}/comm`, 'utf8')).toBe('sleep\n');
	});

	test.each([
		['exit 0', {state: 'completed', exitCode: 0, reason: undefined}],
		['exit 3', {state: 'failed', exitCode: 3, reason: 'exit code 3'}],
		['exit 137', {state: 'failed', exitCode: 137, reason: 'exit code 137'}],
		['kill -KILL $$', {state: 'failed', exitCode: 137, reason: 'killed by SIGKILL'}],
		['kill -SEGV $$', {state: 'failed', exitCode: 139, reason: 'killed by SIGSEGV'}],
	])('%s', async (script, expected) => {
		const id = rig.run(['exec:/bin/sh', '-c', script]);
		const {state, exitCode, reason} = await rig.ended(id);
		expect({state, exitCode, reason}).toEqual(expected);
		expect(readFileSync(rig.paths(id).stderr, 'utf8')).toBe('');
	});

	test.each([
		['exec:/no/such', 'no such file: /no/such'],
		['exec:/etc/passwd', 'not permitted to run: /etc/passwd'],
		['exec:/tmp', 'not a file: /tmp'],
		['exec:no-such-word', 'no such executable on the PATH: no-such-word'],
		['docker:nginx', 'no Docker on this machine for docker:nginx: there is no socket to ask'],
	])('%s is rejected', async (image, reason) => {
		const id = rig.run([image]);
		expect(await rig.ended(id)).toMatchObject({state: 'rejected', reason});
	});

	test('of another generation is rejected', async () => {
		const id = rig.run(['exec:/bin/true'], {nodeGeneration: 7});
		expect((await rig.ended(id)).reason).toBe('placed under generation 7 of its node, which has 1');
	});

	test('is stopped by its signal', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'trap "echo bye; exit 5" USR1; while :; do sleep 0.05; done'], {
			stopSignal: 'USR1',
		});
		await rig.running(id);
		rig.stop(id);
		rig.stop(id, 'again');
		expect(await rig.ended(id)).toMatchObject({state: 'stopped', reason: 'scaled down', exitCode: 5});
		expect(rig.stdout(id)).toBe('bye\n');
	});

	test('that does not listen is killed after its grace', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'], {
			stopGraceMs: 300,
		});
		await rig.running(id);
		await until(() => rig.stdout(id) === 'up\n');
		rig.stop(id);
		expect(await rig.ended(id)).toMatchObject({
			state: 'stopped',
			reason: 'scaled down, killed after 300ms',
			exitCode: 137,
		});
		expect(rig.processes(id)).toEqual([]);
	});

	test('that a user kills has failed', async () => {
		const id = rig.run(['exec:/bin/sleep', '60']);
		await rig.running(id);
		rig.daemon.kill(id, 'SIGKILL');
		expect(await rig.ended(id)).toMatchObject({state: 'failed', reason: 'killed by SIGKILL', exitCode: 137});
		const other = rig.run(['exec:/bin/sleep', '60']);
		await rig.running(other);
		rig.daemon.kill(other, 'INT');
		expect(await rig.ended(other)).toMatchObject({state: 'failed', reason: 'killed by SIGINT', exitCode: 130});
	});

	test('whose shim is killed has failed, and nothing of it is left', async () => {
		const id = rig.run(['exec:/bin/sleep', '60']);
		await rig.running(id);
		process.kill(rig.shim(id).pid, 'SIGKILL');
		expect(await rig.ended(id)).toMatchObject({state: 'failed', reason: 'supervisor killed'});
		expect(rig.processes(id)).toEqual([]);
	});

	test('leaves nothing running, wherever it went', async () => {
		const id = rig.run([
			'exec:/bin/sh',
			'-c',
			'sleep 61 & setsid sleep 62 & setsid setsid sh -c "sleep 63 & sleep 64" & until [ -e go ]; do sleep 0.05; done; exit 4',
		]);
		await until(() => rig.processes(id).length >= 6);
		const all = rig.processes(id);
		writeFileSync(path.join(rig.paths(id).work, 'go'), '');
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 4});
		expect(all.filter(one => isRunning(one))).toEqual([]);
	});

	test('is forgotten with all its files', async () => {
		const id = rig.run(['exec:/bin/true']);
		await rig.ended(id);
		expect(existsSync(rig.paths(id).folder)).toBe(true);
		rig.daemon.send({type: 'forget', instanceId: id});
		await until(() => !existsSync(rig.paths(id).folder));
	});

	test('that nobody knows is stopped', async () => {
		rig.stop('unknown', 'removed');
		expect(await rig.ended('unknown')).toMatchObject({state: 'stopped', reason: 'removed'});
	});
});
