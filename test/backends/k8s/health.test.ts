import {expect, test} from 'vitest';
import type {ApiRequest, KubeClient} from '../../../source/backends/k8s/client.ts';
import {readHealth} from '../../../source/backends/k8s/health.ts';
import {answerError} from '../../../source/backends/k8s/translate-error.ts';
import {brokenParts} from '../../../source/core/troubles/control-troubles.ts';
import type {TroubleWorld} from '../../../source/core/troubles/trouble.ts';

const now = Date.parse('2026-01-01T00:01:00Z');

/** What is told of the scheduler whose lease is this. */
async function check(lease: object): Promise<string> {
	const items = [{metadata: {name: 'kube-scheduler'}, spec: {leaseDurationSeconds: 15, ...lease}}];
	const client = {
		json: async ({path}: ApiRequest) => (path.includes('leases') ? {items} : {gitVersion: 'v1'}),
		text: async () => '[+]ping ok\n',
	} as unknown as KubeClient;
	const all = await readHealth(
		client,
		() => now,
		async () => [],
	);
	const {state, message} = all.find(({name}) => name === 'kube-scheduler') ?? {};
	return `${state}: ${message}`;
}

test('without its storage the server is not called well, nor failed itself', async () => {
	const body = '[+]ping ok\n[-]etcd failed: reason withheld\n';
	const client = {
		json: async () => ({gitVersion: 'v1'}),
		text: async ({path}: ApiRequest) => {
			throw answerError(500, body, path);
		},
	} as unknown as KubeClient;
	const all = await readHealth(
		client,
		() => now,
		async () => [],
	);
	expect(all.map(({name, state, message}) => `${name} ${state}: ${message}`)).toEqual([
		'kube-apiserver warning: v1, lives, and can do nothing without its storage',
		'etcd failed: does not answer the API server',
	]);
});

test('what may not be seen is not known, and not unwell', async () => {
	const client = {
		async json({path}: ApiRequest) {
			if (path.includes('leases')) throw answerError(403, 'leases is forbidden', path);
			return {gitVersion: 'v1'};
		},
		text: async () => '[+]ping ok\n',
	} as unknown as KubeClient;
	const all = await readHealth(
		client,
		() => now,
		async () => {
			throw answerError(403, 'nodes is forbidden', '/api/v1/nodes');
		},
	);
	expect(all.map(({name, state}) => `${name} ${state}`)).toEqual([
		'kube-apiserver ok',
		'kube-controller-manager unknown',
		'kube-scheduler unknown',
		'kubelet of each node unknown',
	]);
	expect(brokenParts({nodes: [], components: all} as unknown as TroubleWorld)).toEqual([]);
});

test('a lease that is renewed in time is well, one that is not has failed', async () => {
	const held = {holderIdentity: 'vm_320828a4-db36', renewTime: '2026-01-01T00:00:58Z'};
	expect(await check(held)).toBe('ok: led by vm, renewed 2 s ago');
	expect(await check({...held, renewTime: '2026-01-01T00:00:30Z'})).toBe('failed: its lease was last renewed 30 s ago');
});

test('a lease that was given up is nobody’s, however short ago that was', async () => {
	const given = {holderIdentity: '', leaseDurationSeconds: 1, renewTime: '2026-01-01T00:00:58Z'};
	expect(await check(given)).toBe('failed: nobody leads: its lease was given up 2 s ago');
});
