import {expect, test} from 'vitest';
import type {RawService} from '../../../../source/backends/swarm/api-types.ts';
import {Source} from '../../../../source/backends/swarm/reading/source.ts';
import {Store} from '../../../../source/backends/swarm/reading/store.ts';

/** `answers`: by path; all else is an empty list. */
function sourceOf(answers: Readonly<Record<string, unknown>>) {
	const asked: string[] = [];
	const route = {
		async get<T>(path: string) {
			asked.push(path);
			return (await (answers[path] ?? [])) as T;
		},
		lines: async () => [],
		noteNodes() {},
	};
	return {source: new Source(route, new Store('test'), {gaps: [], read: async () => []}), asked};
}

const web = {
	ID: 'web-id',
	Version: {Index: 1},
	CreatedAt: '',
	UpdatedAt: '',
	Spec: {Name: 'web', TaskTemplate: {}, Mode: {Replicated: {Replicas: 3}}},
} satisfies RawService;

// What lists services and instances at once was told, now and then, that nothing ran.
test('services are as the engine counts them, though a list without its counts overtakes theirs', async () => {
	const counted = Promise.withResolvers<readonly RawService[]>();
	const {source} = sourceOf({'/services?status=true': counted.promise, '/services': [web]});
	const listed = source.list('service');
	await Promise.resolve();
	await source.list('instance');
	counted.resolve([{...web, ServiceStatus: {RunningTasks: 3, DesiredTasks: 3}}]);
	await listed;
	expect(source.store.read<'service'>('service')[0]?.status).toMatchObject({running: 3, desired: 3});
});

test('what is asked for at once is read once, and is told from the same lists', async () => {
	const task = {ID: 't', ServiceID: 'web-id', NodeID: 'n', Slot: 1, Version: {Index: 1}, CreatedAt: '', UpdatedAt: ''};
	const node = {ID: 'n', Version: {Index: 1}, CreatedAt: '', UpdatedAt: '', Spec: {}, Status: {State: 'ready'}};
	const {source, asked} = sourceOf({
		'/services': [web],
		'/tasks': [{...task, Spec: {}, DesiredState: 'running', Status: {State: 'running', Timestamp: ''}}],
		'/nodes': [{...node, Description: {Hostname: 'node1'}}],
	});
	await Promise.all([source.list('service'), source.list('instance'), source.list('node')]);
	expect(asked.toSorted()).toEqual(['/nodes', '/services', '/tasks']);
	expect(source.store.read<'service'>('service')[0]?.status).toMatchObject({running: 1, desired: 3});
	expect(source.store.read<'instance'>('instance')[0]).toMatchObject({serviceName: 'web', nodeName: 'node1'});
});

test('of a service alone nothing but its counts is read', async () => {
	const {source, asked} = sourceOf({'/services?status=true': [web]});
	await source.list('service');
	expect(asked).toEqual(['/services?status=true']);
});
