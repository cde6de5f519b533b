import {statSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ExecQuery} from '../../../../source/backends/local/protocol.ts';
import {type AgentRig, agentRig, killHard, until} from '../../../helpers/agent-rig.ts';
import {openSession, type SessionClient} from '../../../helpers/session-client.ts';

let rig: AgentRig;
let open: SessionClient[];

beforeEach(async () => {
	open = [];
	rig = await agentRig();
	await rig.start();
	await until(() => rig.daemon.servingAt);
});

afterEach(async () => {
	for (const client of open) client.close();
	await rig.end();
});

async function exec(instanceId: string, command: string[], change: Partial<ExecQuery> = {}) {
	const request = {type: 'exec', instanceId, command, tty: false, stdin: false, ...change} as const;
	const client = await openSession(rig.daemon.servingAt!, request);
	open.push(client);
	return client;
}

async function attach(instanceId: string, size?: {columns: number; rows: number}) {
	const client = await openSession(rig.daemon.servingAt!, {type: 'attach', instanceId, size});
	open.push(client);
	return client;
}

async function sleeper(change = {}) {
	const id = rig.run(['exec:/bin/sleep', '60'], change);
	await rig.running(id);
	return id;
}

test('the socket is the owner’s only', () => {
	expect(statSync(rig.daemon.servingAt!).mode & 0o777).toBe(0o600);
});

describe('exec', () => {
	test('runs a command in the environment of the instance', async () => {
		const id = await sleeper({env: {COLOUR: 'red', SIZE: '1'}, targets: [80]});
		const {endpoints} = await rig.running(id);
		const script = 'echo $COLOUR $SIZE $PORT $MUSTER_INSTANCE; pwd; echo oops >&2; exit 3';
		const client = await exec(id, ['sh', '-c', script], {env: {SIZE: '2', MUSTER_INSTANCE: 'other'}});
		await until(() => client.isClosed);
		expect(client.exit).toBe(3);
		expect(client.stdout).toBe(`red 2 ${endpoints[0]!.port} ${id}\n${rig.paths(id).work}\n`);
		expect(client.stderr).toBe('oops\n');
	});

	test.runIf(process.getuid?.() === 0)('sees what an instance that is kept apart sees, as its user', async () => {
		const script = 'echo mine > /tmp/mark; exec sleep 60';
		const id = rig.run(['exec:/bin/sh', '-c', script], {
			isolation: ['no-new-privileges', 'private-tmp', 'own-processes'],
			user: 'nobody',
		});
		await rig.running(id);
		for (const tty of [false, true]) {
			const look =
				'cat /tmp/mark; ls /proc | grep -c "^[0-9]"; test $(id -un) = nobody && grep NoNewPrivs /proc/self/status; pwd; exit 4';
			const client = await exec(id, ['sh', '-c', look], {tty});
			await until(() => client.isClosed);
			expect(client.stdout.replaceAll('\r', '')).toMatch(/^mine\n\d\nNoNewPrivs:\t1\n/);
			expect(client.stdout).toContain(rig.paths(id).work);
			expect(client.exit).toBe(4);
		}

		const shell = await exec(id, ['sh', '-i'], {tty: true, stdin: true});
		shell.type('exit 5\n');
		await until(() => shell.isClosed);
		expect([shell.exit, shell.stdout]).toEqual([5, expect.not.stringContaining('tty')]);
	});

	test('reads what is sent until its end', async () => {
		const client = await exec(await sleeper(), ['cat'], {stdin: true});
		client.type('one\n');
		await until(() => client.stdout === 'one\n');
		client.type('two\n');
		client.send({type: 'end'});
		await until(() => client.isClosed);
		expect([client.stdout, client.exit]).toEqual(['one\ntwo\n', 0]);
	});

	test('has a terminal of the right size', async () => {
		const client = await exec(await sleeper(), ['sh', '-c', 'tty; stty size; read x; stty size; exit 4'], {
			tty: true,
			stdin: true,
			size: {columns: 132, rows: 43},
		});
		await until(() => client.stdout.includes('43 132'));
		expect(client.stdout).toContain('/dev/pts/');
		client.send({type: 'resize', columns: 100, rows: 30});
		client.type('\n');
		await until(() => client.isClosed);
		expect(client.stdout).toContain('30 100');
		expect(client.exit).toBe(4);
	});

	test('is killed when the client goes, with a terminal or without', async () => {
		const id = await sleeper();
		const before = rig.processes(id).length;
		const clients = [await exec(id, ['sleep', '70']), await exec(id, ['sleep', '71'], {tty: true})];
		await until(() => rig.processes(id).length === before + 2);
		for (const client of clients) client.close();
		await until(() => rig.processes(id).length === before);
	});

	test('ends with the instance', async () => {
		const id = await sleeper();
		const client = await exec(id, ['sleep', '70']);
		rig.stop(id);
		await rig.ended(id);
		await until(() => client.isClosed);
		expect(client.exit).toBe(137);
		expect(rig.processes(id)).toEqual([]);
	});

	test('does not outlive the agent by more than its successor needs to notice', async () => {
		const id = await sleeper();
		const before = rig.processes(id);
		await exec(id, ['sh', '-c', 'trap "" HUP PIPE; sleep 70']);
		await until(() => rig.processes(id).length > before.length);
		await killHard(rig.agents()[0]!);
		await rig.start();
		await until(() => rig.processes(id).length === before.length);
		expect(rig.processes(id)).toEqual(before);
	});

	test('sends much, no faster than it is read', async () => {
		const id = await sleeper();
		const client = await exec(id, ['sh', '-c', 'head -c 20000000 /dev/zero; echo end']);
		client.socket.pause();
		await until(() => client.socket.readableLength > 0);
		client.socket.resume();
		await until(() => client.isClosed);
		expect(client.stdout.length).toBe(20_000_004);
		expect(client.exit).toBe(0);
	});

	test.each([
		['an instance that is not here', 'nobody', ['true'], 'not-found', 'this node has no instance nobody'],
		['a command that is not there', undefined, ['no-such'], 'not-found', 'no such executable on the PATH: no-such'],
	])('%s', async (_, instanceId, command, code, message) => {
		const client = await exec(instanceId ?? (await sleeper()), command);
		expect(client.answer).toMatchObject({ok: false, error: {code, message}});
	});

	test('an instance that has ended', async () => {
		const id = rig.run(['exec:/bin/true']);
		await rig.ended(id);
		const {answer} = await exec(id, ['true']);
		expect(answer).toMatchObject({
			ok: false,
			error: {code: 'conflict', message: 'web.1 does not run: it is completed'},
		});
	});
});

describe('attach', () => {
	test('to a terminal: what was said before, then both ways, for several', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'echo welcome; while read line; do echo "got $line"; done; exit 5'], {
			tty: true,
		});
		await rig.running(id);
		const one = await attach(id, {columns: 90, rows: 20});
		await until(() => one.stdout.includes('welcome'));
		one.type('hello\n');
		await until(() => one.stdout.includes('got hello'));
		const two = await attach(id);
		await until(() => two.stdout.includes('got hello'));
		two.type('again\n');
		await until(() => one.stdout.includes('got again') && two.stdout.includes('got again'));
		one.close();
		two.type('\u0004');
		await until(() => two.isClosed);
		expect(two.exit).toBe(5);
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 5});
		expect(rig.stdout(id)).toContain('got again\r\n');
	});

	test('to an open input without a terminal', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'cat; echo done >&2; exit 6'], {openStdin: true});
		await rig.running(id);
		const client = await attach(id);
		client.type('some text\n');
		await until(() => client.stdout === 'some text\n');
		client.send({type: 'end'});
		await until(() => client.isClosed);
		expect([client.stderr, client.exit]).toEqual(['done\n', 6]);
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 6});
	});

	test('outlives the agent; its process is the instance’s own', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'while read line; do echo "got $line"; done'], {tty: true});
		const {pid} = await rig.running(id);
		await killHard(rig.agents()[0]!);
		await rig.start();
		const client = await attach(id);
		client.type('hello\n');
		await until(() => client.stdout.includes('got hello'));
		expect((await rig.running(id)).pid).toBe(pid);
		process.kill(pid!, 'SIGKILL');
		expect(await rig.ended(id)).toMatchObject({state: 'failed', exitCode: 137});
	});

	test('a terminal is stopped like everything else', async () => {
		const id = rig.run(['exec:/bin/sh', '-c', 'trap "echo bye; exit 0" TERM; while :; do sleep 0.05; done'], {
			tty: true,
		});
		await rig.running(id);
		rig.stop(id);
		expect(await rig.ended(id)).toMatchObject({state: 'stopped', exitCode: 0});
		expect(rig.stdout(id)).toContain('bye\r\n');
		expect(rig.processes(id)).toEqual([]);
	});

	test('one without terminal and input says so', async () => {
		const {answer} = await attach(await sleeper());
		expect(answer).toMatchObject({ok: false, error: {code: 'unsupported'}});
	});
});
