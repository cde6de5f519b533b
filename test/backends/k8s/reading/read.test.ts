import {expect, test} from 'vitest';
import type {PartName} from '../../../../source/backends/k8s/reading/parts.ts';
import {listFeed, type Reading, watchFeed} from '../../../../source/backends/k8s/reading/read.ts';
import type {ReflectorChange, ReflectorListener} from '../../../../source/backends/k8s/reading/reflector.ts';
import type {Change} from '../../../../source/core/backend.ts';
import {aNode, anInstance} from '../../../helpers/objects.ts';

// Long lists are read in slices, between which keys have their turn, and changes arrive: nothing of either is lost.

/** As long as a slice of work takes, so that each object is followed by a rest. */
function slowly(): void {
	const endsAt = process.hrtime.bigint() + 3_000_000n;
	while (process.hrtime.bigint() < endsAt);
}

/** A collection whose objects take their time. */
class SlowMap<T> extends Map<string, T> {
	onEach = () => {};

	override *values(): MapIterator<T> {
		for (const value of super.values()) {
			slowly();
			this.onEach();
			yield value;
		}
	}
}

const node = (name: string) => ({base: {...aNode(name), id: name}, resourceVersion: '1', kubelet: '', runtime: ''});
const podOn = (nodeId: string) => ({
	base: anInstance('web.1', {nodeId}),
	reserved: {cpus: 1, memoryBytes: 0},
	ownerKind: 'ReplicaSet',
});

/** A server with these nodes, and pods that come: both are told from revision 1 on. */
function reading(nodes: SlowMap<unknown>) {
	const pods = new Map<string, unknown>();
	const log: Array<ReflectorChange<unknown>> = [];
	const listeners = new Map<PartName, ReflectorListener<unknown>>();
	const itemsOf = (part: PartName) => (part === 'nodes' ? nodes : pods);
	const hub = {
		list: async (part: PartName) => ({items: itemsOf(part), revision: '1'}),
		reflector: (part: PartName) => ({
			items: itemsOf(part),
			revision: '1',
			async join(listener: ReflectorListener<unknown>) {
				listeners.set(part, listener);
				return () => {};
			},
			changedSince: () => (part === 'pods' ? log : []),
		}),
		onPulse: () => () => {},
	};
	const given = {hub, scope: undefined, blockers: new Map(), onBlocker: () => () => {}, everyMeasure: () => () => {}};
	return {
		given: given as unknown as Reading,
		podComes(nodeId: string) {
			const after = podOn(nodeId);
			pods.set('p', after);
			const change = {uid: 'p', revision: 2, before: undefined, after};
			log.push(change);
			listeners.get('pods')?.changed(change);
		},
		nodeGoes(name: string) {
			const before = nodes.get(name);
			nodes.delete(name);
			listeners.get('nodes')?.changed({uid: name, revision: 3, before, after: undefined});
		},
	};
}

const nodesOf = (...names: readonly string[]) => new SlowMap<unknown>(names.map(name => [name, node(name)]));

test('a list is whole, however many rests it took', async () => {
	const {given} = reading(nodesOf('n1', 'n2', 'n3'));
	const {items} = await listFeed(given, {kind: 'node'}, undefined, () => {});
	expect(items.map(({name}) => name)).toEqual(['n1', 'n2', 'n3']);
});

test('a pod that comes while the nodes are gone through counts once, and what was there before can go', async () => {
	const nodes = nodesOf('n1', 'n2', 'n3');
	const {given, podComes, nodeGoes} = reading(nodes);
	let hasCome = false;
	nodes.onEach = () => {
		// After the first was made, and with it the sums of all.
		if (!hasCome) setImmediate(() => podComes('n3'));
		hasCome = true;
	};
	const ending = new AbortController();
	const changes: Array<Change<'node'>> = [];
	for await (const change of watchFeed(given, {kind: 'node'}, '1.1', ending.signal)) {
		changes.push(change);
		if (change.type === 'bookmark') nodeGoes('n2');
		if (change.type === 'remove') ending.abort();
	}

	const told = changes.map(change =>
		change.type === 'put' ? `${change.object.name} ${change.object.instances}` : `${change.type}`,
	);
	expect(told).toEqual(['n3 1', 'bookmark', 'remove']);
	expect(changes.at(-1)).toMatchObject({id: 'n2'});
});
