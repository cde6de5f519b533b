import {describe, expect, test} from 'vitest';
import {isFinal} from '../../../source/core/instance-state.ts';
import type {Instance, Node} from '../../../source/core/model/index.ts';
import {livingOn} from '../../../source/core/preview/moves.ts';
import {places} from '../../../source/core/preview/places.ts';
import {previewDrain} from '../../../source/core/preview/preview-drain.ts';
import {previewScale} from '../../../source/core/preview/preview-scale.ts';
import {withNode, withService} from '../../../source/core/preview/world.ts';
import {type ClusterText, readCluster} from '../../helpers/cluster-text.ts';
import {randomCluster} from '../../helpers/random-cluster.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';
import {previewText} from './check.ts';
import {liveOn} from './live-on.ts';

const seeds = Array.from({length: 300}, (_, index) => index + 1);

/** For every seed; what fails names the seed. */
function law(what: string, holds: (world: ClusterText, below: (limit: number) => number) => void): void {
	test(what, () => {
		for (const seed of seeds) {
			const random = seededRandom(seed);
			const text = randomCluster(random);
			try {
				holds(readCluster(text), limit => Math.floor(random() * limit));
			} catch (thrown) {
				throw new Error(`Seed ${seed}:\n${text}\n${(thrown as Error).message}`, {cause: thrown});
			}
		}
	});
}

describe('what was predicted is what happens', () => {
	law('when scaling up', (world, below) => {
		for (const service of world.services.filter(({spec}) => spec.mode === 'replicated')) {
			const before = service.spec.replicas;
			const replicas = before + 1 + below(12);
			const after = liveOn(withService(world, {...service, spec: {...service.spec, replicas}}), service.id);
			const added = after.instances.filter(
				({serviceId, slot, desired}) => serviceId === service.id && slot > before && desired === 'running',
			);
			const [placed, waiting] = split(added);
			const {summary, rows} = previewScale(world, service, replicas);
			const started = placed.length === 0 ? 'nothing new' : `${placed.length} new (${placesIn(world, placed, '+')})`;
			const rest = waiting.length === 0 ? 'nothing stops' : `${waiting.length} cannot be placed: `;
			expect(summary.slice(0, `${started}, ${rest}`.length)).toBe(`${started}, ${rest}`);
			expect(rows).toHaveLength(waiting.length === 0 ? 0 : 1);
		}
	});

	law('when scaling down', (world, below) => {
		for (const service of world.services.filter(({spec}) => spec.mode === 'replicated' && spec.replicas > 0)) {
			const replicas = below(service.spec.replicas);
			const after = liveOn(withService(world, {...service, spec: {...service.spec, replicas}}), service.id);
			const running = new Set(world.instances.filter(isWanted).map(({id}) => id));
			const stopped = after.instances.filter(({id, slot, desired, serviceId}) => {
				return serviceId === service.id && running.has(id) && slot > replicas && desired === 'stopped';
			});
			const {summary} = previewScale(world, service, replicas);
			const expected =
				stopped.length === 0
					? 'nothing new, nothing stops'
					: `${stopped.length} ${stopped.length === 1 ? 'stops' : 'stop'} (${placesIn(world, stopped, '−')}): `;
			expect(summary.slice(0, expected.length)).toBe(expected);
		}
	});

	law('when draining', (world, below) => {
		const node = world.nodes[below(world.nodes.length)] as Node;
		for (const service of world.services) {
			// One service at a time, so that nothing else takes the room.
			const alone = {...world, instances: world.instances.filter(({serviceId}) => serviceId === service.id)};
			const leaving = livingOn(alone, node);
			if (leaving.length === 0) {
				continue;
			}

			const drained: Node = {...node, spec: {...node.spec, availability: 'drained'}, availability: 'draining'};
			const after = liveOn(withNode(alone, drained), service.id);
			const slots = new Set(leaving.map(({slot}) => slot));
			const known = new Set(alone.instances.map(({id}) => id));
			const next = after.instances.filter(item => !known.has(item.id) && slots.has(item.slot) && isWanted(item));
			const [moved, stranded] = split(next);
			const [row] = previewDrain(alone, node).rows;
			if (service.spec.mode === 'global') {
				expect(row?.change).toBe(`${leaving.length} → stops`);
				expect(livingOn(after, node)).toEqual([]);
				continue;
			}

			expect(row?.blocked ?? false).toBe(stranded.length > 0);
			expect(livingOn(after, node)).toHaveLength(stranded.length);
			const nowhere = moved.length === 0 ? 'nowhere' : `${stranded.length} nowhere`;
			const targets = [
				...(moved.length > 0 ? [placesIn(world, moved, '')] : []),
				...(stranded.length > 0 ? [nowhere] : []),
			];
			expect(row?.change).toBe(`${leaving.length} → ${targets.join(', ')}`);
		}
	});

	law('on a snapshot that stays as it was', (world, below) => {
		const text = JSON.stringify(world);
		const node = world.nodes[below(world.nodes.length)] as Node;
		expect(previewText(previewDrain(world, node))).toBe(previewText(previewDrain(world, node)));
		expect(JSON.stringify(world)).toBe(text);
	});
});

function isWanted({desired, status}: Instance): boolean {
	return desired === 'running' && !isFinal(status.state);
}

/** Those with a place, and those without. */
function split(instances: readonly Instance[]): [Instance[], Instance[]] {
	const isPlaced = ({status}: Instance) => status.state !== 'pending';
	return [instances.filter(isPlaced), instances.filter(instance => !isPlaced(instance))];
}

function placesIn({nodes}: ClusterText, instances: readonly Instance[], sign: '' | '+' | '−'): string {
	const names = new Map(nodes.map(({id, name}) => [id, name]));
	return places(
		instances.map(instance => ({...instance, nodeName: names.get(instance.nodeId ?? '') ?? 'pending'})),
		sign,
	);
}
