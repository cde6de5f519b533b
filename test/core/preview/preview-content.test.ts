import {expect, test} from 'vitest';
import type {Config, FileAttachment} from '../../../source/core/model/index.ts';
import {previewWrite} from '../../../source/core/preview/preview-write.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {previewText, run} from './check.ts';

const cluster = `at 10s · node n1 cpus 8 · service desk replicas 2 · service hup replicas 1 · service other replicas 1
	${run('desk', 'n1 2')} · ${run('hup', 'n1 1')} · ${run('other', 'n1 1')}`;
const app: Config = {
	kind: 'config',
	id: 'app-id',
	name: 'app',
	revision: '1',
	createdAt: 0,
	updatedAt: 0,
	usedBy: [],
	version: 3,
	spec: {labels: {}, data: {data: 'a'}},
};

/** Who has the config, and how → what new content of it brings. */
function check(
	what: string,
	given: Readonly<Record<string, Partial<FileAttachment>>>,
	expected: string,
	type?: string,
) {
	test(what, () => {
		const world = readCluster(cluster);
		const services = world.services.map(service => {
			const file = given[service.name];
			const configs = file && [{source: 'app', ...file}];
			const template = {...service.spec.template, ...(configs && {configs})};
			return {...service, ...(type && {type}), spec: {...service.spec, template}};
		});
		const preview = previewWrite({...world, services, configs: [app]} as never, {
			type: 'apply',
			ref: {kind: 'config', name: 'app'},
			patch: {data: {data: 'b'}},
		});
		const lines = expected.split('\n').map(line => line.trim());
		expect(preview && previewText(preview)).toBe(lines.join('\n'));
	});
}

check('nobody', {}, 'no service has it');
check('a service is updated', {desk: {version: 3}}, 'desk: 2 replaced, one at a time, stop first');
check('where an engine keeps no versions, too', {desk: {}}, 'desk: 2 replaced, one at a time, stop first');
check('another is told', {hup: {onChange: 'SIGHUP'}}, 'hup: its files change, and it is told by SIGHUP');
check('another gets its files', {hup: {onChange: 'none'}}, 'hup: its files change, no instance is replaced');
check('one that went back stays', {desk: {version: 2}}, 'desk: stays with version 2, to which it went back');
check('pods get their files', {desk: {}}, 'desk: its files change, no instance is replaced', 'deployment');
check('one file of it makes other pods', {desk: {key: 'data', version: 1}}, 'desk: 2 replaced', 'deployment');
check(
	'each in its way',
	{desk: {version: 3}, hup: {onChange: 'SIGHUP'}, other: {version: 3}},
	`updates desk, other; tells by SIGHUP hup
	desk  2 replaced, one at a time, stop first
	hup  its files change, and it is told by SIGHUP
	other  1 replaced, stop first`,
);

test('labels bring nothing', () => {
	const world = {...readCluster(cluster), configs: [app]};
	const write = {type: 'apply', ref: {kind: 'config', name: 'app'}, patch: {labels: {a: 'b'}}} as const;
	expect(previewWrite(world, write)).toBe(undefined);
});
