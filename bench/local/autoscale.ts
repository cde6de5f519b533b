import {usualTimes} from '../../source/core/autoscale/autoscale.ts';
import {simulateAutoscale} from '../../source/core/autoscale/autoscale-simulation.ts';
import type {AutoscalePolicy} from '../../source/core/model/index.ts';
import {dayOfLoad, flappings} from '../../test/helpers/day-of-load.ts';
import {type HttpLoad, startHttpLoad} from '../http-load.ts';
import {type BenchResult, row} from '../result.ts';
import {type BenchHome, nowMs, openHome, until} from './home.ts';

const rounds = 5;
const target = 20;
const before = 36;
const step = 10;
/** So many bear ten times the load with a tenth more than their target, which changes nothing any more. */
const enough = Math.ceil((before * step) / (target * 1.1));
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

const policy: AutoscalePolicy = {
	min: 1,
	max: 40,
	targets: [{metric: 'requests', value: 100}],
	...usualTimes,
};

type Service = {status: {healthy: number; ports: Array<{published: number}>}};

/** A service under a load that is ten times as much from one moment on, until enough instances are healthy; then days of load as
 *  `service record` writes them, decided by the same function. */
export async function bench(): Promise<BenchResult> {
	const times: number[] = [];
	const home = openHome();
	try {
		for (let round = 0; round < rounds; round++) {
			times.push(await stepOnce(home, `web${round}`));
		}
	} finally {
		await home.end();
	}

	const days = seeds.map(seed => simulateAutoscale(policy, dayOfLoad(seed), 1));
	return {
		name: 'autoscale',
		unit: 's',
		rows: [
			row(`${step} times the requests: ${enough} instances healthy`, times, {limit: {atMost: 10}}),
			row(
				'a day of load: changes',
				days.map(({changes}) => changes.length),
				{unit: 'changes'},
			),
			row(
				'a day of load: changes that were taken back within a minute',
				days.map(({flaps}) => flaps),
				{unit: 'changes'},
			),
			row(
				'all these days: up and down and up within two minutes, or the reverse',
				[days.reduce((sum, {changes}) => sum + flappings(changes), 0)],
				{unit: 'times', limit: {atMost: 0}},
			),
			row(
				'a day of load: with too few instances',
				days.map(({overloadedMs, ms}) => (100 * overloadedMs) / ms),
				{unit: '%'},
			),
		],
		note: `${rounds} rounds, ${before} → ${before * step} requests/s, ${target} for each instance, the policy’s other values as they are by default. Days by ${seeds.length} seeds: two peaks, bursts, noise, a sample every 5 s.`,
	};
}

async function stepOnce(home: BenchHome, name: string): Promise<number> {
	await home.run('service', 'create', '--name', name, '-p', '80/http', 'nodejs');
	await home.run('service', 'autoscale', '--min', '1', '--max', '40', '--requests', String(target), name);
	const read = async () => (await home.json<Service[]>('service', 'inspect', name))[0]?.status;
	const port = (await read())?.ports[0]?.published ?? 0;
	const loads: HttpLoad[] = [];
	try {
		loads.push(startHttpLoad({port, connections: 4, perSecond: before}));
		await until('two instances', 30_000, async () => ((await read())?.healthy === 2 ? true : undefined));
		const startMs = nowMs();
		loads.push(startHttpLoad({port, connections: 16, perSecond: before * (step - 1)}));
		await until('enough instances', 60_000, async () => ((await read())?.healthy ?? 0) >= enough || undefined);
		return (nowMs() - startMs) / 1000;
	} finally {
		await Promise.all(loads.map(load => load.stop()));
		await home.run('service', 'rm', '--yes', name);
	}
}
