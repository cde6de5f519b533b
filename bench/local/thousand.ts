import {type BenchResult, row} from '../result.ts';
import {bareSpawns} from './floor.ts';
import {type BenchHome, nowMs, openHome, pssBytes} from './home.ts';

const count = 1000;
const rounds = 3;
const sleep = ['/bin/sleep', '100000'];
/** A shell stands between: what any keeper of an instance's exit code costs at the least. */
const kept = ['/bin/sh', '-c', '(exec "$@"); exit $?', 'sh', ...sleep];

/** 1,000 replicas of a sleeping process until all run, beside a bare loop that spawns the same; and what muster itself holds. */
export async function bench(): Promise<BenchResult> {
	const floors: number[] = [];
	const keptFloors: number[] = [];
	const creates: number[] = [];
	const ratios: number[] = [];
	const megabytes: number[] = [];
	const homes: BenchHome[] = [];
	for (let round = 0; round < rounds; round++) {
		const home = openHome();
		homes.push(home);
		try {
			await home.run('node', 'ls');
			const floor = await bareSpawns(sleep, count);
			keptFloors.push(await bareSpawns(kept, count));
			const startMs = nowMs();
			await home.run('service', 'create', `--replicas=${count}`, '--name', 'sleepers', ...sleep);
			const ms = nowMs() - startMs;
			floors.push(floor);
			creates.push(ms);
			ratios.push(ms / floor);
			megabytes.push(pssBytes(home.ownPids()) / 1e6);
		} finally {
			await home.end({keepFiles: true});
		}
	}

	for (const home of homes) {
		home.remove();
	}

	return {
		name: 'thousand',
		unit: 'ms',
		rows: [
			row(`floor: ${count} × sleep spawned by a bare loop`, floors),
			row('the same with a shell each that keeps the exit code', keptFloors),
			row(`muster service create --replicas=${count} sleep, all running`, creates),
			row('ratio of the two', ratios, {unit: 'times', limit: {atMost: 2}}),
			row('daemon, agents and gateway together, PSS', megabytes, {unit: 'MB', limit: {atMost: 400}}),
		],
		note: `${rounds} rounds, each in a new home, whose files stay until the last has ended; the daemon runs before.`,
	};
}
