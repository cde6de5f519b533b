import {expect, test} from 'vitest';
import {serviceChange} from '../../../../source/actions/compose/apply/service-change.ts';
import type {Patch} from '../../../../source/core/backend.ts';
import type {ServiceSpec} from '../../../../source/core/model/index.ts';
import {serviceSpec} from '../../../../source/core/spec/service-spec.ts';

/** `newest`: the version of every config. */
type Given = {readonly is?: object; readonly asked?: object; readonly newest?: number};

/** What of a service changes; nothing: an empty text. */
function check(what: string, {is = {}, asked = {}, newest}: Given, expected: string): void {
	test(what, () => {
		const template = (given: object) => ({image: 'i', ...(given as {template?: object}).template});
		const before = serviceSpec({...is, template: template(is)} as Patch<ServiceSpec>);
		const after = {...asked, template: template(asked)} as Patch<ServiceSpec>;
		const change = serviceChange(before, after, () => newest);
		expect(change === undefined ? '' : JSON.stringify(change)).toBe(expected);
	});
}

check('what it is already', {is: {replicas: 2}, asked: {replicas: 2}}, '');
check('another number', {is: {replicas: 2}, asked: {replicas: 3}}, '{"replicas":3}');
check('one that the file does not say', {is: {replicas: 5}}, '');
check(
	'one that the load says',
	{is: {replicas: 5, autoscale: {min: 1, max: 9, targets: []}}, asked: {replicas: 3}},
	'',
);
check(
	'what the file no longer says goes',
	{
		is: {labels: {a: 'b'}, ports: [{published: 80, target: 80}], template: {env: {A: '1', B: '2'}, user: 'u'}},
		asked: {template: {env: {B: '2'}}},
	},
	'{"labels":{"a":null},"ports":[],"template":{"env":{"A":null},"user":null}}',
);
check('a policy that it does not say stays', {is: {restart: {delayMs: 9}, update: {order: 'start-first'}}}, '');
check(
	'one that it says in part',
	{is: {update: {order: 'start-first', delayMs: 5}}, asked: {update: {delayMs: 7}}},
	'{"update":{"delayMs":7}}',
);
check('how it is ended stays, where nothing is said', {is: {template: {stopGraceMs: 3, stopSignal: 'SIGINT'}}}, '');
check('a pinned image is the same', {is: {template: {image: 'i@sha256:0123'}}}, '');
check('another one is not', {is: {template: {image: 'j@sha256:0123'}}}, '{"template":{"image":"i"}}');
check(
	'an executable that was looked for in the PATH',
	{is: {template: {image: 'exec:/bin/sleep'}}, asked: {template: {image: 'exec:sleep'}}},
	'',
);
check('what the engine has marked stays', {is: {labels: {'com.docker.stack.image': 'i'}}}, '');
check(
	'on containers too',
	{is: {template: {container: {labels: {'com.docker.x': 'y'}, hostname: 'h'}}}},
	'{"template":{"container":{"hostname":null}}}',
);
check('a pause, and what was forced, stay', {is: {paused: true, forceUpdate: 3, canary: 1}}, '');
check(
	'versions of configs are not the file’s',
	{
		is: {template: {configs: [{target: '/a', source: 'a', version: 4}]}},
		asked: {template: {configs: [{source: 'a', target: '/a'}]}},
	},
	'',
);
check(
	'which file of a config it is says the engine, where the file does not',
	{
		is: {template: {configs: [{source: 'a', key: 'x', target: '/a', version: 1}]}},
		asked: {template: {configs: [{source: 'a', target: '/a'}]}},
	},
	'',
);
check(
	'another file of it',
	{
		is: {template: {configs: [{source: 'a', key: 'x', target: '/a'}]}},
		asked: {template: {configs: [{source: 'a', key: 'y', target: '/a'}]}},
	},
	'{"template":{"configs":[{"key":"y","source":"a","target":"/a"}]}}',
);
const older = {is: {template: {configs: [{source: 'a', version: 1}]}}, asked: {template: {configs: [{source: 'a'}]}}};
check(
	'who was left with an older version is given the newest',
	{...older, newest: 2},
	'{"template":{"configs":[{"source":"a"}]}}',
);
check('who has the newest is not', {...older, newest: 1}, '');
check('nor where no versions are counted', older, '');
check(
	'nor what does not follow it',
	{
		is: {template: {configs: [{source: 'a', version: 1, onChange: 'none'}]}},
		asked: {template: {configs: [{source: 'a', onChange: 'none'}]}},
		newest: 2,
	},
	'',
);
check(
	'nor a job, which runs once',
	{is: {...older.is, mode: 'job'}, asked: {...older.asked, mode: 'job'}, newest: 2},
	'',
);
check(
	'one more of them: all are given anew',
	{
		is: {template: {configs: [{source: 'a', version: 4}]}},
		asked: {template: {configs: [{source: 'a'}, {source: 'b'}]}},
	},
	'{"template":{"configs":[{"source":"a"},{"source":"b"}]}}',
);
check(
	'constraints with spaces',
	{is: {placement: {constraints: ['a == b']}}, asked: {placement: {constraints: ['a==b']}}},
	'',
);
