import {expect, test} from 'vitest';
import type {Progress} from '../../../source/actions/action.ts';
import {waitUntil} from '../../../source/commands/running/wait-until.ts';
import type {Facets} from '../../../source/core/backend.ts';
import {toClusterError} from '../../../source/core/error.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {settle} from '../../helpers/scripted-backend.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

const {services, nodes} = readCluster('node n1 · service web');

/** Waits on a clock that a test turns; `progress` is what is found at each moment. */
function waiting(
	progress: (ms: number) => Progress,
	timeoutMs?: number,
	patient?: boolean,
	facets: Partial<Facets> = {},
) {
	const clock = createManualClock();
	const backend = createScriptedCluster([...services, ...nodes], facets);
	let ended: string | undefined;
	const shown: string[] = [];
	void waitUntil([{name: 'web', progress: () => progress(clock.monotonicMs())}], {
		backend,
		host: {...clock, interrupted: new AbortController().signal},
		timeoutMs,
		...(patient === undefined ? {} : {patient}),
		show: states => void shown.push(...[...states.values()].map(({message}) => message)),
	}).then(
		() => {
			ended = 'reached';
		},
		(error: unknown) => {
			const {code, message} = toClusterError(error);
			ended = `${code}: ${message}`;
		},
	);
	return {
		backend,
		shown,
		/** Turns the clock on until it has ended, or for so long; answers with how and when. */
		async turn(seconds: number): Promise<string> {
			for (let step = 0; step < seconds * 10 && ended === undefined; step++) {
				await settle();
				clock.advance(100);
				await settle();
			}

			return `${ended ?? 'waits'} at ${Math.round(clock.monotonicMs() / 1000)}s`;
		},
	};
}

const stuck: Progress = {state: 'waiting', message: 'web: 0 of 1', done: 0, total: 1, trouble: 'no node has room'};
const slow: Progress = {state: 'waiting', message: 'web: 0 of 1', done: 0, total: 1};

test('gives up when something stands in the way and nothing moves', async () => {
	expect(await waiting(() => stuck).turn(60)).toBe('failed: web: 0 of 1: no node has room at 15s');
});

test('has patience as long as something moves', async () => {
	const moving = waiting(ms => ({...stuck, total: 1000, done: Math.floor(ms / 10_000)}) as Progress);
	expect(await moving.turn(60)).toBe('waits at 60s');
});

test('has patience with what is only slow', async () => {
	expect(await waiting(() => slow).turn(60)).toBe('waits at 60s');
});

test('has patience when told to', async () => {
	expect(await waiting(() => stuck, undefined, true).turn(60)).toBe('waits at 60s');
});

test('waits as long as it was given, and no longer', async () => {
	expect(await waiting(() => stuck, 30_000).turn(60)).toBe(
		'timeout: not reached within 30s: web: 0 of 1: no node has room at 30s',
	);
});

test('ends with what is reached or failed', async () => {
	const late = (state: 'reached' | 'failed') => (ms: number) =>
		ms < 3000 ? slow : ({state, message: 'so'} as Progress);
	expect(await waiting(late('reached')).turn(60)).toMatch(/^reached at [34]s$/);
	expect(await waiting(late('failed')).turn(60)).toMatch(/^failed: so at [34]s$/);
});

test('survives that the engine is away for a while', async () => {
	const wait = waiting(ms => (ms < 8000 ? slow : {state: 'reached', message: 'so'}));
	await wait.turn(1);
	wait.backend.disconnect();
	await wait.turn(4);
	wait.backend.connect();
	expect(await wait.turn(60)).toMatch(/^reached at [89]s$/);
});

test('says so when it stays away', async () => {
	const wait = waiting(() => slow);
	await wait.turn(1);
	wait.backend.disconnect();
	expect(await wait.turn(120)).toMatch(/^unreachable: /);
});

// Half a minute without the API server ended a wait for which ten minutes had been given.
test('with a time of its own it waits through an outage, and says of it when the time is over', async () => {
	const wait = waiting(ms => (ms < 42_000 ? slow : {state: 'reached', message: 'so'}), 60_000);
	await wait.turn(1);
	wait.backend.disconnect();
	await wait.turn(40);
	wait.backend.connect();
	expect(await wait.turn(60)).toMatch(/^reached at 4[23]s$/);
	const lost = waiting(() => slow, 30_000);
	await lost.turn(1);
	lost.backend.disconnect();
	expect(await lost.turn(60)).toMatch(/^timeout: not reached within 30s: web: 0 of 1; .+ at 30s$/);
});

// Without a scheduler nothing moves, and no object says why: it was waited for in silence and without an end.
test('where nothing moves it is asked what is wrong with the control plane', async () => {
	const asked: number[] = [];
	const rig = (patient: boolean) =>
		waiting(() => slow, undefined, patient, {
			async health() {
				asked.push(1);
				return [
					{name: 'etcd', state: 'ok', message: 'fine'},
					{name: 'kubelet n1', state: 'failed', message: 'its node is down'},
					{name: 'kube-scheduler', state: 'failed', message: 'its lease was last renewed 49 s ago'},
				];
			},
		});
	const why = 'kube-scheduler has failed: its lease was last renewed 49 s ago';
	expect(await rig(false).turn(60)).toMatch(new RegExp(`^failed: web: 0 of 1: ${why} at 1[5-7]s$`));
	asked.length = 0;
	expect(await rig(true).turn(60)).toBe('waits at 60s');
	expect(asked.length).toBe(4);
});

test('what is in the way of the object itself is told before that', async () => {
	const health = async () => [{name: 'kube-scheduler', state: 'failed', message: 'x'} as const];
	expect(await waiting(() => stuck, undefined, undefined, {health}).turn(60)).toMatch(
		/^failed: web: 0 of 1: no node has room/,
	);
});
