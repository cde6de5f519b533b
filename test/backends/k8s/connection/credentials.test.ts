import {execFile} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parse, stringify} from 'yaml';
import {type OpenOptions, open} from '../../../../source/backends/k8s/index.ts';
import type {Backend} from '../../../../source/core/backend.ts';
import {toClusterError} from '../../../../source/core/error.ts';
import {makeCertificate} from '../../../../source/daemon/access/certificate.ts';
import {isLive, kubeconfig, liveTimeoutMs, untilLive, whySkipped} from '../live.ts';

const run = promisify(execFile);

type Config = {
	clusters: Array<{name: string; cluster: Record<string, unknown>}>;
	users: Array<{name: string; user: Record<string, unknown>}>;
	contexts: Array<{name: string; context: Record<string, unknown>}>;
};

// Every way in which a kubeconfig can say who one is and how the server is reached, each tried on a real one.
describe.skipIf(!isLive)(
	isLive ? 'kubeconfigs and a real Kubernetes' : `kubeconfigs and a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs},
	() => {
		let folder: string;
		let token: string;
		const whole = () => parse(readFileSync(kubeconfig, 'utf8')) as Config;
		const own = (name: string) => path.join(folder, name);
		const cluster = () => whole().clusters[0]?.cluster ?? {};
		const certificate = () => whole().users[0]?.user ?? {};
		const account = `forms-${process.pid}`;

		beforeAll(async () => {
			folder = mkdtempSync(path.join(tmpdir(), 'muster-forms-'));
			const kubectl = (...args: string[]) => run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
			await kubectl('create', 'serviceaccount', account);
			const binding = ['create', 'clusterrolebinding', account, '--clusterrole=view'];
			await kubectl(...binding, `--serviceaccount=default:${account}`);
			token = (await kubectl('create', 'token', account)).stdout.trim();
		});
		afterAll(async () => {
			await run('kubectl', ['--kubeconfig', kubeconfig, 'delete', `clusterrolebinding/${account}`, `sa/${account}`]);
			rmSync(folder, {recursive: true});
		});

		let files = 0;
		function write(user: object, more: object = {}): string {
			const file = own(`config-${++files}`);
			const config = {
				clusters: [{name: 'c', cluster: {...cluster(), ...more}}],
				users: [{name: 'u', user}],
				contexts: [{name: 'there', context: {cluster: 'c', user: 'u'}}],
			};
			writeFileSync(file, stringify(config), {mode: 0o600});
			return file;
		}

		async function opened<T>(options: OpenOptions, use: (backend: Backend) => Promise<T>, name = 'k8s:there') {
			const backend = await open(name, options);
			try {
				return await use(backend);
			} finally {
				backend.close();
			}
		}

		const pods = async (backend: Backend) => Array.isArray((await backend.list({kind: 'instance'})).items);
		const listed = (file: string) => opened({env: {KUBECONFIG: file}}, pods);

		test('a certificate as data, and in files beside the kubeconfig', async () => {
			expect(await listed(write(certificate()))).toBe(true);
			const data = (key: string) => Buffer.from(String(certificate()[`${key}-data`]), 'base64');
			writeFileSync(own('client.crt'), data('client-certificate'));
			writeFileSync(own('client.key'), data('client-key'));
			const named = {'client-certificate': 'client.crt', 'client-key': 'client.key'};
			expect(await listed(write(named))).toBe(true);
		});

		test('a token, and a file with one that is renewed meanwhile', async () => {
			expect(await listed(write({token}))).toBe(true);
			writeFileSync(own('token'), 'out-of-date');
			await opened({env: {KUBECONFIG: write({tokenFile: 'token'})}}, async backend => {
				expect(await pods(backend).catch(toClusterError)).toMatchObject({code: 'not-allowed'});
				writeFileSync(own('token'), `${token}\n`);
				expect(await pods(backend)).toBe(true);
			});
		});

		test('a kubeconfig that somebody logs in to again is taken up by who was refused', async () => {
			const file = write({token: 'out-of-date'});
			await opened({env: {KUBECONFIG: file}}, async backend => {
				expect(await pods(backend).catch(toClusterError)).toMatchObject({code: 'not-allowed'});
				writeFileSync(file, readFileSync(write({token})));
				expect(await pods(backend)).toBe(true);
			});
		});

		test('another authority: nothing is sent, and once the kubeconfig names the right one it goes on', async () => {
			const other = makeCertificate({name: 'other', use: 'authority', notBefore: 0, notAfter: Date.now() + 1e9});
			const data = Buffer.from(other.certificate).toString('base64');
			const file = write({token}, {'certificate-authority-data': data});
			await opened({env: {KUBECONFIG: file}}, async backend => {
				const refused = await pods(backend).catch(toClusterError);
				expect(refused).toMatchObject({
					code: 'unreachable',
					message: expect.stringMatching(/is not signed by an authority that this context trusts/),
				});
				writeFileSync(file, readFileSync(write({token})));
				await untilLive('it goes on', async () => pods(backend).catch(() => false));
			});
		});

		test('another user, who is impersonated', async () => {
			const refused = await listed(write({...certificate(), as: 'ann'})).catch(toClusterError);
			expect(refused).toMatchObject({code: 'not-allowed', message: expect.stringMatching(/User "ann" cannot list/)});
		});

		test('several files as one: the cluster in one, the user in another', async () => {
			const [first, second] = [own('first'), own('second')];
			writeFileSync(first, stringify({clusters: [{name: 'c', cluster: cluster()}], 'current-context': 'there'}));
			const context = {name: 'there', context: {cluster: 'c', user: 'u'}};
			writeFileSync(second, stringify({users: [{name: 'u', user: {token}}], contexts: [context]}));
			expect(await listed(`${first}:${own('nowhere')}:${second}`)).toBe(true);
		});

		test('inside a pod, its service account', async () => {
			const mounted = own('account');
			mkdirSync(mounted);
			writeFileSync(path.join(mounted, 'token'), token);
			writeFileSync(path.join(mounted, 'namespace'), 'kube-system');
			writeFileSync(
				path.join(mounted, 'ca.crt'),
				Buffer.from(String(cluster()['certificate-authority-data']), 'base64'),
			);
			const {hostname, port} = new URL(String(cluster().server));
			const env = {KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port};
			const at = await opened(
				{env, serviceAccount: mounted},
				async backend => [await pods(backend), backend.facets.namespaces?.current],
				'k8s:in-cluster',
			);
			expect(at).toEqual([true, 'kube-system']);
		});

		function plugin(name: string, script: string): object {
			writeFileSync(own(name), `#!/bin/sh\n${script}\n`);
			chmodSync(own(name), 0o755);
			return {
				exec: {
					apiVersion: 'client.authentication.k8s.io/v1',
					command: own(name),
					args: ['get'],
					env: [{name: 'WHICH', value: 'mine'}],
					interactiveMode: 'Never',
				},
			};
		}

		const credential = (status: string) =>
			`printf '%s' '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}'`;

		test('a plugin that gives a token, asked once for many requests', async () => {
			const asked = own('asked');
			const user = plugin('token-plugin', `echo "$1 $WHICH" >> ${asked}\n${credential(`{"token":"${token}"}`)}`);
			await opened({env: {KUBECONFIG: write(user)}}, async backend => {
				await pods(backend);
				expect((await backend.list({kind: 'service'})).items).toBeInstanceOf(Array);
			});
			expect(readFileSync(asked, 'utf8')).toBe('get mine\n');
		});

		test('a plugin that gives a certificate', async () => {
			const pem = (key: string) => Buffer.from(String(certificate()[`${key}-data`]), 'base64').toString('utf8');
			const status = {clientCertificateData: pem('client-certificate'), clientKeyData: pem('client-key')};
			writeFileSync(own('status'), JSON.stringify(status));
			const head = '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":';
			const user = plugin('certificate-plugin', `printf '%s' '${head}'; cat ${own('status')}; printf '}'`);
			expect(await listed(write(user))).toBe(true);
		});

		test('a plugin that fails says why', async () => {
			const user = plugin('failing-plugin', 'echo you are not logged in >&2; exit 1');
			expect(await listed(write(user)).catch(toClusterError)).toMatchObject({
				code: 'not-allowed',
				message: expect.stringMatching(/failing-plugin failed: .*/),
			});
		});

		/** Leads to whatever is asked for, and says what was. */
		async function proxy(): Promise<{readonly url: string; readonly asked: string[]; readonly server: Server}> {
			const asked: string[] = [];
			const server = createServer((_, answer) => answer.writeHead(405).end());
			server.on('connect', ({url = '', headers}, client, head) => {
				asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
				const [host = '', port = ''] = url.split(':');
				const there = connect(Number(port), host, () => {
					client.write('HTTP/1.1 200 Connection established\r\n\r\n');
					there.write(head);
					there.pipe(client).pipe(there);
				});
				for (const socket of [there, client]) socket.on('error', () => socket.destroy());
			});
			await new Promise<void>(resolve => {
				server.listen(0, '127.0.0.1', resolve);
			});
			return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server};
		}

		test('a proxy leads lists, watches and sessions to the server', async () => {
			const {url, asked, server} = await proxy();
			try {
				const file = write(certificate(), {'proxy-url': url.replace('//', '//ann:secret@')});
				await opened({env: {KUBECONFIG: file}}, async backend => {
					const name = `proxied-${process.pid}`;
					const template = {image: 'busybox', command: ['sh', '-c', 'sleep 1000'], stopGraceMs: 1000};
					await backend.apply({kind: 'service', name}, {replicas: 1, template} as never, {create: true});
					try {
						let said = '';
						await untilLive('a command runs in it', async () => {
							const [one] = (await backend.list({kind: 'instance'})).items.filter(
								({serviceName, status}) => serviceName === name && status.state === 'running',
							);
							if (one === undefined) return false;
							const {id, scope} = one;
							const ref = {kind: 'instance', id, name: one.name, ...(scope && {scope})} as const;
							const options = {command: ['echo', 'through'], tty: false, stdin: false};
							const session = await backend.facets.exec?.(ref, options);
							for await (const {data} of session?.output ?? []) said += Buffer.from(data).toString();
							return true;
						});
						expect(said).toBe('through\n');
					} finally {
						await backend.remove({kind: 'service', name}, {});
					}
				});
				const {host} = new URL(String(cluster().server));
				const credentials = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
				expect(new Set(asked)).toEqual(new Set([`${host} ${credentials}`]));
				// Not one for each request.
				expect(asked.length).toBeLessThan(20);
			} finally {
				server.close();
				server.closeAllConnections();
			}
		});

		test('a proxy that is not there is named', async () => {
			const {url, server} = await proxy();
			await new Promise(resolve => server.close(resolve));
			const refused = await listed(write(certificate(), {'proxy-url': url})).catch(toClusterError);
			expect(refused).toMatchObject({code: 'unreachable'});
		});
	},
);
