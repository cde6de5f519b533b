import {expect, test} from 'vitest';
import {keepPod} from '../../../../source/backends/k8s/translate/translate-pod.ts';
import type {WireContainerStatus, WirePod} from '../../../../source/backends/k8s/wire/wire.ts';

type Given = {
	readonly phase?: string;
	readonly node?: string;
	readonly reason?: string;
	readonly message?: string;
	readonly conditions?: NonNullable<WirePod['status']>['conditions'];
	readonly containers?: readonly WireContainerStatus[];
	readonly init?: readonly WireContainerStatus[];
	readonly deleted?: boolean;
	readonly probe?: boolean;
	readonly names?: readonly string[];
};

function pod({names = ['main'], probe, node, deleted, init = [], ...status}: Given): WirePod {
	const container = (name: string) => ({name, image: 'app:1', ...(probe && {readinessProbe: {}})});
	return {
		metadata: {
			name: 'web-abc',
			namespace: 'default',
			uid: 'u1',
			resourceVersion: '7',
			creationTimestamp: '2026-01-01T00:00:00Z',
			...(deleted && {deletionTimestamp: '2026-01-01T00:01:00Z'}),
		},
		spec: {
			containers: names.map(container),
			...(init.length > 0 && {initContainers: init.map(({name}) => container(name))}),
			...(node === undefined ? {} : {nodeName: node}),
		},
		status: {
			phase: status.phase ?? 'Pending',
			conditions: status.conditions ?? [],
			containerStatuses: status.containers ?? [],
			initContainerStatuses: init,
			...(status.reason && {reason: status.reason}),
			...(status.message && {message: status.message}),
		},
	};
}

const ready = {type: 'Ready', status: 'True'};

/** `state health · reason`. */
function check(name: string, given: Given, expected: string): void {
	test(name, () => {
		const {state, health, reason, healthMessage} = keepPod(pod(given)).base.status;
		const why = reason ?? healthMessage;
		expect(`${state} ${health}${why === undefined ? '' : ` · ${why}`}`).toBe(expected);
	});
}

check(
	'what fits nowhere has the scheduler say why',
	{conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available'}]},
	'pending none · Unschedulable: 0/3 nodes are available',
);
check('on a node that has not begun with it', {node: 'n1'}, 'assigned none');
check(
	'its containers are made',
	{node: 'n1', containers: [{name: 'main', state: {waiting: {reason: 'ContainerCreating'}}}]},
	'preparing none',
);
check(
	'an image that cannot be pulled',
	{
		node: 'n1',
		containers: [{name: 'main', state: {waiting: {reason: 'ImagePullBackOff', message: 'Back-off pulling "x"'}}}],
	},
	'preparing unhealthy · ImagePullBackOff: Back-off pulling "x"',
);
check(
	'a container that ends again and again tells how',
	{
		node: 'n1',
		phase: 'Running',
		containers: [
			{
				name: 'main',
				restartCount: 4,
				state: {waiting: {reason: 'CrashLoopBackOff', message: 'back-off 40s'}},
				lastState: {terminated: {exitCode: 3, reason: 'Error'}},
			},
		],
	},
	'starting unhealthy · CrashLoopBackOff: exit code 3',
);
check(
	'one that was killed for its memory',
	{
		node: 'n1',
		phase: 'Running',
		containers: [
			{
				name: 'main',
				state: {waiting: {reason: 'CrashLoopBackOff'}},
				lastState: {terminated: {exitCode: 137, reason: 'OOMKilled'}},
			},
		],
	},
	'starting unhealthy · CrashLoopBackOff: OOMKilled (exit code 137)',
);
check(
	'of several containers the one is named',
	{
		node: 'n1',
		names: ['main', 'side'],
		phase: 'Running',
		containers: [
			{name: 'main', state: {running: {}}},
			{name: 'side', state: {waiting: {reason: 'CreateContainerConfigError', message: 'no secret "x"'}}},
		],
	},
	'preparing unhealthy · container side: CreateContainerConfigError: no secret "x"',
);
check(
	'init containers are counted',
	{
		node: 'n1',
		init: [
			{name: 'a', state: {terminated: {exitCode: 0}}},
			{name: 'b', state: {running: {}}},
		],
		containers: [{name: 'main', state: {waiting: {reason: 'PodInitializing'}}}],
	},
	'preparing none · 1 of 2 init containers done',
);
check('runs and is ready, with nobody asking', {node: 'n1', phase: 'Running', conditions: [ready]}, 'running none');
check(
	'runs and answers its probe',
	{node: 'n1', phase: 'Running', probe: true, conditions: [ready]},
	'running healthy',
);
check(
	'runs and is not ready',
	{node: 'n1', phase: 'Running', conditions: [{type: 'Ready', status: 'False', message: 'containers not ready'}]},
	'running starting · containers not ready',
);
check(
	'on a node that is silent',
	{node: 'n1', phase: 'Running', conditions: [{type: 'Ready', status: 'Unknown'}]},
	'unknown none · its node is silent',
);
const containersReady = {type: 'ContainersReady', status: 'True'};
check(
	'on a node that is silent, as the node controller marks it: without a word',
	{node: 'n1', phase: 'Running', conditions: [{type: 'Ready', status: 'False'}, containersReady]},
	'unknown none · its node is silent',
);
check(
	'a readiness gate that is shut says so',
	{
		...{node: 'n1', phase: 'Running'},
		conditions: [
			{type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: 'a gate'},
			containersReady,
		],
	},
	'running starting · a gate',
);
check(
	'evicted',
	{node: 'n1', phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory. '},
	'failed none · Evicted: The node was low on resource: memory.',
);
check(
	'ended with a code',
	{node: 'n1', phase: 'Failed', containers: [{name: 'main', state: {terminated: {exitCode: 2, reason: 'Error'}}}]},
	'failed none · exit code 2',
);
check(
	'ended well',
	{
		node: 'n1',
		phase: 'Succeeded',
		containers: [{name: 'main', state: {terminated: {exitCode: 0, reason: 'Completed'}}}],
	},
	'completed none',
);

test('one that is being deleted is meant to stop, whatever it does', () => {
	expect(keepPod(pod({node: 'n1', phase: 'Running', deleted: true})).base).toMatchObject({
		desired: 'stopped',
		status: {state: 'running'},
	});
});

test('what its node reserves for it: its containers together, or the largest before them', () => {
	const requests = (cpu: string, memory: string) => ({resources: {requests: {cpu, memory}}});
	const given = pod({node: 'n1', phase: 'Running'});
	const spec = {
		...given.spec,
		containers: [
			{name: 'a', ...requests('100m', '64Mi')},
			{name: 'b', ...requests('200m', '1Gi')},
		],
		initContainers: [{name: 'i', ...requests('1', '32Mi')}],
	};
	expect(keepPod({...given, spec}).reserved).toEqual({cpus: 1, memoryBytes: 64 * 2 ** 20 + 2 ** 30});
	expect(keepPod({...given, spec, status: {phase: 'Succeeded'}}).reserved).toEqual({cpus: 0, memoryBytes: 0});
});

test('a pod that waits reached its state when its last condition changed', () => {
	const at = (...times: ReadonlyArray<string | undefined>) =>
		keepPod(pod({conditions: times.map(time => ({...ready, ...(time !== undefined && {lastTransitionTime: time})}))}))
			.base.status.at;
	expect(at('2026-01-01T00:02:00Z', undefined, '2026-01-01T00:03:00Z', '2026-01-01T00:01:00Z')).toBe(
		Date.UTC(2026, 0, 1, 0, 3),
	);
	expect(at()).toBe(Date.UTC(2026, 0, 1));
});

/** How many of its failures in a row came soon after the start. */
function checkFailures(name: string, status: Omit<WireContainerStatus, 'name'>, expected: number): void {
	test(name, () => {
		const given = pod({node: 'n1', phase: 'Running', containers: [{name: 'main', ...status}]});
		expect(keepPod(given).base.quickFailures).toBe(expected);
	});
}

const ranShortly = {exitCode: 1, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:03Z'};
const ranLong = {...ranShortly, finishedAt: '2026-01-01T05:00:00Z'};
checkFailures('its first start', {state: {running: {}}, restartCount: 0}, 0);
checkFailures('it has just ended for the first time', {state: {terminated: ranShortly}, restartCount: 0}, 1);
checkFailures('it runs again', {state: {running: {}}, lastState: {terminated: ranShortly}, restartCount: 2}, 2);
checkFailures('it ended after a long run', {state: {terminated: ranLong}, restartCount: 2}, 0);
checkFailures(
	'it is done soon each time, and kept from going on',
	{
		state: {waiting: {reason: 'CrashLoopBackOff'}},
		lastState: {terminated: {...ranShortly, exitCode: 0}},
		restartCount: 4,
	},
	4,
);

/** Of a pod with an init container that is done, a sidecar, and two containers of which one is ready. */
function checkContainers(name: string, limits: ReadonlyArray<Record<string, string>>, expected: unknown): void {
	test(name, () => {
		const of = (index: number) => ({resources: {limits: limits[index] ?? {}, requests: {cpu: '500m'}}});
		const spec = {
			containers: [
				{name: 'main', ...of(0)},
				{name: 'log', ...of(1)},
			],
			initContainers: [{name: 'prepare'}, {name: 'mesh', restartPolicy: 'Always', ...of(2)}],
		};
		const isReady = (one: string) => ({name: one, ready: true});
		const status = {containerStatuses: [isReady('main')], initContainerStatuses: ['prepare', 'mesh'].map(isReady)};
		const {containers, bounds} = keepPod({...pod({}), spec, status}).base;
		expect(containers).toEqual({ready: 2, total: 3, names: ['main', 'log', 'mesh']});
		expect(bounds).toEqual({limit: expected, reserve: {cpus: 1.5, memoryBytes: 0}});
	});
}

const memory = {memory: '1Ki'};
checkContainers('what several containers may use is added up', [{cpu: '1', ...memory}, memory, memory], {
	memoryBytes: 3072,
});
checkContainers('where one has no limit they have none together', [memory, memory], {});

test('of a single container its service tells', () => {
	expect(keepPod(pod({})).base.bounds).toBe(undefined);
});
