import {expect, test} from 'vitest';
import {keepWorkload} from '../../../../source/backends/k8s/translate/translate-workload.ts';
import type {WireWorkload} from '../../../../source/backends/k8s/wire/wire.ts';

/** `STATE UPDATED/TOTAL: MESSAGE` of the update that is under way, of a Deployment of two. */
function check(name: string, status: WireWorkload['status'], expected: string | undefined): void {
	test(name, () => {
		const {rollout} = keepWorkload('deployment', {
			metadata: {
				...{name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '7', generation: 2},
				creationTimestamp: '2026-01-01T00:00:00Z',
			},
			spec: {replicas: 2, template: {spec: {containers: [{name: 'main', image: 'app:1'}]}}},
			status: {observedGeneration: 2, ...status},
		} as WireWorkload).base;
		const why = rollout?.message === undefined ? '' : `: ${rollout.message}`;
		expect(rollout && `${rollout.state} ${rollout.updated}/${rollout.total}${why}`).toBe(expected);
	});
}

const all = {replicas: 2, updatedReplicas: 2};
const stuck = {type: 'Progressing', status: 'False', message: 'it has timed out progressing'};
check('all are of the version that is asked for', {...all, availableReplicas: 2}, undefined);
check('one is of an earlier version', {replicas: 2, updatedReplicas: 1, availableReplicas: 2}, 'updating 1/2');
check('what is asked for was not seen yet', {...all, availableReplicas: 2, observedGeneration: 1}, 'updating 2/2');
check(
	'the first version does not come up',
	{...all, conditions: [stuck]} as WireWorkload['status'],
	'updating 0/2: it has timed out progressing',
);

// A removal that a finalizer held was waited for without a word of why.
test.each([
	[undefined, ['example.com/hold'], undefined],
	['2026-01-01T00:00:00Z', ['foregroundDeletion'], undefined],
	[
		'2026-01-01T00:00:00Z',
		['foregroundDeletion', 'example.com/hold', 'b'],
		'held by the finalizer example.com/hold, b',
	],
])('removed %s with the finalizers %j', (deletionTimestamp, finalizers, expected) => {
	const {base} = keepWorkload('deployment', {
		metadata: {name: 'web', namespace: 'd', uid: 'u1', resourceVersion: '7', deletionTimestamp, finalizers},
		spec: {replicas: 2, template: {spec: {containers: [{name: 'main', image: 'app:1'}]}}},
	} as WireWorkload);
	expect(base.status.message).toBe(expected);
});

test('the claims of a StatefulSet are in use as far as its pods go', () => {
	const wire = (replicas: number) =>
		({
			metadata: {name: 'db', uid: 'u1', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z'},
			spec: {
				replicas,
				volumeClaimTemplates: [{metadata: {name: 'data'}}, {metadata: {name: 'log'}}],
				template: {spec: {containers: [], volumes: [{name: 'x', persistentVolumeClaim: {claimName: 'shared'}}]}},
			},
		}) as unknown as WireWorkload;
	expect(keepWorkload('statefulset', wire(2)).uses.volumes).toEqual([
		...['shared', 'data-db-0', 'data-db-1', 'log-db-0', 'log-db-1'],
	]);
	expect(keepWorkload('statefulset', wire(0)).uses.volumes).toEqual(['shared']);
});

// It was not read: stop-first could not be set again, since it was what was thought to be there.
test.each([
	[
		{maxSurge: 2, maxUnavailable: 0},
		{parallelism: 2, order: 'start-first', delayMs: 3000},
	],
	[
		{maxSurge: '100%', maxUnavailable: 0},
		{parallelism: 0, order: 'start-first', delayMs: 3000},
	],
	[
		{maxSurge: 0, maxUnavailable: 3},
		{parallelism: 3, order: 'stop-first', delayMs: 3000},
	],
	// What Kubernetes does by itself is nothing that the model says.
	[
		{maxSurge: '25%', maxUnavailable: '25%'},
		{parallelism: 1, order: 'stop-first', delayMs: 3000},
	],
])('updates by %j', (rollingUpdate, expected) => {
	const read = (type: 'deployment' | 'daemonset', member: 'strategy' | 'updateStrategy') =>
		keepWorkload(type, {
			metadata: {name: 'web', namespace: 'd', uid: 'u1', resourceVersion: '7'},
			spec: {[member]: {rollingUpdate}, minReadySeconds: 3, template: {spec: {containers: []}}},
		} as unknown as WireWorkload).base.spec.update;
	expect(read('deployment', 'strategy')).toMatchObject(expected);
	expect(read('daemonset', 'updateStrategy')).toMatchObject(expected);
});
