import {expect, test} from 'vitest';
import type {RawEvent, RawService} from '../../../source/backends/swarm/api-types.ts';
import {Live} from '../../../source/backends/swarm/live.ts';
import type {NodeAccess} from '../../../source/backends/swarm/node-access.ts';
import type {Route} from '../../../source/backends/swarm/route.ts';
import {Source} from '../../../source/backends/swarm/source.ts';
import {Store} from '../../../source/backends/swarm/store.ts';

/** Nothing is on its way: it is to have no instances. */
function web(version: number): RawService {
	return {
		ID: 'web-id',
		Version: {Index: version},
		CreatedAt: '',
		UpdatedAt: '',
		Spec: {Name: 'web', Labels: {version: String(version)}, TaskTemplate: {}, Mode: {Replicated: {Replicas: 0}}},
	};
}

// The first look put the next one off for ten seconds, whatever had been heard of meanwhile.
test('what is changed while a watch begins is told at once', {timeout: 5000}, async () => {
	const [listed, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<RawEvent>()];
	let version = 1;
	const route = {
		async docker() {
			return {
				async *events() {
					yield await heard.promise;
					await new Promise(() => {});
				},
			};
		},
		async get(path: string) {
			if (path !== '/services') return [];
			const found = [web(version)];
			if (version === 1) {
				// As it was before the change; others of the first lists take longer.
				version = 2;
				heard.resolve({Type: 'service', Action: 'update', Actor: {ID: 'web-id', Attributes: {name: 'web'}}});
				await listed.promise;
			}

			return found;
		},
		noteNodes() {},
		connection: {where: 'the test'},
	} as unknown as Route;
	const source = new Source(route, new Store('test'), {gaps: [], read: async () => []});
	const live = new Live(source, route, {} as NodeAccess);
	const stop = new AbortController();
	const seen: Array<string | undefined> = [];
	const first = source.store.revision;
	const watching = (async () => {
		for await (const change of live.watch({kind: 'service'}, first, stop.signal)) {
			if (change.type === 'put') seen.push(change.object.spec.labels.version);
			if (change.type === 'bookmark' && seen.at(-1) === '2') break;
		}
	})();
	await heard.promise;
	// The event has been taken in.
	await new Promise(resolve => setImmediate(resolve));
	listed.resolve();
	await watching;
	stop.abort();
	live.close();
	expect(seen).toEqual(['1', '2']);
});
