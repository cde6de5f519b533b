import {expect, test} from 'vitest';
import {whatHolds} from '../../../source/core/resource/holders.ts';

test.each([
	['a finalizer of somebody', {metadata: {finalizers: ['example.com/keep']}}, 'held by the finalizer example.com/keep'],
	['a well-known one', {metadata: {finalizers: ['kubernetes.io/pvc-protection']}}, /pvc-protection \(a pod uses it\)$/],
	['the engine’s own', {metadata: {finalizers: ['foregroundDeletion']}}, undefined],
	['nothing', {metadata: {}}, undefined],
	['no object', undefined, undefined],
	[
		'a namespace that is not empty',
		{
			metadata: {},
			status: {
				conditions: [
					{type: 'NamespaceContentRemaining', status: 'True', message: 'Some resources are remaining: pods. has 1'},
					{
						type: 'NamespaceDeletionDiscoveryFailure',
						status: 'False',
						message: 'All resources successfully discovered',
					},
				],
			},
		},
		'Some resources are remaining: pods. has 1',
	],
])('%s', (_, object, expected) => {
	if (expected instanceof RegExp) expect(whatHolds(object)).toMatch(expected);
	else expect(whatHolds(object)).toBe(expected);
});
