import {expect, test} from 'vitest';
import type {Facets, Query} from '../../../source/core/backend.ts';
import type {Kind} from '../../../source/core/model/index.ts';
import {sumUsage} from '../../../source/core/pulse/usage-sums.ts';
import {openCollections} from '../../../source/views/live/collections.ts';
import {createManualClock} from '../../helpers/manual-clock.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';

const usage = {cpus: 0.5, memoryBytes: 100, at: 0};
const instances = [1, 2].map(slot => anInstance(`web.${slot}`, {serviceId: 'web-id', usage}));

/** Reads as a dashboard does before its first frame; answers with what was listed, and what `web` was known to use. */
async function readFirst(usageSums?: Facets['usageSums']) {
	const objects = [aService('web'), aNode('n1'), ...instances];
	const cluster = createScriptedCluster(objects, usageSums && {usageSums});
	const clock = createManualClock(0);
	const listed: Kind[] = [];
	const list = async <K extends Kind>(query: Query<K>, signal?: AbortSignal) => {
		listed.push(query.kind);
		return cluster.list(query, signal as AbortSignal);
	};
	const collections = openCollections({...cluster, list}, clock, {isFrameAwaited: true});
	const settle = async () => {
		for (let turn = 0; turn < 5; turn++) {
			await new Promise(resolve => setImmediate(resolve));
			clock.advance(0);
		}
	};
	const read = collections.read(1000);
	await settle();
	await read;
	const used = () => collections.world().serviceUsage.get('web-id')?.memoryBytes;
	const before = {listed: [...listed].sort(), used: used(), instances: collections.world().instances.length};
	collections.readOn();
	await settle();
	const after = {used: used(), instances: collections.world().instances.length};
	collections.close();
	return {before, after};
}

test('an engine that tells sums is asked for instances after the first frame, which has their figures', async () => {
	const {before, after} = await readFirst(async () => sumUsage(instances));
	expect(before).toEqual({listed: ['node', 'service'], used: 200, instances: 0});
	expect(after).toEqual({used: 200, instances: 2});
});

test('another engine is asked for instances at once', async () => {
	const {before} = await readFirst();
	expect(before).toEqual({listed: ['instance', 'node', 'service'], used: 200, instances: 2});
});

test('sums that cannot be told hold nothing up', async () => {
	const {before, after} = await readFirst(() => Promise.reject(new Error('no such question')));
	expect(before).toMatchObject({used: undefined, instances: 0});
	expect(after).toEqual({used: 200, instances: 2});
});
