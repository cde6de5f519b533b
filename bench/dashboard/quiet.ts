import {type BenchResult, type BenchRow, row} from '../result.ts';
import {openCluster} from './cluster.ts';
import {hints, openMuster, pause} from './program.ts';

const rounds = 5;
const watchMs = 6000;
/** Between two looks at how much was written: what comes within one is one frame. */
const lookMs = 20;

/** A cluster in which nothing happens: what it costs to look at it, and how often anything is written. */
export async function bench(): Promise<BenchResult> {
	return {
		name: 'dashboard-quiet',
		unit: 'ms',
		rows: await quiet(),
		note: 'Ten thousand instances of which nothing is told but that they are still there.',
	};
}

async function quiet(): Promise<readonly BenchRow[]> {
	const cluster = await openCluster({instances: 10_000});
	const muster = openMuster(cluster.folder);
	try {
		await muster.until(hints);
		await muster.timed(':ins\r', 'ENDPOINT');
		await pause(4000);
		const cpu: number[] = [];
		const writes: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const before = muster.cpuMs();
			writes.push((await writesWithin(muster, watchMs)) / (watchMs / 1000));
			cpu.push(((muster.cpuMs() - before) / watchMs) * 100);
		}

		return [
			row('quiet, 10,000 instances: cpu', cpu, {unit: '% of a core', limit: {atMost: 1}}),
			// The oldest instance on the screen is two hours old, the youngest one: texts change once a minute each.
			row('quiet, 10,000 instances: frames written', writes, {unit: 'per second', limit: {atMost: 1}}),
		];
	} finally {
		await muster.end();
		await cluster.end();
	}
}

async function writesWithin(muster: {readonly bytes: number}, ms: number): Promise<number> {
	let frames = 0;
	for (let waited = 0; waited < ms; waited += lookMs) {
		const before = muster.bytes;
		await pause(lookMs);
		frames += muster.bytes === before ? 0 : 1;
	}

	return frames;
}
