import {type BenchRow, row} from '../result.ts';
import {type Place, ratios, until} from './place.ts';

/** Each comes first once. */
const rounds = 3;

/** From the call to the moment at which so many run, by docker's command and by muster's in turn. */
export async function starts(place: Place): Promise<BenchRow[]> {
	const backend = await place.open();
	const times = {
		docker30: [] as number[],
		muster30: [] as number[],
		docker100: [] as number[],
		muster100: [] as number[],
	};
	const calls = {docker: [] as number[], muster: [] as number[]};

	async function runs(count: number): Promise<boolean> {
		return (await backend.list({kind: 'service', name: 'big'})).items[0]?.status.running === count;
	}

	async function timed(call: () => number, count: number): Promise<{readonly callMs: number; readonly allMs: number}> {
		const startedMs = performance.now();
		const callMs = call();
		await until(`${count} run`, () => runs(count), 20);
		return {callMs, allMs: performance.now() - startedMs};
	}

	async function gone(): Promise<void> {
		place.docker('service', 'rm', 'big');
		// Also from the nodes: what ends there takes from what starts next.
		const isGone = async () =>
			(await backend.list({kind: 'instance', history: true})).items.every(({serviceName}) => serviceName === 'web');
		await until('big is gone', isGone, 200);
	}

	const create = ['service', 'create', '-d', '-q', '--name', 'big', '--replicas', '30'];
	const inTurn = {
		docker: {
			create: () => place.docker(...create, '--no-resolve-image', 'idle:1'),
			scale: () => place.docker('service', 'scale', '-d', 'big=100'),
		},
		muster: {
			create: () => place.muster(...create, 'idle:1'),
			scale: () => place.muster('service', 'scale', '-d', 'big=100'),
		},
	};
	for (let round = 0; round < rounds; round++) {
		// Who comes first changes, so that neither always meets the other's leftovers.
		for (const who of round % 2 === 0 ? (['docker', 'muster'] as const) : (['muster', 'docker'] as const)) {
			const made = await timed(inTurn[who].create, 30);
			times[`${who}30`].push(made.allMs);
			calls[who].push(made.callMs);
			times[`${who}100`].push((await timed(inTurn[who].scale, 100)).allMs);
			await gone();
		}
	}

	backend.close();
	const limit = {atMost: 1.1};
	return [
		row('docker service create -d: the call', calls.docker),
		row('muster service create -d: the call', calls.muster),
		row('docker: 30 run', times.docker30),
		row('muster: 30 run', times.muster30),
		row('docker: 30 → 100 run', times.docker100),
		row('muster: 30 → 100 run', times.muster100),
		row('30 run: muster / docker', ratios(times.muster30, times.docker30), {unit: 'times', limit}),
		row('100 run: muster / docker', ratios(times.muster100, times.docker100), {unit: 'times', limit}),
	];
}
