import {nowMs} from '../local/home.ts';
import {type BenchResult, type BenchRow, row} from '../result.ts';
import {openCluster} from './cluster.ts';
import {hints, openMuster, openNode, type Program} from './program.ts';

const rounds = 21;
const warmUps = 3;

/** From start until services, header and hints are on the screen: of a small cluster and of a large one, in turn. */
export async function bench(): Promise<BenchResult> {
	return {
		name: 'dashboard-start',
		unit: 'ms',
		rows: await start(),
		note: 'First frames: 21 rounds in turn, compile cache warm. The cluster is another process and counts for nothing.',
	};
}

async function start(): Promise<readonly BenchRow[]> {
	const small = await openCluster({instances: 100});
	const large = await openCluster({instances: 10_000});
	const figures = {floor: [] as number[], small: [] as number[], large: [] as number[]};
	try {
		for (let round = -warmUps; round < rounds; round++) {
			const floor = await endMs();
			const ofSmall = await frameMs(small.folder, round < 0);
			const ofLarge = await frameMs(large.folder, round < 0);
			if (round >= 0) {
				figures.floor.push(floor);
				figures.small.push(ofSmall);
				figures.large.push(ofLarge);
			}
		}
	} finally {
		await Promise.all([small.end(), large.end()]);
	}

	return [
		row('floor: node -e 0', figures.floor),
		row('first complete frame, 100 instances', figures.small),
		row('first complete frame, 10,000 instances', figures.large),
		row('first frame over the floor', over(figures.small, figures.floor), {unit: 'times', limit: {atMost: 6}}),
		row('10,000 over 100 instances', over(figures.large, figures.small), {unit: 'times', limit: {atMost: 1.5}}),
	];
}

function over(figures: readonly number[], floors: readonly number[]): number[] {
	return figures.map((ms, index) => ms / (floors[index] ?? Number.NaN));
}

/** From start to end, in a terminal as the dashboard is. */
async function endMs(): Promise<number> {
	const startedMs = nowMs();
	await openNode('-e', '0').exited;
	return nowMs() - startedMs;
}

/** One that is left by its key keeps its compiled code; the others are not waited for. */
async function frameMs(folder: string, isLeft: boolean): Promise<number> {
	const startedMs = nowMs();
	const muster: Program = openMuster(folder);
	try {
		// Services with what their instances use, the header's sums, and the hints: nothing is missing any more.
		await muster.until([/\d+ nodes/, 'svc-0000', /\d %.*GiB/, hints]);
		const tookMs = nowMs() - startedMs;
		if (isLeft) {
			muster.write('q');
			await muster.exited;
		}

		return tookMs;
	} finally {
		await muster.end();
	}
}
