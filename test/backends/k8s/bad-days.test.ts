import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {open} from '../../../source/backends/k8s/index.ts';
import type {Backend} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import {LiveCollection} from '../../../source/live/live-collection.ts';
import {realClock} from '../../helpers/real-clock.ts';
import {type Answer, type FaultProxy, openFaultProxy} from './fault-proxy.ts';
import {isLive, kubeconfig, liveTimeoutMs, untilLive, whySkipped} from './live.ts';

const run = promisify(execFile);

async function kubectl(...args: readonly string[]): Promise<string> {
	const {stdout} = await run('kubectl', ['--kubeconfig', kubeconfig, ...args]);
	return stdout.trim();
}

function refusal(code: number, reason: string, message: string, headers?: Record<string, string>): Answer {
	const body = {kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message};
	return {status: code, body, ...(headers && {headers})};
}

const isWatch = (url: string) => url.includes('watch=1');
const isNodes = (url: string) => url.startsWith('/api/v1/nodes?');

describe.skipIf(!isLive)(
	isLive ? 'bad days of a real Kubernetes' : `bad days of a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 2},
	() => {
		const folder = mkdtempSync(path.join(tmpdir(), 'muster-bad-'));
		let proxy: FaultProxy;
		let backend: Backend;
		let collection: LiveCollection<'node'> | undefined;
		beforeAll(async () => {
			proxy = await openFaultProxy(kubeconfig, folder);
		});
		afterAll(async () => {
			await proxy?.close();
			rmSync(folder, {recursive: true, force: true});
		});
		beforeEach(async () => {
			proxy.fail(undefined);
			backend = await open('k8s:proxy', {env: {KUBECONFIG: proxy.kubeconfig}});
		});
		afterEach(() => {
			proxy.fail(undefined);
			collection?.close();
			backend.close();
		});

		/** Nodes, live. */
		async function watched(): Promise<LiveCollection<'node'>> {
			const nodes = new LiveCollection({backend, query: {kind: 'node'}, clock: realClock});
			collection = nodes;
			await untilLive('nodes are there', () => nodes.items.length === 3 && nodes.state.state === 'live');
			return nodes;
		}

		/** What was true stays and is marked, with what is wrong; once that is over it goes on, and hears of changes. */
		async function staleThenLive(nodes: LiveCollection<'node'>, said: RegExp): Promise<void> {
			// First it is said that the stream broke, then why there is no other.
			await untilLive(`it is stale, and says ${said}`, () => {
				const {state} = nodes;
				return state.state === 'stale' && said.test(state.error.message);
			});
			expect(nodes.items.length).toBe(3);
			proxy.fail(undefined);
			await untilLive('it is live again', () => nodes.state.state === 'live');
			const value = `v${Date.now().toString(36)}`;
			await kubectl('label', 'node', 'node-1', `bad-day=${value}`, '--overwrite');
			await untilLive('it hears of changes', () => nodes.items.some(({spec}) => spec.labels['bad-day'] === value));
			await kubectl('label', 'node', 'node-1', 'bad-day-');
		}

		test('429 with Retry-After is waited for, not told', async () => {
			let left = 2;
			proxy.fail(({url}) =>
				isNodes(url) && left-- > 0 ? refusal(429, 'TooManyRequests', 'slow down', {'retry-after': '1'}) : undefined,
			);
			const from = proxy.seen.length;
			expect((await backend.list({kind: 'node', brief: true})).items.length).toBe(3);
			expect(proxy.seen.slice(from).filter(line => line.includes('/api/v1/nodes?')).length).toBe(3);
		});

		test('a server that says nothing any more is noticed, and what comes after its silence is seen', async () => {
			const nodes = await watched();
			proxy.fail(() => 'hold');
			await staleThenLive(nodes, /does not answer/);
		});

		test('a slow answer is waited for: what is there stays', async () => {
			proxy.fail(({url}) => (isNodes(url) ? 'hold' : undefined));
			const listed = backend.list({kind: 'node', brief: true});
			await untilLive('it has been asked', () => proxy.seen.some(line => line.includes('/api/v1/nodes?')));
			proxy.fail(undefined);
			expect((await listed).items.length).toBe(3);
		});

		test('a credential that is none any more: said, the last state kept, and taken up when it is one again', async () => {
			const nodes = await watched();
			proxy.fail(() => refusal(401, 'Unauthorized', 'Unauthorized'));
			// The stream that is open is not ended by it; the next one is refused.
			proxy.breakStreams();
			await staleThenLive(nodes, /credential|token|Unauthorized|log in/i);
		});

		test('credentials that run out while streams are open are noticed, though these go on', async () => {
			const nodes = await watched();
			proxy.fail(() => refusal(401, 'Unauthorized', 'Unauthorized'));
			await staleThenLive(nodes, /does not accept the credentials/);
		});

		test('a right that was taken away: said, the last state kept, and taken up when it is given back', async () => {
			const nodes = await watched();
			proxy.fail(() => refusal(403, 'Forbidden', 'nodes is forbidden: User "me" cannot list resource "nodes"'));
			proxy.breakStreams();
			await staleThenLive(nodes, /may not|forbidden/i);
		});

		test('a past that the server has forgotten is listed again, in silence', async () => {
			let left = 1;
			proxy.fail(({url}) =>
				isNodes(url) && isWatch(url) && left-- > 0
					? {
							status: 200,
							body: {type: 'ERROR', object: {kind: 'Status', code: 410, reason: 'Expired', message: 'too old'}},
						}
					: undefined,
			);
			const from = proxy.seen.length;
			await watched();
			await untilLive('it was listed twice', () => {
				const lists = proxy.seen.slice(from).filter(line => line.includes('/api/v1/nodes?') && !isWatch(line));
				return lists.length >= 2;
			});
			await untilLive('it is live', () => collection?.state.state === 'live');
		});

		test('an admission policy that refuses is told in its own words; a webhook that is not there, too', async () => {
			const name = `refuse-${process.pid}`;
			await kubectl('create', 'namespace', name);
			const policy = (validations: object) => ({
				apiVersion: 'admissionregistration.k8s.io/v1',
				kind: 'ValidatingAdmissionPolicy',
				metadata: {name},
				spec: {
					failurePolicy: 'Fail',
					matchConstraints: {
						namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': name}},
						resourceRules: [
							{apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments']},
						],
					},
					validations,
				},
			});
			const webhook = {
				apiVersion: 'admissionregistration.k8s.io/v1',
				kind: 'ValidatingWebhookConfiguration',
				metadata: {name},
				webhooks: [
					{
						name: 'nobody.example.com',
						clientConfig: {url: 'https://127.0.0.1:9/'},
						namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': name}},
						rules: [{apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments']}],
						admissionReviewVersions: ['v1'],
						sideEffects: 'None',
						failurePolicy: 'Fail',
					},
				],
			};
			const make = async () =>
				toClusterError(
					await backend
						.apply({kind: 'service', name: 'web', scope: name}, {template: {image: 'nginx:1'}}, {create: true})
						.catch(error => error),
				);
			const write = (object: object) => backend.facets.resources?.apply(object as never, {dryRun: false, force: false});
			try {
				await write(webhook);
				await untilLive('the webhook is asked', async () => /nobody\.example\.com/.test((await make()).message));
				await kubectl('delete', 'validatingwebhookconfiguration', name);
				await write(policy([{expression: 'object.spec.replicas > 5', message: 'too few for this place'}]));
				await write({
					...{
						apiVersion: 'admissionregistration.k8s.io/v1',
						kind: 'ValidatingAdmissionPolicyBinding',
						metadata: {name},
					},
					spec: {policyName: name, validationActions: ['Deny']},
				});
				await untilLive('the policy is in force', async () => {
					await kubectl('delete', 'deployment', 'web', '-n', name, '--ignore-not-found');
					return /too few for this place/.test((await make()).message);
				});
				expect(await kubectl('get', 'deployment', '-n', name, '-o', 'name')).toBe('');
			} finally {
				const all = ['validatingadmissionpolicy', 'validatingadmissionpolicybinding', 'validatingwebhookconfiguration'];
				for (const kind of all) await kubectl('delete', kind, name, '--ignore-not-found');
				await kubectl('delete', 'namespace', name, '--wait=false');
			}
		});

		test('of two writers the second is told that the first one was there', async () => {
			const ref = {kind: 'service', name: `two-${process.pid}`} as const;
			const made = await backend.apply(ref, {template: {image: 'nginx:1', stopGraceMs: 1000}}, {create: true});
			try {
				await kubectl('scale', 'deployment', ref.name, '--replicas=2');
				const second = backend.apply(ref, {replicas: 5}, {ifRevision: made.revision});
				await expect(second).rejects.toMatchObject({code: 'conflict'});
				expect(await kubectl('get', 'deployment', ref.name, '-o', 'jsonpath={.spec.replicas}')).toBe('2');
			} finally {
				await backend.remove(ref, {});
			}
		});
	},
);
