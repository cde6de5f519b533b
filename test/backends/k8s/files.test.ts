import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {connect as connectSocket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {copyIn, copyOut} from '../../../source/actions/instance/copy-files.ts';
import {localFiles} from '../../../source/cli/files/index.ts';
import {listen} from '../../../source/cli/listen.ts';
import type {Backend, Patch} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {InstanceTemplate, Service} from '../../../source/core/model/index.ts';
import {realClock} from '../../../source/daemon/clock.ts';
import {openPortForward} from '../../../source/live/port-forward.ts';
import {isLive, kubeconfig, liveTimeoutMs, openLive, shell, untilLive, whySkipped} from './live.ts';

const run = promisify(execFile);

// Instances of this cluster's hollow nodes run commands of this machine, in a folder of their own.
describe.skipIf(!isLive)(
	isLive ? 'files and ports of a real Kubernetes' : `files and ports of a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 2},
	() => {
		let backend: Backend;
		let folder: string;
		let made = 0;
		beforeAll(async () => {
			backend = await openLive();
			folder = mkdtempSync(path.join(tmpdir(), 'muster-cp-'));
		});
		afterAll(async () => {
			for (let index = 1; index <= made; index++) {
				await backend.remove({kind: 'service', name: `files-${index}`}, {}).catch(() => {});
			}

			backend?.close();
			rmSync(folder, {recursive: true});
		});

		async function create(template: Patch<InstanceTemplate>, replicas = 1): Promise<Service> {
			const name = `files-${++made}`;
			return backend.apply({kind: 'service', name}, {replicas, template} as never, {create: true});
		}

		async function running(service: Service) {
			let found: Awaited<ReturnType<typeof list>> = [];
			const list = async () => (await backend.list({kind: 'instance', serviceId: service.id})).items;
			await untilLive(`${service.name} runs`, async () => {
				found = await list();
				return found.length > 0 && found.every(({status}) => status.state === 'running');
			});
			const [{id, name, scope} = {id: '', name: '', scope: ''}] = found;
			return {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
		}

		test('files go into an instance and out of it', async () => {
			const instance = await running(await create(shell('sleep 1000')));
			const here = localFiles(folder);
			const there = backend.facets.files;
			if (there === undefined) throw new Error('it cannot copy files');
			const from = path.join(folder, 'from');
			mkdirSync(path.join(from, 'sub'), {recursive: true});
			writeFileSync(path.join(from, 'sub', 'big'), Buffer.alloc(3_000_000, 'ab'));
			writeFileSync(path.join(from, '-odd name'), 'odd');
			symlinkSync('sub', path.join(from, 'link'));
			const inside = path.join(folder, 'inside');
			mkdirSync(inside);
			expect(await copyIn(there, here, 'from', {instance, path: inside})).toEqual({files: 2, bytes: 3_000_003});
			await run('diff', ['-r', '--no-dereference', from, path.join(inside, 'from')]);
			const {stdout} = await run('kubectl', ['--kubeconfig', kubeconfig, 'exec', instance.name, '--', 'ls', inside]);
			expect(stdout.trim()).toBe('from');
			expect(await copyOut(there, here, {instance, path: `${inside}/from/`}, 'back')).toMatchObject({skipped: []});
			await run('diff', ['-r', '--no-dereference', from, path.join(folder, 'back')]);
			await copyOut(there, here, {instance, path: `${inside}/from/-odd name`}, 'renamed');
			expect(readFileSync(path.join(folder, 'renamed'), 'utf8')).toBe('odd');
			expect(await there.stat(instance, `${inside}/nothing`)).toBeUndefined();
			const refused = await copyOut(there, here, {instance, path: `${inside}/nothing`}, 'x').catch(toClusterError);
			expect(refused).toMatchObject({code: 'not-found'});
			const unknown = await there.stat(instance, '/', {container: 'nobody'}).catch(toClusterError);
			expect(unknown).toMatchObject({code: 'not-found', message: expect.stringMatching(/no container nobody/)});
		});

		test('a container without tar is told apart from a missing file', async () => {
			const bare = path.join(folder, 'bare');
			mkdirSync(bare);
			symlinkSync('/bin/sh', path.join(bare, 'sh'));
			symlinkSync('/bin/sleep', path.join(bare, 'sleep'));
			const noTar = await running(await create({...shell('sleep 1000'), env: {PATH: bare}}));
			expect(await backend.facets.files?.stat(noTar, '/').catch(toClusterError)).toMatchObject({
				code: 'unsupported',
				message: expect.stringMatching(/has no tar/),
			});
		});

		test('a port leads to a pod, and to the next one when that is gone', async () => {
			const service = await create({image: 'nginx:1', stopGraceMs: 1000});
			const first = await running(service);
			const said: string[] = [];
			const forward = await openPortForward({
				backend,
				clock: realClock,
				listen,
				address: '127.0.0.1',
				ports: [{local: 0, remote: 80}],
				to: {serviceId: service.id, serviceName: service.name},
				tell: text => said.push(text),
			});
			try {
				const ask = async () => {
					const answer = await fetch(`http://127.0.0.1:${forward.ports[0]?.local}/`, {headers: {connection: 'close'}});
					return answer.text();
				};
				await untilLive('it answers', async () => /hello/.test(await ask().catch(() => '')));
				expect(await ask()).toContain(first.name);
				const both = await Promise.all([ask(), ask(), ask()]);
				expect(new Set(both).size).toBe(1);
				await run('kubectl', ['--kubeconfig', kubeconfig, 'delete', 'pod', first.name]);
				await untilLive('another one answers', async () => {
					const answer = await ask().catch(() => '');
					return answer.includes('hello') && !answer.includes(first.name);
				});
				expect(said.at(-1)).toMatch(/^connections go to files-\d+-\S+ now$/);
			} finally {
				forward.close();
			}
		});

		test('a port that nothing listens on is said', async () => {
			const instance = await running(await create(shell('sleep 1000')));
			// One that nobody has: it was free a moment ago.
			const {port, close} = await listen('127.0.0.1', 0, () => {});
			close();
			const tunnel = await backend.facets.connect?.(instance, port);
			const outcome = await Array.fromAsync(tunnel?.output ?? []).catch(toClusterError);
			expect(outcome).toMatchObject({code: 'unreachable', message: expect.stringMatching(/nothing listens on port/)});
			const gone = {...instance, name: 'nobody-at-all'};
			expect(await backend.facets.connect?.(gone, 80).catch(toClusterError)).toMatchObject({code: 'not-found'});
		});

		test('more than a connection holds goes through whole', async () => {
			// What listens in the pod is a program of this machine: it sends back what it gets.
			const script =
				"require('net').createServer(s => s.pipe(s)).listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
			const instance = await running(await create({...shell(''), command: [process.execPath, '-e', script]}));
			let port = 0;
			await untilLive('it listens', async () => {
				const logs = backend.facets.logs?.({instanceIds: [instance.id], follow: false}, AbortSignal.timeout(5000));
				const lines = await Array.fromAsync(logs ?? []);
				port = Number(lines.find(({text}) => /^\d+$/.test(text))?.text ?? 0);
				return port > 0;
			});
			const forwarded = {local: 0, remote: port};
			const forward = await openPortForward({
				...{backend, clock: realClock, listen, address: '127.0.0.1', ports: [forwarded], tell() {}},
				to: {serviceId: (await service(instance.id)) ?? '', serviceName: 'x'},
			});
			const sent = Buffer.alloc(8_000_000, 'abcdefghijk');
			const got = await new Promise<Buffer>((resolve, reject) => {
				const socket = connectSocket(forward.ports[0]?.local ?? 0, '127.0.0.1');
				const chunks: Buffer[] = [];
				let bytes = 0;
				socket.on('data', data => {
					chunks.push(data);
					bytes += data.length;
					if (bytes >= sent.length) {
						socket.destroy();
						resolve(Buffer.concat(chunks));
					}
				});
				socket.on('error', reject);
				socket.write(sent);
			});
			forward.close();
			expect(got.equals(sent)).toBe(true);
		});

		async function service(id: string) {
			return (await backend.list({kind: 'instance', id})).items[0]?.serviceId;
		}
	},
);
