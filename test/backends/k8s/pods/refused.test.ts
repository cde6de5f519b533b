import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {removePod} from '../../../../source/backends/k8s/pods/pods.ts';
import {connectSocket} from '../../../../source/backends/k8s/pods/sessions.ts';
import {answerError} from '../../../../source/backends/k8s/translate-error.ts';

/** How an eviction is refused that the API server answers so. */
async function evicted(status: number, message: string): Promise<unknown> {
	const client = {
		text: async () => Promise.reject(answerError(status, JSON.stringify({message}), '/eviction')),
	} as unknown as KubeClient;
	return removePod(client, {scope: 'shop', pod: 'web-1'}, {force: false}).catch((error: unknown) => error);
}

test('an eviction that a budget refuses is a conflict, and what helps is told', async () => {
	expect(await evicted(429, "Cannot evict pod as it would violate the pod's disruption budget.")).toMatchObject({
		code: 'conflict',
		hint: 'Try again when more of its kind are ready, or `muster instance rm` without asking the budget.',
	});
	expect(
		await evicted(
			500,
			'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
		),
	).toMatchObject({
		code: 'conflict',
		hint: 'Let one of them choose other pods, or `muster instance rm` without asking the budget.',
	});
	expect(await evicted(404, 'pods "web-1" not found')).toMatchObject({code: 'not-found'});
});

/** What is said of a session whose upgrade is answered with this status, and the same asked plainly with that error. */
async function session(status: string, plain: unknown): Promise<unknown> {
	const server = createServer().on('upgrade', (_, socket) => void socket.end(`HTTP/1.1 ${status}\r\n\r\n`));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	const client = {
		server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		source: {get: async () => ({tls: {}, headers: {}})},
		text: async () => Promise.reject(plain),
	} as unknown as KubeClient;
	return connectSocket(client, '/exec', () => true).catch((error: unknown) => error);
}

test('a session that is refused says why, and whom the API server has not reached', async () => {
	const unasked = answerError(400, JSON.stringify({message: 'Upgrade request required'}), '/exec');
	expect(await session('502 Bad Gateway', unasked)).toMatchObject({
		code: 'unreachable',
		message: 'the API server cannot reach the kubelet of its node: status 502',
	});
	expect(await session('409 Conflict', unasked)).toMatchObject({
		code: 'failed',
		message: 'the API server answered with 409',
	});
	const forbidden = answerError(403, JSON.stringify({message: 'pods "web" is forbidden'}), '/exec');
	expect(await session('403 Forbidden', forbidden)).toMatchObject({code: 'not-allowed'});
});
