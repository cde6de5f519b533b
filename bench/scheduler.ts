import type {Instance, Node, ServiceSpec} from '../source/core/model/index.ts';
import {clusterView} from '../source/core/schedule/cluster-view.ts';
import {type PendingInstance, pendingInstance} from '../source/core/schedule/demand.ts';
import {schedule} from '../source/core/schedule/schedule.ts';
import {named, readCluster} from '../test/helpers/cluster-text.ts';
import {type BenchResult, row} from './result.ts';

const rounds = 15;
const placements = 10_000;
const sizes = [1000, 10_000] as const;

/** How the pending instances are shared out among services, and what these ask for. */
const loads = [
	{what: '1 service', services: 1, words: 'constraint node.labels.disk==ssd prefer spread=node.labels.zone'},
	{
		what: '100 services with reservations',
		services: 100,
		words:
			'reserve cpus 0.1 reserve memory 64MiB constraint node.labels.disk==ssd prefer spread=node.labels.zone prefer spread=node.labels.rack',
	},
	{
		what: '10,000 services with an instance each',
		services: placements,
		words: 'reserve cpus 0.1 constraint node.labels.disk==ssd prefer spread=node.labels.zone',
	},
];

/**
 * Placements per second on one core, the view of the cluster built anew each time: an empty cluster of 4 zones and 40 racks
 * where the constraint admits 3 nodes of 4. The sizes are measured in turn, so that a busy moment meets both.
 */
export function bench(): BenchResult {
	const rows = loads.flatMap(({what, services, words}) => {
		const pending = manyPending(services, words);
		const runs = sizes.map(size => ({size, nodes: manyNodes(size), perSecond: [] as number[]}));
		const ratios: number[] = [];
		for (let round = -2; round < rounds; round++) {
			const figures = runs.map(({nodes}) => measure(pending, nodes));
			// The first two rounds warm the compiler up.
			if (round >= 0) {
				runs.forEach((run, index) => void run.perSecond.push(figures[index] ?? 0));
				ratios.push((figures[0] ?? 0) / (figures[1] ?? 1));
			}
		}

		return [
			...runs.map(({size, perSecond}) =>
				row(`${what}, ${size} nodes`, perSecond, size === 1000 ? {limit: {atLeast: 10_000}} : {}),
			),
			row(`${what}, cost at 10000 nodes over 1000`, ratios, {unit: 'times', limit: {atMost: 3}}),
		];
	});
	const note = `${placements} instances placed per round, ${rounds} rounds, with spread preference and constraint, building the view included.`;
	return {name: 'scheduler', unit: 'placements/s', rows, note};
}

function measure(pending: readonly PendingInstance[], nodes: readonly Node[]): number {
	const start = process.hrtime.bigint();
	const view = clusterView({now: 0, nodes, instances: [], reserveOf: () => ({cpus: 0, memoryBytes: 0})});
	const {placements: placed} = schedule(pending, view);
	const seconds = Number(process.hrtime.bigint() - start) / 1e9;
	if (placed.length !== pending.length) {
		throw new Error(`Only ${placed.length} of ${pending.length} instances were placed`);
	}

	return placed.length / seconds;
}

function manyNodes(size: number): Node[] {
	return Array.from({length: size}, (_, index) => {
		const labels = `zone=z${index % 4} rack=r${index % 40} disk=${index % 8 < 6 ? 'ssd' : 'hdd'}`;
		const {nodes} = readCluster(`node n${index} cpus 64 memory 256GiB ${labels}`);
		return named(nodes, `n${index}`);
	});
}

function manyPending(services: number, words: string): PendingInstance[] {
	const {services: patterns, instances} = readCluster(`service web ${words}\ninstance web.1`);
	const spec = named(patterns, 'web').spec satisfies ServiceSpec;
	const pattern = named(instances, 'web.1');
	return Array.from({length: placements}, (_, index) => {
		const serviceId = `service-${index % services}`;
		const slot = Math.floor(index / services) + 1;
		const instance: Instance = {...pattern, id: `${serviceId}.${slot}`, serviceId, slot};
		return pendingInstance(instance, spec);
	});
}
