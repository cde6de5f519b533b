import {type BenchRow, row} from '../result.ts';
import type {Place} from './place.ts';

const rounds = 15;

/** Each in turn with docker's own command and with a start of Node. */
export function lists(place: Place): BenchRow[] {
	const [floor, dockerLs, ls, dockerPs, ps]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
	for (let round = -1; round < rounds; round++) {
		const figures = [
			[floor, place.floor()],
			[dockerLs, place.docker('service', 'ls')],
			[ls, place.muster('service', 'ls')],
			[dockerPs, place.docker('service', 'ps', 'web')],
			[ps, place.muster('ps', 'web')],
		] as const;
		// The first fills caches.
		if (round >= 0) for (const [all, ms] of figures) all.push(ms);
	}

	const over = (own: readonly number[], peer: readonly number[]) =>
		own.map((ms, index) => ms / (2 * (peer[index] ?? 0) + (floor[index] ?? 0)));
	const limit = {atMost: 1};
	return [
		row('node -e 0', floor),
		row('docker service ls', dockerLs),
		row('muster service ls', ls),
		row('docker service ps', dockerPs),
		row('muster ps', ps),
		row('service ls / (2 docker + node)', over(ls, dockerLs), {unit: 'times', limit}),
		row('ps / (2 docker + node)', over(ps, dockerPs), {unit: 'times', limit}),
	];
}
