import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Hub} from '../../../../source/backends/k8s/reading/hub.ts';
import {onNamespaceEnd} from '../../../../source/backends/k8s/reading/namespace-end.ts';
import type {KeptNamespace} from '../../../../source/backends/k8s/reading/namespaces.ts';
import type {ReflectorListener} from '../../../../source/backends/k8s/reading/reflector.ts';
import type {Backend} from '../../../../source/core/backend.ts';
import {ClusterError} from '../../../../source/core/error.ts';
import type {ResourceFacet} from '../../../../source/core/resource/facet.ts';
import {LiveCollection} from '../../../../source/live/live-collection.ts';
import {realClock} from '../../../helpers/real-clock.ts';
import {settle} from '../../../helpers/scripted-backend.ts';
import {isLive, liveTimeoutMs, openLive, untilLive, whySkipped} from '../live.ts';

/** A namespace that changes as it is told; `count` objects are left in it. */
async function watched({isGoing = false, isThere = true, refused = false, count = 1} = {}) {
	const items = new Map<string, KeptNamespace>(isThere ? [['uid', {isGoing}]] : []);
	let listener: ReflectorListener<KeptNamespace> | undefined;
	let left = 0;
	const reflector = {
		items,
		async join(joined: ReflectorListener<KeptNamespace>) {
			if (refused) throw new ClusterError('not-allowed', 'namespaces is forbidden');
			listener = joined;
			return () => left++;
		},
	};
	const told: string[] = [];
	const state = {count};
	const end = onNamespaceEnd(
		{namespace: () => reflector} as unknown as Pick<Hub, 'namespace'>,
		{scope: 'shop', isEmpty: () => state.count === 0, ended: ({message}) => told.push(message)},
		new AbortController().signal,
	);
	await settle();
	return {
		told,
		end,
		left: () => left,
		empty() {
			state.count = 0;
			end.look();
		},
		change(after: KeptNamespace | undefined) {
			if (after === undefined) items.clear();
			else items.set('uid', after);
			listener?.changed({uid: 'uid', revision: 2, before: undefined, after});
		},
		fail: () => listener?.failed(new ClusterError('expired', 'too old')),
	};
}

const going = 'the namespace "shop" is being deleted';
const gone = 'the namespace "shop" was deleted';

test('one that is deleted is told, whatever is left', async () => {
	const shop = await watched();
	expect(shop.told).toEqual([]);
	shop.change(undefined);
	expect(shop.told).toEqual([gone]);
});

test('one that is on its way out is told when nothing is left', async () => {
	const shop = await watched();
	shop.change({isGoing: true});
	expect(shop.told).toEqual([]);
	shop.empty();
	expect(shop.told).toEqual([going]);
	expect((await watched({isGoing: true, count: 0})).told).toEqual([going]);
});

test('an empty one is no news, one that had gone before is', async () => {
	expect((await watched({count: 0})).told).toEqual([]);
	expect((await watched({count: 0, isThere: false})).told).toEqual([gone]);
});

test('who may not watch it is told nothing; a stream whose past is gone is begun anew', async () => {
	const unseen = await watched({refused: true, count: 0});
	unseen.empty();
	unseen.end.leave();
	expect([unseen.told, unseen.left()]).toEqual([[], 0]);
	const broken = await watched();
	broken.fail();
	broken.end.leave();
	expect([broken.told, broken.left()]).toEqual([['too old'], 1]);
});

const title = isLive ? 'a namespace of a real Kubernetes' : `a namespace of a real Kubernetes: ${whySkipped}`;

describe.skipIf(!isLive)(title, {timeout: liveTimeoutMs * 2}, () => {
	const name = 'namespace-end';
	let backend: Backend;
	let resources: ResourceFacet;
	const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name}};
	const config = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'kept'}, data: {a: 'b'}};
	const options = {dryRun: false, force: false};
	beforeAll(async () => {
		backend = await openLive({namespace: name});
		resources = backend.facets.resources as ResourceFacet;
	});
	afterAll(async () => {
		await resources.remove({type: 'namespaces', name}, {}).catch(() => {});
		backend?.close();
	});

	test('what is watched in it says that it was deleted, and goes on when it is there again', async () => {
		await resources.apply(namespace, options);
		await resources.apply(config, options);
		const configs = new LiveCollection({backend, query: {kind: 'config'}, clock: realClock});
		const rows = new LiveCollection({
			backend: {
				watch: (_: unknown, since: string, signal: AbortSignal) => resources.watch('configmaps', {}, since, signal),
				async list() {
					const {rows: items, revision} = await resources.table('configmaps', {});
					return {items, revision};
				},
			} as never,
			query: {kind: 'resource'},
			clock: realClock,
		});
		try {
			const both = [configs, rows];
			const has = () => both.every(one => [...one.byId.values()].some(object => object.name === 'kept'));
			await untilLive('it is seen', () => both.every(({state}) => state.state === 'live') && has());
			await resources.remove({type: 'namespaces', name}, {});
			await untilLive('both say that it is gone', () =>
				both.every(({state}) => state.state === 'stale' && /no namespace "namespace-end"/.test(state.error.message)),
			);
			await resources.apply(namespace, options);
			await resources.apply(config, options);
			await untilLive('it is seen again', () => both.every(({state}) => state.state === 'live') && has());
		} finally {
			configs.close();
			rows.close();
		}
	});
});
