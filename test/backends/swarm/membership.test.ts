import {afterEach, describe, expect, test, vi} from 'vitest';
import {type Given, type Ran, run} from '../../commands/run.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {control, docker, dockerOn, liveSwarm, openAlone, openNode, type SwarmNode, whyNoSwarm} from './live-swarm.ts';

// Who belongs to a swarm: by the commands, each effect read back through the docker command.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();
const swarm = reason === undefined ? liveSwarm() : undefined;
const first = swarm?.nodes[0] as SwarmNode;
/** A worker, which leaves and comes back. */
const last = swarm?.nodes.at(-1) as SwarmNode;
const address = last && (swarm?.certs ? (last.tcp ?? '') : `unix://${last.socket}`);

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
	await untilTrue(condition, Boolean, 60_000).catch(cause => {
		throw new Error(`${what} has not come about`, {cause});
	});
}

/** In the swarm's context, or in that of one engine alone. */
async function muster(line: string, given: Given = {}): Promise<Ran> {
	return run(line, {open: async () => openNode(first), ...given});
}

const alone: Given = {open: async () => openAlone(last)};

async function stateOf(node: SwarmNode): Promise<string> {
	return (await dockerOn(node, 'info', '--format', '{{.Swarm.LocalNodeState}}')).trim();
}

/** `node3 Ready worker`, of each that the swarm knows. */
async function members(): Promise<string> {
	const text = await docker('node', 'ls', '--format', '{{.Hostname}} {{.Status}} {{.ManagerStatus}}');
	return text.trim();
}

/** As it was at first: a ready worker, known once. */
async function putBack(): Promise<void> {
	await control('start', last.name.replace('node', '')).catch(() => {});
	await docker('swarm', 'update', '--autolock=false').catch(() => '');
	// A manager that leaves without a word takes the majority of two along.
	await docker('node', 'demote', last.name).catch(() => '');
	await until('it is no manager', async () =>
		(await dockerOn(last, 'info', '--format', '{{.Swarm.ControlAvailable}}')).includes('false'),
	);
	if ((await stateOf(last)) !== 'inactive') await dockerOn(last, 'swarm', 'leave', '--force');
	await until('the others know that it left', async () => !(await members()).includes(`${last.name} Ready`));
	for (const id of (await docker('node', 'ls', '-q', '--filter', `name=${last.name}`)).split('\n').filter(Boolean)) {
		await docker('node', 'demote', id).catch(() => '');
		await docker('node', 'rm', '--force', id);
	}

	const token = (await docker('swarm', 'join-token', '-q', 'worker')).trim();
	await dockerOn(last, 'swarm', 'join', '--token', token, `${first.address}:2377`);
	await until('it is back', async () => (await members()).includes(`${last.name} Ready`));
}

describe.skipIf(reason !== undefined)(`membership of a swarm${reason === undefined ? '' : ` (${reason})`}`, () => {
	let isAway = false;

	afterEach(async () => {
		if (isAway) await putBack();
		isAway = false;
	});

	test('a node leaves, is no swarm, is told so, begins one of its own, and is taken in again', async () => {
		isAway = true;
		expect(await muster(`node leave --yes ${last.name}`)).toMatchObject({
			code: 0,
			stderr: expect.stringContaining(`${last.name} has left`),
		});
		expect(await stateOf(last)).toBe('inactive');
		expect((await muster(`node rm --yes ${last.name}`)).code).toBe(0);
		expect(await members()).not.toContain(last.name);

		expect(await muster('service ls', alone)).toMatchObject({
			code: 8,
			stderr: expect.stringMatching(/not part of a swarm\.\n.*muster swarm init/),
		});
		expect((await muster('swarm init --dry-run', alone)).code).toBe(0);
		expect(await stateOf(last)).toBe('inactive');
		expect((await muster(`swarm init --advertise-addr ${last.address} --task-history-limit 2`, alone)).code).toBe(0);
		expect((await dockerOn(last, 'node', 'ls', '--format', '{{.ManagerStatus}}')).trim()).toBe('Leader');
		expect(await dockerOn(last, 'info')).toContain('Task History Retention Limit: 2');
		expect(await muster('swarm init', alone)).toMatchObject({code: 4, stderr: expect.stringContaining('already')});
		expect((await muster(`node add ${address}`)).code).toBe(4);
		expect((await muster('swarm leave', alone)).code).toBe(6);
		expect(await muster('swarm leave --yes', alone)).toMatchObject({code: 4, stderr: expect.stringMatching(/manager/)});
		expect((await muster('swarm leave --yes --force', alone)).code).toBe(0);
		expect(await stateOf(last)).toBe('inactive');

		expect((await muster(`node add ${address} --dry-run`)).stdout).toContain(address);
		expect(await stateOf(last)).toBe('inactive');
		expect(await muster(`node add --availability drain ${address}`)).toMatchObject({
			code: 0,
			stderr: `${last.name} is a worker of the swarm\n`,
		});
		expect(await members()).toContain(`${last.name} Ready`);
		const id = (await docker('node', 'ls', '-q', '--filter', `name=${last.name}`)).trim();
		expect((await docker('node', 'inspect', id, '--format', '{{.Spec.Availability}}')).trim()).toBe('drain');
	});

	test('what cannot join is refused', async () => {
		expect(await muster('node add n7')).toMatchObject({code: 2, stderr: expect.stringContaining('ssh://USER@HOST')});
		expect((await muster('node add unix:///nowhere/docker.sock')).code).toBe(5);
		expect(await muster(`node add --cpus 2 ${address}`)).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('--cpus'),
		});
		expect(await muster('node add --role manager n7')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('--role'),
		});
	});

	test('join tokens are shown where they are asked for, rotated, and recorded nowhere', async () => {
		const before = (await docker('swarm', 'join-token', '-q', 'manager')).trim();
		const shown = await muster('swarm join-token manager');
		expect(shown.stdout).toBe(`docker swarm join --token ${before} ${first.address}:2377\n`);
		expect((await muster('swarm join-token -q manager')).stdout).toBe(`${before}\n`);
		expect((await muster('swarm join-token --rotate --dry-run manager')).stdout).not.toContain('SWMTKN');
		const {code, stdout, journal} = await muster('swarm join-token --rotate -q manager');
		const after = (await docker('swarm', 'join-token', '-q', 'manager')).trim();
		expect([code, stdout]).toEqual([0, `${after}\n`]);
		expect(after).not.toBe(before);
		expect(journal).toEqual(['ann: muster swarm join-token --rotate manager']);
		expect((await muster('swarm inspect -o json')).stdout).not.toContain('SWMTKN');
	});

	test('what holds for the whole swarm is changed, and the rest stays', async () => {
		const spec = async () => JSON.parse(await docker('info', '--format', '{{json .Swarm.Cluster.Spec}}'));
		const before = await spec();
		expect((await muster('swarm update')).code).toBe(2);
		expect((await muster('swarm update --task-history-limit 3 --cert-expiry 48h')).code).toBe(0);
		const changed = await spec();
		expect(changed.Orchestration.TaskHistoryRetentionLimit).toBe(3);
		expect(changed.CAConfig.NodeCertExpiry).toBe(48 * 3_600_000 * 1e6);
		expect(changed.Dispatcher).toEqual(before.Dispatcher);
		expect(changed.Raft).toEqual(before.Raft);
		expect((await muster('swarm update --task-history-limit 5 --cert-expiry 2160h')).code).toBe(0);
	});

	test('the root certificate is shown, and rotated', async () => {
		const before = await docker('swarm', 'ca');
		expect((await muster('swarm ca')).stdout.trim()).toBe(before.trim());
		expect((await muster('swarm ca --rotate')).code).toBe(6);
		expect((await muster('swarm ca --rotate --yes')).code).toBe(0);
		await until('the new one is in force', async () => {
			const facts = JSON.parse((await muster('swarm inspect -o json')).stdout);
			return !facts.rotatingCa && (await docker('swarm', 'ca')) !== before;
		});
		expect((await muster('swarm ca')).stdout.trim()).toBe((await docker('swarm', 'ca')).trim());
	});

	const managers = swarm?.nodes.filter(({role}) => role === 'manager').length ?? 0;
	// The promotion was written while the node was still leaving, and it ended as neither.
	test.skipIf(managers < 3)(
		'a node that is promoted right after its demotion is a manager again',
		{timeout: 200_000},
		async () => {
			isAway = true;
			expect((await muster(`node promote ${last.name}`)).code).toBe(0);
			expect((await muster(`node demote --yes -d ${last.name}`)).code).toBe(0);
			expect((await muster(`node promote ${last.name}`)).code).toBe(0);
			expect(await members()).toContain(`${last.name} Ready Reachable`);
			expect((await muster(`node demote --yes ${last.name}`)).code).toBe(0);
		},
	);

	// One of two managers that is locked takes the majority along.
	test.skipIf(managers < 3)('a locked manager says so, and takes part again when it gets the key', async () => {
		isAway = true;
		expect((await muster('swarm unlock-key')).code).toBe(4);
		expect((await muster(`node promote ${last.name}`)).code).toBe(0);
		expect((await muster('swarm update --autolock')).stdout).not.toContain('SWMKEY');
		const key = (await muster('swarm unlock-key -q')).stdout.trim();
		expect(await docker('swarm', 'unlock-key', '-q')).toContain(key);
		await until('it knows of the key', async () => {
			const lock = '{{.Swarm.Cluster.Spec.EncryptionConfig.AutoLockManagers}}';
			return (await dockerOn(last, 'info', '--format', lock).catch(() => '')).includes('true');
		});
		await control('stop', last.name.replace('node', ''));
		const starting = control('start', last.name.replace('node', ''));
		await until('it is locked', async () => (await stateOf(last).catch(() => '')) === 'locked');
		expect(await muster('node ls', alone)).toMatchObject({
			code: 5,
			stderr: expect.stringMatching(/locked.*\n.*muster swarm unlock/),
		});
		await until(
			'its engine can be reached, and takes no other key',
			async () => (await muster(`swarm unlock ${last.name}`, {typed: 'SWMKEY-1-x\n'})).code === 6,
		);
		const {code, journal} = await muster(`swarm unlock ${last.name}`, {typed: `${key}\n`});
		expect([code, journal]).toEqual([0, [`ann: muster swarm unlock ${last.name}`]]);
		await starting;
		await until('it takes part', async () => (await members()).includes(`${last.name} Ready Reachable`));
		const rotated = (await muster('swarm unlock-key --rotate -q')).stdout.trim();
		expect(rotated).not.toBe(key);
		expect(await docker('swarm', 'unlock-key', '-q')).toContain(rotated);
		expect(await muster('swarm update --autolock=false')).toMatchObject({
			code: 0,
			stderr: 'Managers are not locked when they start.\n',
		});
		expect((await muster(`node demote --yes ${last.name}`)).code).toBe(0);
		expect(await members()).toMatch(new RegExp(`${last.name} Ready *$`, 'm'));
	});

	test('the managers say how they are', async () => {
		const backend = await openNode(first);
		try {
			const health = await backend.facets.health?.();
			expect(health?.[0]).toMatchObject({name: 'quorum'});
			expect(health?.filter(({name}) => name.startsWith('manager')).length).toBe(
				swarm?.nodes.filter(({role}) => role === 'manager').length,
			);
		} finally {
			backend.close();
		}
	});
});
