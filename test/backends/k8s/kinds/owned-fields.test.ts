import {expect, test} from 'vitest';
import {ownedPart} from '../../../../source/backends/k8s/kinds/owned-fields.ts';

const object = {
	kind: 'Deployment',
	metadata: {name: 'web', labels: {'app.kubernetes.io/name': 'web', tier: 'front'}, finalizers: ['a', 'b']},
	spec: {
		replicas: 3,
		containers: [
			{name: 'web', image: 'nginx', env: [{name: 'A', value: '1'}]},
			{name: 'side', image: 'busybox'},
		],
	},
};

const check = (name: string, fields: unknown, expected: object) => {
	test(name, () => {
		const managed = [
			{manager: 'kubectl', operation: 'Apply', fieldsV1: {'f:spec': {'f:replicas': {}}}},
			{manager: 'muster', operation: 'Update', fieldsV1: {'f:spec': {'f:replicas': {}}}},
			{manager: 'muster', operation: 'Apply', subresource: 'scale', fieldsV1: {'f:spec': {'f:replicas': {}}}},
			...(fields === undefined ? [] : [{manager: 'muster', operation: 'Apply', fieldsV1: fields}]),
		];
		expect(ownedPart(object, managed, 'muster')).toEqual(expected);
	});
};

check('nothing was applied', undefined, {});
check(
	'members, with dots in their names',
	{'f:metadata': {'f:labels': {'f:app.kubernetes.io/name': {}}}},
	{
		metadata: {labels: {'app.kubernetes.io/name': 'web'}},
	},
);
check(
	'an entry goes with its keys and what is owned of it',
	{'f:spec': {'f:containers': {'k:{"name":"web"}': {'.': {}, 'f:image': {}}}}},
	{spec: {containers: [{name: 'web', image: 'nginx'}]}},
);
check('entries of a set', {'f:metadata': {'f:finalizers': {'v:"b"': {}}}}, {metadata: {finalizers: ['b']}});
check('a whole list', {'f:spec': {'f:containers': {}}}, {spec: {containers: object.spec.containers}});
check('what is gone meanwhile', {'f:spec': {'f:paused': {}, 'f:replicas': {}}}, {spec: {replicas: 3}});
