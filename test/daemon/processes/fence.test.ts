import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {type Home, homeOf, instancePaths, nodePaths, prepareHome} from '../../../source/backends/local/home.ts';
import {writeAssignment, writeNotes} from '../../../source/backends/local/instance-notes.ts';
import {
	identify,
	isRunning,
	type ProcessIdentity,
	signalProcess,
} from '../../../source/backends/local/system/process-identity.ts';
import {findInstanceProcesses} from '../../../source/backends/local/system/process-scan.ts';
import type {InstanceStatus} from '../../../source/core/model/index.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import {clearInstances, endNode} from '../../../source/daemon/processes/fence.ts';
import {anAssignment, plainTemplate} from '../../helpers/assignment.ts';

let home: Home;
let children: ChildProcess[] = [];

beforeEach(() => {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-fence-'));
	home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	prepareHome(home);
});

afterEach(() => {
	for (const child of children) {
		child.kill('SIGKILL');
	}

	children = [];
	for (const root of [home.root, '/other']) {
		for (const left of findInstanceProcesses(root)) {
			signalProcess(left, 'SIGKILL');
		}
	}

	rmSync(home.root, {recursive: true, force: true});
});

/** A process that leads its group; one of an instance with a child of its own that has left the group. */
async function start(env: Record<string, string>, args: readonly string[] = []): Promise<ProcessIdentity> {
	const leaving = env.MUSTER_INSTANCE ? 'setsid sleep 600 &' : '';
	const child = spawn('sh', ['-c', `${leaving} echo up; exec sleep 600`, ...args], {
		detached: true,
		stdio: ['ignore', 'pipe', 'ignore'],
		env: {PATH: process.env.PATH, ...env},
	});
	children.push(child);
	await new Promise(resolve => child.stdout?.once('data', resolve));
	const found = identify(child.pid ?? 0);
	if (!found) {
		throw new Error('it has ended');
	}

	return found;
}

/** As its agent would. */
function note(file: string, leader: ProcessIdentity): void {
	const assignment = anAssignment();
	writeAssignment(file, assignment);
	writeNotes(file, assignment, {
		...leader,
		startedAt: 0,
		starts: 1,
		endpoints: [],
		inCgroup: false,
		samplesMemory: false,
	});
}

async function startInstance(node: string, id: string, {root = home.root, isRecorded = true} = {}) {
	const paths = instancePaths(home, node, id);
	mkdirSync(paths.work, {recursive: true});
	const leader = await start({MUSTER_HOME: root, MUSTER_INSTANCE: id});
	writeFileSync(paths.stdout, 'said\n');
	if (isRecorded) {
		note(paths.notes, leader);
	}

	return leader;
}

test('ends the agent, instances with what left their group, and what was not yet recorded; nobody else', async () => {
	const agent = await start({MUSTER_HOME: home.root});
	mkdirSync(nodePaths(home, 'n1').folder, {recursive: true});
	writeFileSync(nodePaths(home, 'n1').agentInfo, JSON.stringify({...agent, generation: 1}));
	const recorded = await startInstance('n1', 'aaa');
	const unrecorded = await startInstance('n1', 'bbb', {isRecorded: false});
	const otherNode = await startInstance('n2', 'ccc');
	const otherHome = await startInstance('n1', 'ddd', {root: '/other', isRecorded: false});

	await endNode(home, 'n1', realClock);

	expect([agent, recorded, unrecorded].map(isRunning)).toEqual([false, false, false]);
	expect([otherNode, otherHome].map(isRunning)).toEqual([true, true]);
	expect(findInstanceProcesses(home.root, new Set(['aaa', 'bbb']))).toEqual([]);
	expect(findInstanceProcesses(home.root, new Set(['ccc'])).length).toBe(2);
});

test('an agent that is known by its command line only', async () => {
	const agent = await start({MUSTER_HOME: home.root}, ['dist/muster', 'agent', 'n1']);
	const other = await start({MUSTER_HOME: home.root}, ['dist/muster', 'agent', 'n2']);
	// `exec sleep` has changed the words: this one keeps them.
	const script = spawn('sh', ['-c', 'while :; do sleep 1; done', 'dist/muster', 'agent', 'n1'], {
		detached: true,
		stdio: 'ignore',
		env: {PATH: process.env.PATH, MUSTER_HOME: home.root},
	});
	children.push(script);
	const kept = identify(script.pid ?? 0);
	await endNode(home, 'n1', realClock);
	expect(kept && isRunning(kept)).toBe(false);
	expect([agent, other].map(isRunning)).toEqual([true, true]);
});

test('a pid that was used again is left alone', async () => {
	const stranger = await start({});
	mkdirSync(instancePaths(home, 'n1', 'aaa').folder, {recursive: true});
	note(instancePaths(home, 'n1', 'aaa').notes, {...stranger, startTime: stranger.startTime - 1});
	writeFileSync(nodePaths(home, 'n1').agentInfo, JSON.stringify({...stranger, bootId: 'an earlier one'}));
	await endNode(home, 'n1', realClock);
	expect(isRunning(stranger)).toBe(true);
});

// Docker may just have been asked to start it: no process tells of it yet.
test('containers of what has not ended are removed, with those that hold their networks', async () => {
	const removed: string[] = [];
	const socket = path.join(home.root, 'docker.sock');
	const docker = createServer(({method, url}, answer) => {
		removed.push(`${method} ${url}`);
		answer.writeHead(404).end();
	}).listen(socket);
	vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
	onTestFinished(() => {
		vi.unstubAllEnvs();
		docker.close();
	});
	await once(docker, 'listening');
	const noted = (id: string, image: string, state?: 'failed') => {
		mkdirSync(instancePaths(home, 'n1', id).folder, {recursive: true});
		const assignment = anAssignment({template: {...plainTemplate, image}});
		writeAssignment(instancePaths(home, 'n1', id).notes, assignment);
		const status = state && {status: {state, at: 0, health: 'none', endpoints: []} as InstanceStatus};
		writeNotes(instancePaths(home, 'n1', id).notes, assignment, undefined, status);
	};
	noted('aaa', 'docker:web:1');
	noted('bbb', 'docker:web:1', 'failed');
	noted('ccc', 'exec:/bin/sh');
	await endNode(home, 'n1', realClock);
	expect(removed.sort()).toEqual([
		'DELETE /containers/muster-aaa-net?force=1',
		'DELETE /containers/muster-aaa?force=1',
	]);
});

test('afterwards only the logs are there', async () => {
	const paths = instancePaths(home, 'n1', 'aaa');
	await startInstance('n1', 'aaa');
	await endNode(home, 'n1', realClock);
	clearInstances(home, 'n1');
	expect(readFileSync(paths.stdout, 'utf8')).toBe('said\n');
	expect([paths.notes, paths.work].map(file => existsSync(file))).toEqual([false, false]);
});
