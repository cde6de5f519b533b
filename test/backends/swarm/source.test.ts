import {expect, test} from 'vitest';
import type {RawService} from '../../../source/backends/swarm/api-types.ts';
import {Source} from '../../../source/backends/swarm/source.ts';
import {Store} from '../../../source/backends/swarm/store.ts';

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
	const source = new Source(
		{
			async get<T>(path: string) {
				if (path === '/services?status=true') return counted.promise as Promise<T>;
				return (path === '/services' ? [web] : []) as T;
			},
			lines: async () => [],
			noteNodes() {},
		},
		new Store('test'),
		{gaps: [], read: async () => []},
	);
	const listed = source.list('service');
	await source.list('instance');
	counted.resolve([{...web, ServiceStatus: {RunningTasks: 3, DesiredTasks: 3}}]);
	await listed;
	expect(source.store.read<'service'>('service')[0]?.status).toMatchObject({running: 3, desired: 3});
});
