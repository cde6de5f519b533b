import {expect, test} from 'vitest';
import {editConfig, rotateSecret} from '../../../source/actions/stored/edit-file.ts';
import type {FileAttachment, Service} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

const cluster = `
	at 1m · node n1
	service web replicas 1 desired 1 version 2 · service api replicas 1 desired 1 · service old replicas 1 desired 1
	instance web.1 on n1 running version 1 · instance api.1 on n1 running · instance old.1 on n1 starting
`;

/** What has come of new content of `app`, for services that have it so. */
function told(
	files: Readonly<Record<string, Partial<FileAttachment>>>,
	list: 'configs' | 'secrets' = 'configs',
): string {
	const {services, ...rest} = readCluster(cluster);
	const withFiles = services.map((service): Service => {
		const file = files[service.name];
		const template = {...service.spec.template, ...(file && {[list]: [{source: 'app', ...file}]})};
		return {...service, spec: {...service.spec, template}};
	});
	const world = {...rest, services: withFiles, images: []};
	const action = list === 'configs' ? editConfig : rotateSecret;
	const {state, message} = action.progress?.(world, {name: 'app'} as never, {}) ?? {state: 'none', message: ''};
	return `${state}: ${message}`;
}

test('it is waited for the services that are updated with it', () => {
	expect(told({web: {}})).toMatch(/^waiting: web: 0 of 1/);
	expect(told({api: {}})).toBe('reached: api: 1 of 1 running');
	expect(told({api: {}, web: {onChange: 'update'}}, 'secrets')).toMatch(/^waiting: web: 0 of 1/);
});

test('not for those that are told otherwise, or have it not', () => {
	expect(told({web: {onChange: 'none'}, old: {onChange: 'SIGHUP'}})).toBe('reached: no service follows app');
	expect(told({web: {source: 'other'}})).toBe('reached: no service follows app');
	expect(told({web: {}}, 'configs')).not.toBe(told({web: {source: 'other'}}, 'configs'));
});
