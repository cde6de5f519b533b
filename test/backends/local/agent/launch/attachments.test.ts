import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {secretFolder} from '../../../../../source/backends/local/system/secret-folder.ts';
import type {DeliveredFile} from '../../../../../source/orchestrator/fleet.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../../helpers/agent-rig.ts';

let rig: AgentRig;

beforeEach(async () => {
	rig = await agentRig();
	await rig.start();
});

afterEach(async () => {
	await rig.end();
	rmSync(path.dirname(secretFolder(rig.home).folder), {recursive: true, force: true});
});

function delivered(kind: 'config' | 'secret', source: string, content: string, version = 1): DeliveredFile {
	return {kind, source, version, base64: Buffer.from(content).toString('base64')};
}

function folder(): string {
	const made = mkdtempSync(path.join(tmpdir(), 'muster-mount-'));
	onTestFinished(() => rmSync(made, {recursive: true, force: true}));
	return made;
}

/** All files of the home, but what instances print. */
function filesWith(text: string): string[] {
	return readdirSync(rig.home.root, {recursive: true, encoding: 'utf8'})
		.map(file => path.join(rig.home.root, file))
		.filter(file => statSync(file, {throwIfNoEntry: false})?.isFile() && !/std(out|err)\.log/.test(file))
		.filter(file => readFileSync(file).includes(text));
}

test('configs and secrets are files with their modes; no secret reaches the disk, and all are gone in the end', async () => {
	const script =
		'cat "$MUSTER_CONFIGS/app.conf" "$MUSTER_SECRETS/sub/key"; echo "$URL"; stat -c %a "$MUSTER_CONFIGS/app.conf" "$MUSTER_SECRETS/sub/key"; exec sleep 60';
	const id = rig.run(
		['exec:/bin/sh', '-c', script],
		{
			configs: [{source: 'app', target: 'app.conf', version: 1}],
			secrets: [{source: 'key', target: 'sub/key', mode: 0o440}],
			env: {URL: 'x:{{secret "key"}}@{{.Task.Slot}}'},
		},
		{files: [delivered('config', 'app', 'colour=red\n'), delivered('secret', 'key', 'hunter2\n')]},
	);
	await rig.running(id);
	await until(() => rig.stdout(id).split('\n').length > 5);
	expect(rig.stdout(id)).toBe('colour=red\nhunter2\nx:hunter2@1\n444\n440\n');
	expect(filesWith('hunter2')).toEqual([]);
	expect(filesWith(Buffer.from('hunter2').toString('base64').slice(0, 8))).toEqual([]);
	const {folder: secrets, isInMemory} = secretFolder(rig.home);
	expect(isInMemory).toBe(true);
	expect(statSync(secrets).mode & 0o777).toBe(0o700);
	expect(existsSync(path.join(secrets, 'n1', id))).toBe(true);
	rig.stop(id);
	await rig.ended(id);
	expect(existsSync(path.join(secrets, 'n1', id))).toBe(false);
});

test('a new version is written in place, and who asked for a signal gets it once', async () => {
	const script = 'trap \'echo hup; cat "$MUSTER_SECRETS/key"\' HUP; echo ready; while :; do sleep 0.05; done';
	const id = rig.run(
		['exec:/bin/sh', '-c', script],
		{secrets: [{source: 'key', onChange: 'SIGHUP'}]},
		{files: [delivered('secret', 'key', 'one\n')]},
	);
	await rig.running(id);
	await until(() => rig.stdout(id) === 'ready\n');
	for (let count = 0; count < 3; count++) {
		rig.daemon.send({type: 'files', instanceId: id, files: [delivered('secret', 'key', 'two\n', 2)]});
	}

	await until(() => rig.stdout(id).includes('two'));
	rig.daemon.send({type: 'files', instanceId: id, files: [delivered('secret', 'key', 'three\n', 3)]});
	await until(() => rig.stdout(id).includes('three'));
	expect(rig.stdout(id)).toBe('ready\nhup\ntwo\nhup\nthree\n');
});

test('an agent that takes over has what the one before was given', async () => {
	const id = rig.run(
		['exec:/bin/sh', '-c', 'exec sleep 60'],
		{secrets: [{source: 'key'}], env: {KEY: '{{secret "key"}}'}},
		{files: [delivered('secret', 'key', 'one')]},
	);
	await rig.running(id);
	const [agent] = rig.agents();
	if (agent) await killHard(agent);
	await rig.start();
	await rig.running(id);
	rig.daemon.send({type: 'files', instanceId: id, files: [delivered('secret', 'key', 'two', 2)]});
	const file = path.join(secretFolder(rig.home).folder, 'n1', id, 'files/key');
	await until(() => readFileSync(file, 'utf8') === 'two');
});

describe('a mount', () => {
	test('of a volume is shared, of each slot its own, or gone with the instance', async () => {
		const volume = folder();
		const script =
			'echo "$0" >data/shared-$MUSTER_SLOT; echo x >mine/own; echo y >gone/tmp; ls data mine gone; exec sleep 60';
		const mounts = [
			{type: 'volume', source: 'data', target: 'data'},
			{type: 'volume', source: 'data', target: 'mine', perSlot: true},
			{type: 'volume', target: 'gone'},
			{type: 'tmpfs', target: 'memory'},
		] as const;
		const run = () => rig.run(['exec:/bin/sh', '-c', script], {mounts}, {volumes: {data: volume}});
		const [one, two] = [run(), run()];
		await rig.running(one);
		await rig.running(two);
		await until(() => readdirSync(path.join(volume, 'shared')).length === 2);
		await until(() => readdirSync(path.join(volume, 'slots')).length === 2);
		expect(readdirSync(path.join(volume, 'slots', '2'))).toEqual(['own']);
		rig.stop(one);
		await rig.ended(one);
		rig.daemon.send({type: 'forget', instanceId: one});
		await until(() => !existsSync(rig.paths(one).folder));
		expect(readdirSync(path.join(volume, 'shared')).sort()).toEqual(['shared-1', 'shared-2']);
	});

	test.skipIf(process.getuid?.() !== 0)(
		'at an absolute path is there for the instance alone, read only where that was asked',
		async () => {
			const [source, target] = [folder(), folder()];
			writeFileSync(path.join(source, 'file'), 'inside\n');
			const id = rig.run(
				['exec:/bin/sh', '-c', `cat ${target}/file; touch ${target}/x 2>/dev/null || echo refused; exec sleep 60`],
				{mounts: [{type: 'bind', source, target, readOnly: true}]},
			);
			const {isolation} = await rig.running(id);
			await until(() => rig.stdout(id).endsWith('refused\n'));
			expect(rig.stdout(id)).toBe('inside\nrefused\n');
			expect(isolation).toBe('mounts of its own');
			expect(readdirSync(target)).toEqual([]);
		},
	);
});

describe('an instance is rejected', () => {
	const check = (name: string, change: Parameters<AgentRig['run']>[1], reason: string) =>
		test(name, async () => {
			const id = rig.run(['exec:/bin/sleep', '60'], change);
			expect(await rig.ended(id)).toMatchObject({state: 'rejected', reason});
		});
	check(
		'without a file that it is to read',
		{secrets: [{source: 'key', version: 3}]},
		'there is no secret key in version 3 any more',
	);
	check(
		'without a volume that it is to mount',
		{mounts: [{type: 'volume', source: 'data', target: 'd'}]},
		'there is no volume data any more',
	);
	check(
		'without a folder to bind',
		{mounts: [{type: 'bind', source: '/no/such/folder', target: 'd'}]},
		'no such folder: /no/such/folder',
	);
	test.skipIf(process.getuid?.() !== 0)('without a place to mount over', async () => {
		const id = rig.run(['exec:/bin/sleep', '60'], {mounts: [{type: 'tmpfs', target: '/no/such/folder'}]});
		expect(await rig.ended(id)).toMatchObject({
			state: 'rejected',
			reason: '/no/such/folder is not there to be mounted over: make it, or take a target below the working folder',
		});
	});
});

describe.skipIf(process.getuid?.() !== 0)('kept apart', () => {
	test('by no-new-privileges, a private /tmp and processes of its own', async () => {
		const mark = path.join(tmpdir(), `muster-mark-${process.pid}`);
		mkdirSync(mark);
		onTestFinished(() => rmSync(mark, {recursive: true, force: true}));
		const script = `grep NoNewPrivs /proc/self/status; test -e ${mark} && echo sees || echo private; echo $$; exec sleep 60`;
		const id = rig.run(['exec:/bin/sh', '-c', script], {
			isolation: ['no-new-privileges', 'private-tmp', 'own-processes'],
			user: 'nobody',
		});
		const {isolation, pid} = await rig.running(id);
		await until(() => rig.stdout(id).split('\n').length > 3);
		// Numbers begin anew: what mounted things had the first.
		expect(rig.stdout(id)).toMatch(/^NoNewPrivs:\t1\nprivate\n\d\n$/);
		expect(isolation).toBe('user nobody, no-new-privileges, private-tmp, own-processes');
		expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
		expect(statSync(`/proc/${pid}`).uid).toBeGreaterThan(0);
		rig.stop(id);
		expect(await rig.ended(id)).toMatchObject({state: 'stopped'});
		expect(rig.processes(id)).toEqual([]);
	});
});
