import {type BenchResult, type BenchRow, row} from '../result.ts';
import {openCluster} from './cluster.ts';
import {hints, openMuster, type Program, pause} from './program.ts';

const rounds = 9;
const instances = 50_000;
const settleMs = 150;

/** Filtering and sorting 50,000 rows, and going from one screen to another: to the next frame. */
export async function bench(): Promise<BenchResult> {
	return {
		name: 'dashboard-views',
		unit: 'ms',
		rows: await views(),
		note: '50,000 instances, 1,000 changes/s meanwhile. From the key to the first frame that shows what it did.',
	};
}

async function views(): Promise<readonly BenchRow[]> {
	const cluster = await openCluster({instances, changesPerSecond: 1000});
	const muster = openMuster(cluster.folder);
	try {
		await muster.until(hints);
		await pause(2000);
		await muster.timed(':ins\r', 'ENDPOINT');
		const times: Record<'filter' | 'unfilter' | 'sort' | 'view', number[]> = {
			filter: [],
			unfilter: [],
			sort: [],
			view: [],
		};
		for (let round = -2; round < rounds; round++) {
			const found = await once(muster, round);
			for (const key of round < 0 ? [] : (Object.keys(found) as Array<keyof typeof found>)) {
				times[key].push(found[key]);
			}
		}

		return [
			row('filter typed over 50,000 rows', times.filter, {limit: {atMost: 100}}),
			row('filter of 50,000 rows taken back', times.unfilter, {limit: {atMost: 100}}),
			row('sort of 50,000 rows by another column', times.sort, {limit: {atMost: 100}}),
			row('from nodes to 50,000 instances', times.view, {limit: {atMost: 50}}),
		];
	} finally {
		await muster.end();
		await cluster.end();
	}
}

/** Of a line only what is new is written: of the title that a list is sorted by, the arrow at the least. */
const arrow = '↑';

/** Each step is seen by what only it writes. */
async function once(muster: Program, round: number) {
	const digit = String((round + 10) % 10);
	const then = async <T>(result: Promise<T>) => {
		const value = await result;
		await pause(settleMs);
		return value;
	};
	await then(muster.timed('/', '▏'));
	const filter = await then(muster.timed(digit, /\d of 50000/));
	const unfilter = await then(muster.timed('\u{1B}', /\d\/50000/));
	await then(muster.timed('o', 'Sort by'));
	const sort = await then(muster.timed(round % 2 === 0 ? 'o' : 'h', arrow));
	await then(muster.timed(':nodes', 'nodes'));
	await then(muster.timed('\r', 'AVAILABILITY'));
	await then(muster.timed(':instances', 'instances'));
	const view = await then(muster.timed('\r', 'ENDPOINT'));
	return {filter, unfilter, sort, view};
}
