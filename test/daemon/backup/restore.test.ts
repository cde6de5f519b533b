import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {stopDaemon} from '../../../source/backends/local/client/daemon-control.ts';
import {backup} from '../../../source/daemon/backup/backup.ts';
import {manifestName} from '../../../source/daemon/backup/manifest.ts';
import {pack} from '../../../source/daemon/backup/pack.ts';
import {planRestore, restore} from '../../../source/daemon/backup/restore.ts';
import {type LocalEngine, localEngine, sourceProgram, until} from '../../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 90_000, hookTimeout: 60_000});

let from: LocalEngine;
let to: LocalEngine;

beforeEach(() => {
	from = localEngine();
	to = localEngine();
});

afterEach(async () => {
	await Promise.all([from.end(), to.end()]);
});

test('a backup of a running home starts the same in a fresh one, volumes and secrets with it', async () => {
	const before = await from.open();
	await before.apply({kind: 'volume', name: 'data'}, {}, {create: true});
	await before.apply({kind: 'secret', name: 'db'}, {data: {data: 'hunter2'}}, {create: true});
	const mounts = [{type: 'volume' as const, source: 'data', target: 'data', readOnly: false}];
	const template = {image: 'nodejs', mounts, secrets: [{source: 'db'}]};
	await before.apply({kind: 'service', name: 'web'}, {template, replicas: 1}, {create: true});
	const [volume] = (await before.list({kind: 'volume'})).items;
	await until(() => existsSync(path.join(volume?.path ?? '', 'shared')), Boolean, 30_000);
	writeFileSync(path.join(volume?.path ?? '', 'shared/x'), 'precious');
	const file = path.join(from.home.root, 'all.tar');
	await backup(from.home, {file, volumes: true, version: '0', now: Date.now(), program: sourceProgram});
	expect(statSync(file).mode & 0o777).toBe(0o600);
	await expect(planRestore(from.home, file)).rejects.toMatchObject({code: 'conflict'});
	await expect(
		backup(from.home, {file, volumes: true, version: '0', now: Date.now(), program: sourceProgram}),
	).rejects.toMatchObject({code: 'conflict'});

	expect(await restore(to.home, file, Date.now())).toEqual({services: 1, aside: undefined});
	const after = await to.open();
	const [instance] = await until(
		async () => (await after.list({kind: 'instance'})).items,
		items => items[0]?.status.health === 'healthy' || items[0]?.status.state === 'running',
		30_000,
	);
	expect(instance?.name).toBe('web.1');
	const [restored] = (await after.list({kind: 'volume'})).items;
	expect(restored?.path).toBe(volume?.path?.replace(from.home.root, to.home.root));
	expect(readFileSync(path.join(restored?.path ?? '', 'shared/x'), 'utf8')).toBe('precious');
	// Both homes run side by side: each service has an address of its own.
	const addresses = await Promise.all(
		[before, after].map(async backend => (await backend.list({kind: 'service'})).items[0]?.status.address),
	);
	expect(new Set(addresses).size).toBe(2);

	// A second time what is there is put aside, whole.
	await stopDaemon(to.home, {all: true, program: sourceProgram});
	expect((await planRestore(to.home, file)).replaces).toBe(true);
	const {aside = ''} = await restore(to.home, file, Date.now());
	expect(statSync(path.join(aside, 'state/store.db')).size).toBeGreaterThan(1000);
});

test('what is no backup, or of a newer muster, is refused, and nothing is made', async () => {
	const file = path.join(to.home.root, 'x.tar');
	await expect(planRestore(to.home, file)).rejects.toMatchObject({code: 'not-found'});
	writeFileSync(file, 'x'.repeat(2000));
	await expect(planRestore(to.home, file)).rejects.toMatchObject({code: 'usage'});
	const newer = path.join(to.home.root, 'newer.tar');
	const manifest = {format: 99, version: '9.9.9', createdAt: 0, volumes: '/v', hasVolumes: false};
	await pack(newer, [{name: manifestName, from: Buffer.from(JSON.stringify(manifest))}]);
	await expect(restore(to.home, newer, 0)).rejects.toMatchObject({
		code: 'unsupported',
		message: expect.stringContaining('format 99'),
	});
	expect(() => statSync(to.home.store)).toThrow('ENOENT');
});
