import {expect, test} from 'vitest';
import type {Backend} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import {memberState} from '../../source/core/fleet.ts';
import {Fleet} from '../../source/live/fleet.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {settle} from '../helpers/scripted-backend.ts';
import {createScriptedCluster, type ScriptedCluster} from '../helpers/scripted-cluster.ts';

/** Contexts that are opened as they are told here; how often each was, and how many are open. */
function watch(openers: Readonly<Record<string, () => Promise<Backend>>>) {
	const clock = createManualClock(0);
	const opened: string[] = [];
	const open = new Set<Backend>();
	const fleet = new Fleet(
		async name => {
			opened.push(name);
			const backend = await openers[name]?.();
			const counted: Backend = {...(backend as Backend), close: () => void open.delete(counted)};
			open.add(counted);
			return counted;
		},
		clock,
		() => {},
	);
	fleet.start(Object.keys(openers).map(name => ({name, engine: 'local', endpoint: ''})));
	return {
		fleet,
		opened,
		open,
		async advance(milliseconds: number) {
			await settle();
			clock.advance(milliseconds);
			await settle();
		},
		said: () => fleet.members.map(member => `${member.name}: ${memberState(member, clock.now()).text}`),
	};
}

function aCluster(): ScriptedCluster {
	const {nodes, services} = readCluster('node n1');
	return createScriptedCluster([...nodes, ...services]);
}

test('one that never answers slows no other down, and what comes too late is let go', async () => {
	const {promise, resolve} = Promise.withResolvers<Backend>();
	const {said, advance, open, fleet} = watch({near: async () => aCluster(), far: () => promise});
	await advance(0);
	expect(said()).toEqual(['near: ok', 'far: asking …']);
	await advance(10_000);
	expect(said()[1]).toBe('far: has not answered for 10 s');
	expect(open.size).toBe(1);
	resolve(aCluster());
	await advance(0);
	expect(open.size).toBe(1);
	fleet.stop();
	await advance(0);
	expect(open.size).toBe(0);
});

test('one that goes away keeps what was read of it, and comes back by itself', async () => {
	const cluster = aCluster();
	const {said, advance, opened, open} = watch({near: async () => cluster});
	await advance(0);
	cluster.disconnect();
	await advance(10_000);
	expect(said()[0]).toMatch(/^near: as of 10s ago: /);
	expect(open.size).toBe(0);
	cluster.connect();
	await advance(10_000);
	expect(said()).toEqual(['near: ok']);
	expect(opened).toEqual(['near', 'near']);
});

test('as long as it holds one connection is enough', async () => {
	const {advance, opened} = watch({near: async () => aCluster()});
	for (let times = 0; times < 5; times++) await advance(10_000);
	expect(opened).toEqual(['near']);
});

test('one that cannot be opened says why', async () => {
	const {said, advance} = watch({
		gone: async () => Promise.reject(new ClusterError('unreachable', 'nothing listens there')),
	});
	await advance(0);
	expect(said()).toEqual(['gone: nothing listens there']);
});
