import {expect, test} from 'vitest';
import type {ServiceVersion} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {changeText, versionChanges} from '../../../source/core/spec/version-changes.ts';

function check(name: string, before: object, after: object, expected: readonly string[]) {
	test(name, () => {
		const spec = (template: object): ServiceVersion['spec'] =>
			serviceSpec({template: {image: 'nodejs', ...template}} as never);
		expect(versionChanges(spec(before), spec(after)).map(change => changeText(change))).toEqual(expected);
	});
}

check('a member', {env: {A: '1', B: '2'}}, {env: {A: '3', C: '4'}}, ['env.A 1 → 3', 'env.B −', 'env.C + 4']);
check('bytes as they are typed', {limit: {memoryBytes: 2 ** 26}}, {limit: {memoryBytes: 70 * 2 ** 20}}, [
	'limit.memoryBytes 64m → 70m',
]);
check('a list that has no names', {command: ['a']}, {command: ['a', 'b']}, ['command ["a"] → ["a","b"]']);
check(
	'of several secrets the one that is different',
	{
		secrets: [
			{source: 'db', version: 1},
			{source: 'key', version: 4},
		],
	},
	{
		secrets: [
			{source: 'db', version: 2},
			{source: 'key', version: 4},
		],
	},
	['secrets.db.version 1 → 2'],
);
check('one that came, one that went', {networks: [{network: 'a'}]}, {networks: [{network: 'b', alias: 'x'}]}, [
	'networks.a −',
	'networks.b + alias=x',
]);
check(
	'the same config at two places',
	{configs: [{source: 'app', target: 'a'}]},
	{
		configs: [
			{source: 'app', target: 'a'},
			{source: 'app', target: 'b'},
		],
	},
	['configs.app#2 + target=b'],
);
