import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import type {Backend, Patch, Ref} from '../../../source/core/backend.ts';
import type {Instance, ServiceSpec} from '../../../source/core/model/index.ts';
import {run} from '../../commands/run.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {docker, liveSwarm, openFirst, openNode, type SwarmNode, whyNoSwarm} from './live-swarm.ts';

// Into tasks on every node, through that node's own engine; and what docker stack has made.

vi.setConfig({testTimeout: 90_000, hookTimeout: 90_000});

const reason = whyNoSwarm();

describe.skipIf(reason !== undefined)(`tasks from inside${reason === undefined ? '' : ` (${reason})`}`, () => {
	let backend: Backend;
	const made: string[] = [];

	beforeAll(async () => {
		backend = await openFirst();
	});
	afterEach(async () => {
		for (const name of made.splice(0)) await docker('service', 'rm', name).catch(() => '');
	});
	afterAll(() => backend?.close());

	/** One on each node. */
	async function everywhere(name: string, patch: Patch<ServiceSpec>): Promise<ReadonlyArray<Ref<'instance'>>> {
		made.push(name);
		const service = await backend.apply(
			{kind: 'service', name},
			{mode: 'global', replicas: 0, ...patch},
			{create: true},
		);
		const query = {kind: 'instance', serviceId: service.id} as const;
		const found = await untilTrue(
			async () => (await backend.list(query)).items.filter(({status}) => status.state === 'running'),
			(all: readonly Instance[]) => all.length === liveSwarm().nodes.length,
			80_000,
		);
		return found.map(({id, name: own}) => ({kind: 'instance', id, name: own}));
	}

	async function bytes(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
		return Buffer.concat(await Array.fromAsync(parts));
	}

	test('files are copied into tasks and out of them, on whatever node', async () => {
		const all = await everywhere('store', {template: {image: 'idle:1'}});
		const {files} = backend.facets;
		for (const one of all) {
			expect(await files?.stat(one, '/etc')).toBe('folder');
			expect(await files?.stat(one, '/version')).toBe('file');
			expect(await files?.stat(one, '/nothing/here')).toBeUndefined();
			const archive = await bytes(files?.read(one, '/version') ?? (async function* () {})());
			await files?.write(
				one,
				'/tmp',
				(async function* () {
					yield archive.subarray(0, 100);
					yield archive.subarray(100);
				})(),
			);
			expect(await files?.stat(one, 'tmp/version')).toBe('file');
			expect(await bytes(files?.read(one, '/tmp/version') ?? (async function* () {})())).toEqual(archive);
		}

		await expect(files?.write(all[0] as Ref<'instance'>, '/nowhere', (async function* () {})())).rejects.toMatchObject({
			code: 'not-found',
		});
	});

	test('a port of a task is led to, and where nothing listens that is said', async () => {
		const all = await everywhere('pages', {template: {image: 'web:1', env: {PORT: '8080'}}});
		const {connect} = backend.facets;
		for (const one of all) {
			const answer = await untilTrue(
				async () => {
					const tunnel = await connect?.call(backend.facets, one, 8080).catch(() => undefined);
					tunnel?.write(Buffer.from('GET /cgi-bin/who HTTP/1.0\r\n\r\n'));
					const text = tunnel && (await bytes(tunnel.output)).toString();
					tunnel?.close();
					return text ?? '';
				},
				text => text !== '',
				20_000,
			);
			expect(answer).toMatch(/200 OK[\s\S]*\n1 /);
			await expect(connect?.call(backend.facets, one, 81)).rejects.toMatchObject({
				code: 'unreachable',
				message: expect.stringContaining('nothing listens on port 81'),
			});
		}
	});

	test('what docker stack has made is listed, and removed as a whole', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'muster-stack-'));
		const given = {open: async () => openNode(liveSwarm().nodes[0] as SwarmNode)};
		try {
			writeFileSync(path.join(folder, 'colour'), 'red');
			writeFileSync(
				path.join(folder, 'stack.yaml'),
				`version: '3.7'
services:
  front: {image: 'idle:1', configs: [colour]}
  back: {image: 'idle:1', deploy: {replicas: 2}}
configs: {colour: {file: ./colour}}
`,
			);
			await docker('stack', 'deploy', '--resolve-image', 'never', '-c', path.join(folder, 'stack.yaml'), 'shop');
			await untilTrue(
				async () => JSON.parse((await run('stack ls -o json', given)).stdout),
				([stack]) => stack?.status.running === 3,
				60_000,
			);
			const listed = await run('stack services shop -o name', given);
			expect(listed.stdout).toBe('shop_back\nshop_front\n');
			expect(await run('stack services shp', given)).toMatchObject({
				code: 3,
				stderr: expect.stringContaining('Did you mean shop'),
			});
			expect((await run('stack rm shop', given)).code).toBe(6);
			expect((await run('stack rm --dry-run shop', given)).stdout).toMatch(
				/shop_back {2}2 stop[\s\S]*shop_colour {2}the config goes[\s\S]*shop_default {2}the network goes/,
			);
			expect((await run('stack rm --yes shop', given)).code).toBe(0);
			expect(await docker('stack', 'ls', '--format', '{{.Name}}')).toBe('');
			expect(await docker('config', 'ls', '--format', '{{.Name}}')).not.toContain('shop');
			// On a node it stays for as long as a container of it ends.
			await untilTrue(
				async () => docker('network', 'ls', '--format', '{{.Name}}'),
				names => !names.includes('shop'),
				60_000,
			);
		} finally {
			await docker('stack', 'rm', 'shop').catch(() => '');
			rmSync(folder, {recursive: true, force: true});
		}
	});
});
