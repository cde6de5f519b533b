import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {findCgroups} from '../../../../source/backends/local/agent/watch/cgroup.ts';
import {homeHash} from '../../../../source/backends/local/home.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../helpers/agent-rig.ts';

let rig: AgentRig;

afterEach(() => rig.end());

const MiB = 2 ** 20;
const greedy = [
	`exec:${process.execPath}`,
	'-e',
	'const all = []; setInterval(() => all.push(Buffer.alloc(10e6, 1)), 20)',
];
const available = findCgroups('/any');

/** The folders of this home's control groups, by controller. */
function groups(): string[] {
	const name = `muster-${homeHash(rig.home.root)}`;
	return ['memory', 'cpu']
		.map(controller => path.join('/sys/fs/cgroup', controller, name))
		.filter(folder => existsSync(folder));
}

describe.runIf(available?.version === 'v1')('by a control group', () => {
	test('memory: the kernel ends what has too much', async () => {
		rig = await agentRig();
		await rig.start();
		const id = rig.run(greedy, {limit: {memoryBytes: 100 * MiB}});
		expect(await rig.running(id)).toMatchObject({isolation: 'memory: cgroup v1'});
		expect(
			groups()
				.flatMap(folder => readdirSync(folder))
				.filter(name => name === id).length,
		).toBe(2);
		const {state, reason, exitCode} = await rig.ended(id);
		expect(reason).toMatch(/^out of memory \(limit 100 MiB, used (9\d|100) MiB\)$/);
		expect([state, exitCode]).toEqual(['failed', 137]);
		await until(() => groups().length === 0);
	});

	test('cpu: it gets what it is given, and its sessions are in it', async () => {
		rig = await agentRig();
		await rig.start();
		const id = rig.run(['exec:/bin/sh', '-c', 'while :; do :; done'], {limit: {cpus: 0.2}});
		expect(await rig.running(id)).toMatchObject({isolation: 'cpu: cgroup v1'});
		const cpus = await until(
			() => rig.daemon.usage.get(id)?.cpus,
			found => found !== undefined,
		);
		expect(cpus).toBeGreaterThan(0.02);
		expect(cpus).toBeLessThan(0.3);
	});

	test('is adopted, emptied and removed like the instance', async () => {
		rig = await agentRig();
		const agent = await rig.start();
		const script = 'env -i setsid sleep 62 & sleep 61';
		const id = rig.run(['exec:/bin/sh', '-c', script], {limit: {memoryBytes: 100 * MiB}});
		await rig.running(id);
		const pids = () =>
			groups().flatMap(folder =>
				readFileSync(path.join(folder, id, 'cgroup.procs'), 'utf8')
					.trim()
					.split('\n'),
			);
		await until(() => new Set(pids()).size === 4);
		await killHard(agent);
		await rig.start();
		rig.stop(id);
		await rig.ended(id);
		await until(() => groups().length === 0);
	});
});

describe('by sampling', () => {
	test('memory: what has too much is ended', async () => {
		rig = await agentRig({MUSTER_TEST_CGROUPS: 'none'});
		await rig.start();
		const id = rig.run(greedy, {limit: {memoryBytes: 150 * MiB, cpus: 1}});
		expect(await rig.running(id)).toMatchObject({isolation: 'memory: sampled, cpu: not enforced'});
		const {state, reason, exitCode} = await rig.ended(id);
		expect(reason).toMatch(/^out of memory \(limit 150 MiB, used \d+ [MG]iB\)$/);
		expect([state, exitCode]).toEqual(['failed', 137]);
		expect(rig.processes(id)).toEqual([]);
	});
});

test('use is told: of the whole group, and only of what runs', async () => {
	rig = await agentRig();
	await rig.start();
	const script = 'const all = Buffer.alloc(80e6, 1); setInterval(() => all.length, 1000)';
	const busy = rig.run(['exec:/bin/sh', '-c', `(while :; do :; done) & exec ${process.execPath} -e '${script}'`]);
	const idle = rig.run(['exec:/bin/sleep', '60']);
	const used = await until(
		() => rig.daemon.usage.get(busy),
		found => found?.cpus !== undefined,
	);
	expect(used!.cpus).toBeGreaterThan(0.1);
	expect(used!.memoryBytes).toBeGreaterThan(80e6);
	expect(rig.daemon.usage.get(idle)!.cpus).toBeLessThan(0.02);
	expect(rig.daemon.usage.get(idle)!.memoryBytes).toBeLessThan(20e6);
});
