import {describe, expect, test} from 'vitest';
import {previewWrite, type Write} from '../../../source/core/preview/preview-write.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

const cluster = `at 10s · node n1 · node n2 · service web replicas 2 · node n3 cordoned
	instance web.1 on n1 running healthy · instance web.2 on n2 running healthy`;

/** A write in, the summary of what it brings out. */
function check(what: string, write: Write, expected: string | undefined): void {
	test(what, () => {
		expect(previewWrite(readCluster(cluster), write)?.summary).toBe(expected);
	});
}

describe('a write brings', () => {
	const web = {kind: 'service', id: 'web-id', name: 'web'} as const;
	const n1 = {kind: 'node', name: 'n1'} as const;
	const template = {image: 'nodejs'};
	const patch = {replicas: 3, template};
	check(
		'a new service',
		{type: 'apply', ref: {kind: 'service', name: 'api'}, patch},
		'3 new (n1 +2, n2 +1), nothing stops',
	);
	check('more instances', {type: 'apply', ref: web, patch: {replicas: 3}}, '1 new (n1 +1), nothing stops');
	check(
		'other instances',
		{type: 'apply', ref: web, patch: {template: {env: {A: 'b'}}}},
		'2 replaced, one at a time, stop first',
	);
	check('the end of a service', {type: 'remove', ref: web}, '2 stop (n1 −1, n2 −1)');
	check(
		'a drain',
		{type: 'apply', ref: n1, patch: {availability: 'drained', drainDeadlineAt: null}},
		'1 instance of 1 service: 1 moves',
	);
	check(
		'a cordon',
		{type: 'apply', ref: n1, patch: {availability: 'cordoned'}},
		'1 instance stays, nothing new is placed on it',
	);
	check(
		'a node taken back',
		{type: 'apply', ref: {kind: 'node', name: 'n3'}, patch: {availability: 'active'}},
		'new instances may be placed on it',
	);
	check('a refusal', {type: 'remove', ref: n1}, 'refused: it still holds 1 instance');
	check('nothing for what runs', {type: 'apply', ref: n1, patch: {labels: {a: 'b'}}}, undefined);
	check('nothing for what is not there', {type: 'remove', ref: {kind: 'image', name: 'x'}}, undefined);
});
