import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterEach, describe, expect, test} from 'vitest';
import {LiveCollection} from '../../../source/live/live-collection.ts';
import {realClock} from '../../helpers/real-clock.ts';
import {isLive, liveTimeoutMs, openLive, untilLive, whySkipped} from './live.ts';

const run = promisify(execFile);
const {MUSTER_TEST_KUBE_CLUSTER: program = '', MUSTER_TEST_KUBE_DIR: dir = ''} = process.env;

/** SIGKILL of a component or node, and its start. */
async function control(verb: 'stop' | 'start', name: string): Promise<void> {
	await run(program, [verb, '--dir', dir, name]);
}

/** Whoever leads by a lease ends when it could not renew it for a while; elsewhere a kubelet starts it again. */
async function revive(): Promise<void> {
	const {stdout} = await run(program, ['list', '--dir', dir]);
	for (const line of stdout.split('\n')) {
		const [name = '', state] = line.split('\t');
		if (state !== undefined && state !== 'running') await control('start', name);
	}
}

describe.skipIf(!isLive || program === '')(
	isLive ? 'faults of a real Kubernetes' : `faults of a real Kubernetes: ${whySkipped}`,
	{timeout: liveTimeoutMs * 4},
	() => {
		afterEach(async () => {
			const backend = await openLive();
			try {
				await untilLive('all is well again', async () => {
					await revive();
					return ((await backend.facets.health?.()) ?? []).every(({state}) => state === 'ok');
				});
			} finally {
				backend.close();
			}
		});

		test('an API server that is killed: the last state stays, marked, and goes on by itself', async () => {
			const backend = await openLive();
			const collection = new LiveCollection({backend, query: {kind: 'node'}, clock: realClock});
			try {
				await untilLive('nodes are there', () => collection.items.length === 3);
				await control('stop', 'kube-apiserver');
				await untilLive('it is stale', () => collection.state.state === 'stale');
				expect(collection.items.length).toBe(3);
				await control('start', 'kube-apiserver');
				await untilLive('it is live', () => collection.state.state === 'live');
				const written = await backend.apply({kind: 'node', name: 'node-1'}, {labels: {after: 'outage'}}, {});
				await untilLive('changes come again', () => collection.get(written.id)?.spec.labels.after === 'outage');
				await backend.apply({kind: 'node', name: 'node-1'}, {labels: {after: null}}, {});
			} finally {
				collection.close();
				backend.close();
			}
		});

		test('storage that is killed: the last state stays, what is wrong is said, and it goes on by itself', async () => {
			const backend = await openLive();
			const collection = new LiveCollection({backend, query: {kind: 'node'}, clock: realClock});
			try {
				await untilLive('nodes are there', () => collection.items.length === 3);
				await control('stop', 'etcd');
				// The streams stay open, and the server answers: only it says that nothing can come.
				await untilLive('it is stale, and says why', () => {
					const {state} = collection;
					return state.state === 'stale' && /etcd is silent/.test(state.error.message);
				});
				expect(collection.items.length).toBe(3);
				await expect(backend.list({kind: 'service'})).rejects.toMatchObject({
					code: 'unreachable',
					message: expect.stringMatching(/etcd is silent/),
				});
				const failed = ((await backend.facets.health?.()) ?? []).filter(({state}) => state === 'failed');
				expect(failed.map(({name}) => name)).toEqual(['etcd']);
				await control('start', 'etcd');
				await untilLive('it is live', () => collection.state.state === 'live');
				const written = await backend.apply({kind: 'node', name: 'node-1'}, {labels: {after: 'storage'}}, {});
				await untilLive('changes come again', () => collection.get(written.id)?.spec.labels.after === 'storage');
				await backend.apply({kind: 'node', name: 'node-1'}, {labels: {after: null}}, {});
			} finally {
				collection.close();
				backend.close();
			}
		});

		test('a node that is killed is down, and says why; started again it is ready', async () => {
			const backend = await openLive();
			const node = async () => (await backend.list({kind: 'node', name: 'node-3'})).items[0];
			try {
				await control('stop', 'node-3');
				await untilLive('it is down', async () => (await node())?.status.state === 'down');
				expect((await node())?.status.message).toMatch(/Kubelet stopped posting/);
				await control('start', 'node-3');
				await untilLive('it is ready', async () => (await node())?.status.state === 'ready');
			} finally {
				backend.close();
			}
		});

		test('a scheduler that is killed is told by the health of the parts, and what waits for it says so', async () => {
			const backend = await openLive();
			const failed = async () =>
				((await backend.facets.health?.()) ?? []).filter(({state}) => state === 'failed').map(({name}) => name);
			try {
				await control('stop', 'kube-scheduler');
				await untilLive('it is told', async () => (await failed()).includes('kube-scheduler'));
				const ref = {kind: 'service', name: `waits-${process.pid}`} as const;
				const service = await backend.apply(ref, {template: {image: 'nginx:1', stopGraceMs: 1000}}, {create: true});
				const states = async () => {
					const {items} = await backend.list({kind: 'instance', serviceId: service.id});
					return items.map(({status}) => status.state).join();
				};
				await untilLive('its instance is pending', async () => (await states()) === 'pending');
				await control('start', 'kube-scheduler');
				await untilLive('it runs', async () => (await states()) === 'running');
				await untilLive('all is well again', async () => (await failed()).length === 0);
				await backend.remove(ref, {});
			} finally {
				backend.close();
			}
		});
	},
);
