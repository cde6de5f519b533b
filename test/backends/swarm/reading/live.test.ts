import {expect, test} from 'vitest';
import type {NodeVolume, RawEvent, RawService} from '../../../../source/backends/swarm/api-types.ts';
import type {Route} from '../../../../source/backends/swarm/connection/route.ts';
import {Live} from '../../../../source/backends/swarm/reading/live.ts';
import {Source} from '../../../../source/backends/swarm/reading/source.ts';
import {Store} from '../../../../source/backends/swarm/reading/store.ts';
import type {NodeAccess} from '../../../../source/backends/swarm/tasks/node-access.ts';

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

type Lists = {
	/** What the engine tells, as it tells it. */
	events(signal: AbortSignal): AsyncIterable<RawEvent>;
	/** To the manager that is talked to. */
	connection?(): object;
	/** Of a path, `/services`. */
	get?(path: string): Promise<unknown> | unknown;
	/** Of each node. */
	volumes?(): Promise<readonly NodeVolume[]>;
};

/** A swarm of which one service is watched; `seen`: its versions as they were told. */
function watching(
	{events, connection, get = () => [], volumes = async () => []}: Lists,
	isOver: (seen: readonly string[]) => boolean,
) {
	const route = {
		docker: async () => ({events: async (_: number, signal: AbortSignal) => events(signal)}),
		get: async (path: string) => get(path),
		noteNodes() {},
		get connection() {
			return connection?.() ?? here;
		},
	} as unknown as Route;
	const source = new Source(route, new Store('test'), {gaps: [], read: volumes});
	const live = new Live(source, route, {} as NodeAccess);
	const stop = new AbortController();
	const seen: string[] = [];
	const first = source.store.revision;
	const done = (async () => {
		for await (const change of live.watch({kind: 'service'}, first, stop.signal)) {
			if (change.type === 'put') seen.push(change.object.spec.labels.version ?? '');
			if (change.type === 'bookmark' && isOver(seen)) break;
		}

		stop.abort();
		live.close();
		return seen;
	})();
	return done;
}

const here = {where: 'the test'};
const changed = {Type: 'service', Action: 'update', Actor: {ID: 'web-id', Attributes: {name: 'web'}}};

// The first look put the next one off for ten seconds, whatever had been heard of meanwhile.
test('what is changed while a watch begins is told at once', {timeout: 5000}, async () => {
	const [listed, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<RawEvent>()];
	let version = 1;
	const seen = watching(
		{
			async *events() {
				yield await heard.promise;
				await new Promise(() => {});
			},
			async get(path) {
				if (path !== '/services') return [];
				const found = [web(version)];
				if (version === 1) {
					// As it was before the change; others of the first lists take longer.
					version = 2;
					heard.resolve(changed);
					await listed.promise;
				}

				return found;
			},
		},
		versions => versions.at(-1) === '2',
	);
	await heard.promise;
	// The event has been taken in.
	await new Promise(resolve => setImmediate(resolve));
	listed.resolve();
	expect(await seen).toEqual(['1', '2']);
});

// Each event put the look off anew: in a swarm where containers came and went without end nothing was known any more.
test('what is changed among events without end is told at once', {timeout: 5000}, async () => {
	let version = 1;
	const seen = watching(
		{
			async *events(signal) {
				const container = {
					Type: 'container',
					Action: 'die',
					Actor: {ID: 'x', Attributes: {'com.docker.swarm.task.id': 't'}},
				};
				yield changed;
				for (; !signal.aborted; await new Promise(resolve => setTimeout(resolve, 5))) yield container;
			},
			get(path) {
				return path === '/services' ? [web(version++)] : [];
			},
		},
		versions => versions.length > 1,
	);
	expect(await seen).toEqual(['1', '2']);
});

// A node whose engine hung held up all that the others told.
test('a node that does not tell its volumes holds up nothing else', {timeout: 5000}, async () => {
	const [told, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<RawEvent>()];
	let version = 1;
	const seen = watching(
		{
			async *events() {
				yield await heard.promise;
				yield {Type: 'node', Action: 'update', Actor: {ID: 'n', Attributes: {name: 'node1'}}};
				await new Promise(() => {});
			},
			get(path) {
				if (path !== '/services') return [];
				return [web(version)];
			},
			async volumes() {
				version = 2;
				heard.resolve(changed);
				await told.promise;
				return [];
			},
		},
		versions => versions.at(-1) === '2',
	);
	expect(await seen).toEqual(['1', '2']);
	told.resolve();
});

// Nobody looked for another manager as long as the one that was gone did not tell events.
test('where the manager is gone another one tells', {timeout: 5000}, async () => {
	const [gone, other] = [{where: 'gone'}, {where: 'other'}];
	let connection = gone;
	const seen = watching(
		{
			events() {
				if (connection === gone) throw new Error('nobody listens there');
				return (async function* () {
					yield changed;
					await new Promise(() => {});
				})();
			},
			connection: () => connection,
			async get(path) {
				// A list goes on through another, once the one that is gone has refused to tell.
				await new Promise(resolve => setImmediate(resolve));
				connection = other;
				return path === '/services' ? [web(1)] : [];
			},
		},
		versions => versions.length > 0,
	);
	expect(await seen).toEqual(['1']);
});
