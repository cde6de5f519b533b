import {describe, expect, test} from 'vitest';
import {envReferences, expandEnv} from '../../../source/core/spec/env-template.ts';

const facts = {
	service: 'web',
	slot: 3,
	instance: 'web.3',
	instanceId: 'i3',
	node: 'n1',
	content: ({kind, name}: {kind: string; name: string}) => `<${kind} ${name}>`,
};

describe('expandEnv', () => {
	const check = (value: string, expected: string) =>
		test(value, () => {
			expect(expandEnv(value, facts)).toBe(expected);
		});
	check('plain', 'plain');
	check('{{secret "db"}}', '<secret db>');
	check('a{{ config "app.conf" }}b{{secret "k"}}', 'a<config app.conf>b<secret k>');
	check('{{.Service.Name}}-{{.Task.Slot}} {{ .Task.Name }} {{.Task.ID}} {{.Node.Hostname}}', 'web-3 web.3 i3 n1');
	check('{{.Other}} {{secret db}} {{secret "a"', '{{.Other}} {{secret db}} {{secret "a"');
	check('{"json":{"a":1}}', '{"json":{"a":1}}');
});

test('envReferences', () => {
	expect(envReferences('{{secret "a"}} {{.Task.Slot}} {{config "b"}}')).toEqual([
		{kind: 'secret', name: 'a'},
		{kind: 'config', name: 'b'},
	]);
});
