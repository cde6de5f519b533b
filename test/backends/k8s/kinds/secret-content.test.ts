import {expect, test} from 'vitest';
import {withoutSecrets, withPlainSecrets} from '../../../../source/backends/k8s/kinds/secret-content.ts';
import type {WireObject} from '../../../../source/backends/k8s/wire/wire.ts';

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

test('on request it is text, where it is any: what is none stays as it is', () => {
	const of = (data: object) =>
		withPlainSecrets({...kind, kind: 'Secret', apiVersion: 'v1'}, {...secret, data} as never);
	const [text, bytes] = [Buffer.from('hüsh\n').toString('base64'), Buffer.from([0xff, 0xfe]).toString('base64')];
	expect(of({a: text})).toMatchObject({stringData: {a: 'hüsh\n'}});
	expect(of({a: text})).not.toHaveProperty('data');
	expect(of({a: text, b: bytes})).toMatchObject({stringData: {a: 'hüsh\n'}, data: {b: bytes}});
	expect(withPlainSecrets({...kind, kind: 'ConfigMap', apiVersion: 'v1'}, secret)).toBe(secret);
});
