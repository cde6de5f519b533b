import type {LoadSample, SimulatedChange} from '../../source/core/autoscale/autoscale-simulation.ts';
import {seededRandom} from './seeded-random.ts';

/** A day of a shop: quiet at night, two peaks, bursts of some seconds, and noise on all of it. */
export function dayOfLoad(seed: number): LoadSample[] {
	const random = seededRandom(seed);
	return Array.from({length: 17_280}, (_, index) => {
		const hour = index / 720;
		const peak = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
		const burst = random() < 0.002 ? 500 * random() : 0;
		const total = (60 + 700 * peak(11, 2) + 900 * peak(20, 1.5)) * (0.85 + 0.3 * random()) + burst;
		return {at: index * 5000, totals: {requests: total}};
	});
}

const flappingMs = 120_000;

/** How often it went up, down and up again within two minutes, or the reverse. A burst may come just after a number was lowered; to
 *  and fro is what nobody wants. */
export function flappings(changes: readonly SimulatedChange[]): number {
	const ways = changes.map(({at, from, to}) => ({at, way: Math.sign(to - from)}));
	return ways.filter(({at, way}, index) => {
		const [first, second] = [ways[index - 2], ways[index - 1]];
		return first && second && at - first.at < flappingMs && first.way === way && second.way !== way;
	}).length;
}
