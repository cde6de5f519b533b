import {expect, test} from 'vitest';
import {withoutSecrets} from '../../../source/backends/k8s/secret-content.ts';
import type {WireObject} from '../../../source/backends/k8s/wire.ts';

const secret = {
	apiVersion: 'v1',
	kind: 'Secret',
	metadata: {
		name: 'key',
		annotations: {note: 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"a":"hush"}}'},
	},
	data: {a: Buffer.from('hush').toString('base64')},
} as unknown as WireObject;
const kind = {name: 'secrets', namespaced: true, shortNames: [], verbs: []};

test('of a secret only how much it holds is told, also where kubectl has kept a copy', () => {
	expect(withoutSecrets({...kind, kind: 'Secret', apiVersion: 'v1'}, secret)).toEqual({
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: {name: 'key', annotations: {note: 'kept'}},
		data: {a: '4 bytes'},
	});
});

test('a kind of the same name in another group is not a secret', () => {
	expect(withoutSecrets({...kind, kind: 'Secret', apiVersion: 'example.org/v1'}, secret)).toBe(secret);
});
