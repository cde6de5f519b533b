import type {Random} from '../core/model/id.ts';
import type {NodeSpec, Resources} from '../core/model/index.ts';
import type {Part} from './cast.ts';

/** A machine of the demo. */
export type Site = {
	readonly name: string;
	readonly spec: NodeSpec;
	readonly capacity: Resources;
	/** Its share of what is placed. */
	readonly weight: number;
	/** Small, cheap, and gone now and then. */
	readonly isSpot: boolean;
};

const zones = ['a', 'b', 'c'] as const;
const gibibyte = 2 ** 30;
/** How much of all machines is reserved at first. */
const fillShare = 0.62;

type Size = {readonly kind: string; readonly weight: number};

const sizes: readonly Size[] = [
	{kind: 'standard', weight: 4},
	{kind: 'standard', weight: 4},
	{kind: 'large', weight: 8},
	{kind: 'standard', weight: 4},
];
const spot: Size = {kind: 'spot', weight: 1};
const gpu: Size = {kind: 'gpu', weight: 8};

/** Machines in three zones, large enough for what is to run on them: `a1`, `b1`, `c1`, `a2`, … */
export function sitesFor(count: number, cast: readonly Part[], random: Random): readonly Site[] {
	const plan = Array.from({length: count}, (_, index) => ({
		zone: zones[index % zones.length] ?? 'a',
		number: Math.floor(index / zones.length) + 1,
		...sizeOf(index, count, random),
	}));
	const weights = plan.reduce((sum, {weight}) => sum + weight, 0);
	const unit = unitFor(cast, count, weights);
	return plan.map(({zone, number, kind, weight}) => {
		const capacity = {cpus: Math.ceil(unit.cpus * weight), memoryBytes: Math.ceil(unit.memoryBytes * weight * 4) / 4};
		const labels = {zone, kind, ...(kind === 'gpu' && {gpu: 'true'})};
		const whole = {cpus: capacity.cpus, memoryBytes: capacity.memoryBytes * gibibyte};
		return {
			name: `${zone}${number}`,
			spec: {availability: 'active', labels, capacity: whole},
			capacity: whole,
			weight,
			isSpot: kind === 'spot',
		};
	});
}

function sizeOf(index: number, count: number, random: Random): Size {
	if (index === 0) {
		return gpu;
	}

	return count >= 6 && index % 10 === 9 ? spot : (sizes[Math.floor(random() * sizes.length)] ?? spot);
}

/** What a machine of weight 1 has: CPUs, and memory in GiB. */
function unitFor(cast: readonly Part[], nodes: number, weights: number): Resources {
	let cpus = 0;
	let memoryBytes = 0;
	for (const {spec} of cast) {
		const count = spec.mode === 'global' ? nodes : spec.replicas;
		cpus += spec.template.reserve.cpus * count;
		memoryBytes += spec.template.reserve.memoryBytes * count;
	}

	const share = fillShare * weights;
	return {cpus: Math.max(1, cpus / share), memoryBytes: Math.max(1, memoryBytes / gibibyte / share)};
}
