import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {nodePaths} from '../../../../source/backends/local/home.ts';
import {writeAssignment, writeNotes} from '../../../../source/backends/local/instance-notes.ts';
import {isRunning} from '../../../../source/backends/local/system/process-identity.ts';
import {leaseMs} from '../../../../source/core/lease.ts';
import type {Image} from '../../../../source/core/model/index.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../helpers/agent-rig.ts';

let rig: AgentRig;

beforeEach(async () => {
	rig = await agentRig();
});

afterEach(() => rig.end());

const answersAtSocket = {
	name: 'app',
	path: '/bin',
	command: ['/bin/sleep', '60'],
	env: {},
	port: 80,
	socket: true,
} as unknown as Image;
const sleeper = ['exec:/bin/sleep', '60'];

/** Stopped by SIGSTOP for certain. */
async function freeze(pid: number) {
	process.kill(pid, 'SIGSTOP');
	await until(() => readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') T '));
}

/** Longer than an agent may be held up without asking for a new welcome. */
function longerThanHalfALease() {
	return new Promise(resolve => setTimeout(resolve, leaseMs / 2 + 1200));
}

describe('a killed agent', () => {
	test('is followed by one that adopts, and touches nothing', async () => {
		const agent = await rig.start();
		const ids = [rig.run(sleeper, {targets: [80]}), rig.run(sleeper)];
		const before = await Promise.all(ids.map(id => rig.running(id)));
		const processes = ids.map(id => rig.processes(id));
		await killHard(agent);
		await rig.start();
		expect(rig.daemon.hellos.at(-1)!.reports.map(({status}) => status)).toEqual(before);
		expect(ids.map(id => rig.processes(id))).toEqual(processes);
		rig.stop(ids[0]!);
		expect(await rig.ended(ids[0]!)).toMatchObject({state: 'stopped', exitCode: 143});
		process.kill(before[1]!.pid!, 'SIGKILL');
		expect(await rig.ended(ids[1]!)).toMatchObject({state: 'failed', reason: 'killed by SIGKILL'});
	});

	test('what ended meanwhile is told as it was', async () => {
		const agent = await rig.start();
		const scripts = [
			'sleep 0.5; exit 0',
			'sleep 0.5; exit 7',
			'sleep 0.5; kill -9 $$',
			'sleep 60',
			'setsid sleep 61 & sleep 0.5; exit 0',
		];
		const ids = scripts.map(script => rig.run(['exec:/bin/sh', '-c', script]));
		await Promise.all(ids.map(id => rig.running(id)));
		await killHard(agent);
		await killHard(rig.shim(ids[3]!));
		await until(() => !ids.some(id => isRunning(rig.shim(id))));
		await rig.start();
		const told = await Promise.all(ids.map(id => rig.ended(id)));
		expect(told.map(({state, reason = 'well'}) => `${state}: ${reason}`)).toEqual([
			'completed: well',
			'failed: exit code 7',
			'failed: killed by SIGKILL',
			'failed: supervisor killed',
			'completed: well',
		]);
		expect(ids.flatMap(id => rig.processes(id))).toEqual([]);
	});

	test('one that was to stop is told as stopped, whoever saw it end', async () => {
		const agent = await rig.start();
		const id = rig.run(['exec:/bin/sh', '-c', 'trap "sleep 0.5; exit 0" TERM; while :; do sleep 0.05; done']);
		await rig.running(id);
		rig.stop(id, 'drained');
		await until(() => rig.notes(id).status?.stop?.reason === 'drained');
		await killHard(agent);
		await until(() => !isRunning(rig.shim(id)));
		await rig.start();
		expect(await rig.ended(id)).toMatchObject({state: 'stopped', reason: 'drained', exitCode: 0});
	});

	test('what it started and could not note any more is found', async () => {
		const agent = await rig.start();
		const id = rig.run([], {image: answersAtSocket, targets: [80, 81]});
		const {endpoints} = await rig.running(id);
		const {socket} = rig.paths(id);
		expect(endpoints).toMatchObject([{target: 80, socket}, {target: 81}]);
		expect(endpoints[1]).not.toHaveProperty('socket');
		const shim = rig.shim(id);
		expect(readFileSync(`/proc/${shim.pid}/environ`, 'utf8').split('\0')).toContain(`MUSTER_SOCKET=${socket}`);
		await killHard(agent);
		writeAssignment(rig.paths(id).notes, rig.notes(id).assignment!);
		await rig.start();
		expect(await rig.running(id)).toMatchObject({state: 'running', endpoints});
		rig.daemon.send({type: 'run', assignment: rig.notes(id).assignment!});
		rig.stop(id);
		await rig.ended(id);
		expect(isRunning(shim)).toBe(false);
	});

	test('what it had not started waits for the daemon’s word', async () => {
		const agent = await rig.start();
		const id = rig.run(sleeper);
		await rig.running(id);
		const assignment = rig.notes(id).assignment!;
		await killHard(agent);
		await killHard(rig.shim(id));
		for (const {pid} of rig.processes(id)) process.kill(pid, 'SIGKILL');
		writeAssignment(rig.paths(id).notes, assignment);
		await rig.start();
		expect(rig.daemon.hellos.at(-1)!.reports).toMatchObject([{instanceId: id, status: {state: 'preparing'}}]);
		rig.daemon.send({type: 'run', assignment});
		await rig.running(id);
		expect(rig.processes(id).length).toBe(2);
	});

	test('after a start of the machine all are lost', async () => {
		const agent = await rig.start();
		const id = rig.run(sleeper);
		await rig.running(id);
		await killHard(agent);
		const {assignment, process: note, status} = rig.notes(id);
		writeNotes(rig.paths(id).notes, assignment!, {...note!, bootId: 'earlier'}, status);
		for (const one of rig.processes(id)) await killHard(one);
		await rig.start();
		expect(await rig.ended(id)).toMatchObject({state: 'lost', reason: 'the machine was restarted'});
	});

	test('under a new generation its instances are lost and end', async () => {
		const agent = await rig.start(1);
		const id = rig.run(sleeper);
		await rig.running(id);
		await killHard(agent);
		await rig.start(2);
		expect(await rig.ended(id)).toMatchObject({state: 'lost', reason: 'its node went down'});
		expect(rig.processes(id)).toEqual([]);
	});
});

describe('a stopped agent that goes on', () => {
	test('asks for a new welcome before it does anything', async () => {
		const {pid} = await rig.start();
		const id = rig.run(sleeper);
		const stubborn = rig.run(['exec:/bin/sh', '-c', 'trap "echo no" TERM; echo up; while :; do sleep 0.05; done'], {
			stopGraceMs: 1000,
		});
		await Promise.all([id, stubborn].map(each => rig.running(each)));
		await until(() => rig.stdout(stubborn).includes('up'));
		rig.stop(stubborn);
		await until(() => rig.stdout(stubborn).includes('no'));
		await freeze(pid);
		rig.stop(id);
		const late = rig.run(sleeper);
		await longerThanHalfALease();
		rig.daemon.answers = false;
		process.kill(pid, 'SIGCONT');
		await until(() => rig.daemon.hellos.length === 2);
		await new Promise(resolve => setTimeout(resolve, 500));
		expect([id, stubborn].map(each => isRunning(rig.shim(each)))).toEqual([true, true]);
		expect(rig.processes(late)).toEqual([]);
		rig.daemon.welcome();
		expect(await rig.ended(stubborn)).toMatchObject({state: 'stopped', reason: 'scaled down, killed after 1s'});
		rig.stop(id);
		await rig.ended(id);
	});

	test('does not take an old welcome for a new one', async () => {
		rig.daemon.answers = false;
		const {pid} = rig.spawn(1);
		await until(() => rig.daemon.hellos.length === 1);
		await freeze(pid!);
		rig.daemon.welcome();
		const id = rig.run(sleeper);
		await longerThanHalfALease();
		process.kill(pid!, 'SIGCONT');
		await until(() => rig.daemon.hellos.length === 2);
		await new Promise(resolve => setTimeout(resolve, 500));
		expect(rig.processes(id)).toEqual([]);
	});

	test('and ends untouched when it is refused', async () => {
		const agent = await rig.start();
		const id = rig.run(sleeper);
		await rig.running(id);
		const before = rig.processes(id);
		await freeze(agent.pid);
		rig.stop(id);
		await longerThanHalfALease();
		rig.daemon.generation = 2;
		process.kill(agent.pid, 'SIGCONT');
		await until(() => !isRunning(agent));
		expect(rig.processes(id)).toEqual(before);
	});

	test('or when its node has another agent by then', async () => {
		const agent = await rig.start();
		const id = rig.run(sleeper);
		await rig.running(id);
		const before = rig.processes(id);
		const {agentInfo} = nodePaths(rig.home, 'n1');
		const note = JSON.parse(readFileSync(agentInfo, 'utf8'));
		writeFileSync(agentInfo, JSON.stringify({...note, startTime: 1, generation: 2}));
		await until(() => !isRunning(agent));
		expect(rig.processes(id)).toEqual(before);
	});
});

describe('the claim on a node', () => {
	test('is for one agent of a generation', async () => {
		const agent = await rig.start();
		const [code] = await once(rig.spawn(1), 'exit');
		expect(code).toBe(4);
		expect(rig.log()).toContain(`process ${agent.pid} is the agent of this node`);
		expect(isRunning(agent)).toBe(true);
	});

	test('is not given to one of an earlier generation', async () => {
		await rig.start(2);
		const [code] = await once(rig.spawn(1), 'exit');
		expect(code).toBe(4);
	});

	test('is taken from an earlier one', async () => {
		const agent = await rig.start(1);
		await rig.start(2);
		expect(isRunning(agent)).toBe(false);
	});
});

describe('a daemon that is gone', () => {
	test('is started', async () => {
		await rig.start();
		await rig.daemon.close();
		await until(() => rig.hasStartedDaemon);
	});

	test('is not, when it was stopped on purpose; instances go on, the next one is told', async () => {
		const agent = await rig.start();
		const [id, ending] = [rig.run(sleeper), rig.run(['exec:/bin/sh', '-c', 'sleep 2.5; exit 3'])];
		await Promise.all([id, ending].map(each => rig.running(each)));
		const before = rig.processes(id);
		writeFileSync(rig.home.stopped, '');
		await rig.daemon.close();
		await until(() => rig.processes(ending).length === 0);
		expect(rig.hasStartedDaemon).toBe(false);
		expect(isRunning(agent)).toBe(true);
		await rig.nextDaemon();
		expect(await rig.ended(ending)).toMatchObject({state: 'failed', exitCode: 3});
		expect(rig.daemon.status(id)).toMatchObject({state: 'running'});
		expect(rig.processes(id)).toEqual(before);
	});
});

test('a dropped connection is made anew, and told all', async () => {
	await rig.start();
	const id = rig.run(sleeper);
	await rig.running(id);
	rig.daemon.drop();
	await until(() => rig.daemon.isLinked);
	expect(rig.daemon.hellos.at(-1)!.reports).toMatchObject([{instanceId: id, status: {state: 'running'}}]);
	const beats = rig.daemon.heartbeats;
	await until(() => rig.daemon.heartbeats >= beats + 3);
});
