import {describe, expect, test} from 'vitest';
import type {Instance, Node, Resources} from '../../../source/core/model/index.ts';
import {noResources} from '../../../source/core/model/resources.ts';
import {schedule} from '../../../source/core/schedule/schedule.ts';
import {type ClusterText, readCluster} from '../../helpers/cluster-text.ts';
import {randomCluster} from '../../helpers/random-cluster.ts';
import {isPending, pendingOf, viewOf} from '../../helpers/scheduling.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';
import {scheduleNaively} from './naive.ts';

const seeds = Array.from({length: 400}, (_, index) => index + 1);

/** Runs a law for every seed; what fails names the seed and shows its cluster. */
function law(what: string, holds: (world: ClusterText, random: () => number) => void): void {
	test(what, () => {
		for (const seed of seeds) {
			const random = seededRandom(seed);
			const text = randomCluster(random);
			try {
				holds(readCluster(text), random);
			} catch (thrown) {
				throw new Error(`Seed ${seed}:\n${text}\n${(thrown as Error).message}`, {cause: thrown});
			}
		}
	});
}

describe('for any cluster', () => {
	law('the scheduler decides as the naive one does', world => {
		const {placements, refusals} = schedule(pendingOf(world), viewOf(world));
		const expected = scheduleNaively(world).map(({instance, node}) => ({instanceId: instance.id, nodeId: node.id}));
		expect(placements).toEqual(expected);
		expect(placements.length + refusals.length).toBe(world.instances.filter(isPending).length);
	});

	law('the order in which pending instances, nodes and instances are given changes nothing', (world, random) => {
		const shuffled = {
			...world,
			nodes: shuffle(world.nodes, random),
			instances: shuffle(world.instances, random),
			services: shuffle(world.services, random),
		};
		expect(schedule(pendingOf(shuffled), viewOf(shuffled))).toEqual(schedule(pendingOf(world), viewOf(world)));
	});

	law('the view is as it was before', world => {
		const view = viewOf(world);
		schedule(pendingOf(world), view);
		expect(view).toEqual(viewOf(world));
	});

	law('no node and no machine is given more than it has', world => {
		const {placements} = schedule(pendingOf(world), viewOf(world));
		const after = placeAll(world, placements);
		for (const node of world.nodes) {
			checkRoom(node.capacity, reservedOn([node], world), reservedOn([node], after));
			const mates = world.nodes.filter(({machine}) => machine !== undefined && machine.name === node.machine?.name);
			checkRoom(node.machine?.capacity ?? node.capacity, reservedOn(mates, world), reservedOn(mates, after));
		}
	});

	law('what was refused would be refused again', world => {
		const first = schedule(pendingOf(world), viewOf(world));
		const after = placeAll(world, first.placements);
		const second = schedule(pendingOf(after), viewOf(after));
		expect(second.placements).toEqual([]);
		expect(idsOf(second.refusals)).toEqual(idsOf(first.refusals));
	});
});

test('the clusters are mixed enough', () => {
	const seen = seeds.map(seed => schedule(...argumentsOf(readCluster(randomCluster(seededRandom(seed))))));
	expect(seen.filter(({placements}) => placements.length > 5).length).toBeGreaterThan(seeds.length / 4);
	expect(seen.filter(({refusals}) => refusals.length > 0).length).toBeGreaterThan(seeds.length / 4);
	const reasons = seen.flatMap(({refusals}) => refusals.map(({reason}) => reason)).join('\n');
	for (const part of [
		'CPUs free',
		'memory free',
		'machine',
		'lacks node',
		'excluded',
		'most allowed',
		'cordoned',
		'down',
	]) {
		expect(reasons).toContain(part);
	}
});

function idsOf(items: ReadonlyArray<{readonly instanceId: string}>): string[] {
	return items.map(({instanceId}) => instanceId).sort();
}

function argumentsOf(world: ClusterText): Parameters<typeof schedule> {
	return [pendingOf(world), viewOf(world)];
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
	return items
		.map(item => ({item, key: random()}))
		.sort((a, b) => a.key - b.key)
		.map(({item}) => item);
}

function placeAll(world: ClusterText, placements: ReturnType<typeof schedule>['placements']): ClusterText {
	const nodeIds = new Map(placements.map(({instanceId, nodeId}) => [instanceId, nodeId]));
	const placed = (instance: Instance, nodeId: string): Instance => ({
		...instance,
		nodeId,
		status: {...instance.status, state: 'assigned'},
	});
	const instances = world.instances.map(instance => {
		const nodeId = nodeIds.get(instance.id);
		return nodeId === undefined ? instance : placed(instance, nodeId);
	});
	return {...world, instances};
}

function reservedOn(nodes: readonly Node[], {instances, services}: ClusterText): Resources {
	const ids = new Set(nodes.map(({id}) => id));
	const live = instances.filter(({nodeId, status}) => ids.has(nodeId ?? '') && /assigned|running/.test(status.state));
	const needs = live.map(
		({serviceId}) => services.find(({id}) => id === serviceId)?.spec.template.reserve ?? noResources,
	);
	return {
		cpus: needs.reduce((sum, {cpus}) => sum + Math.round(cpus * 1000), 0) / 1000,
		memoryBytes: needs.reduce((sum, {memoryBytes}) => sum + memoryBytes, 0),
	};
}

/** Clusters may start out too full; then at least nothing is added. */
function checkRoom(capacity: Resources, before: Resources, after: Resources): void {
	expect(after.cpus).toBeLessThanOrEqual(Math.max(capacity.cpus, before.cpus));
	expect(after.memoryBytes).toBeLessThanOrEqual(Math.max(capacity.memoryBytes, before.memoryBytes));
}
