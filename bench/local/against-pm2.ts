import {type BenchResult, row} from '../result.ts';
import {openHome, pssBytes} from './home.ts';
import {openPm2, tookMs} from './pm2.ts';

const count = 100;
const rounds = 5;
const listings = 15;

type Figures = {readonly start: number[]; readonly list: number[]; readonly megabytes: number[]};

/**
 * 100 replicas of the same script, started by muster and by pm2 in turn, each with its supervisor running before: the time until all
 * answer, then what a list of them takes, and what those who supervise them hold.
 */
export async function bench(): Promise<BenchResult> {
	const muster: Figures = {start: [], list: [], megabytes: []};
	const pm2: Figures = {start: [], list: [], megabytes: []};
	for (let round = 0; round < rounds; round++) {
		await measureMuster(muster);
		await measurePm2(pm2);
	}

	const ratios = (name: keyof Figures) => muster[name].map((one, index) => one / (pm2[name][index] ?? Number.NaN));
	return {
		name: 'pm2',
		unit: 'ms',
		rows: [
			row(`pm2 start, ${count} instances, all answer`, pm2.start),
			row(`muster service create --replicas=${count} nodejs, all healthy behind the gateway`, muster.start),
			row('ratio of the two', ratios('start'), {unit: 'times', limit: {atMost: 0.85}}),
			row('pm2 ls', pm2.list),
			row('muster ps', muster.list),
			row('ratio of the two', ratios('list'), {unit: 'times', limit: {atMost: 0.33}}),
			row('pm2’s supervisor, PSS', pm2.megabytes, {unit: 'MB'}),
			row('daemon, agents and gateway together, PSS', muster.megabytes, {unit: 'MB'}),
			row('ratio of the two', ratios('megabytes'), {unit: 'times', limit: {atMost: 3}}),
		],
		note: `${rounds} rounds in turn, the same Node ${process.version} in both; of lists the median of ${listings} in each round; pm2 in fork mode, a port for each instance.`,
	};
}

async function measureMuster({start, list, megabytes}: Figures): Promise<void> {
	const home = openHome();
	try {
		await home.run('node', 'ls');
		start.push(
			await tookMs(() => home.run('service', 'create', `--replicas=${count}`, '--name', 'web', '-p', '80', 'nodejs')),
		);
		list.push(await medianMs(() => home.run('ps')));
		megabytes.push(pssBytes(home.ownPids()) / 1e6);
	} finally {
		await home.end();
	}
}

async function measurePm2({start, list, megabytes}: Figures): Promise<void> {
	const pm2 = openPm2();
	try {
		await pm2.run('ping');
		start.push(await tookMs(() => pm2.start(count)));
		list.push(await medianMs(() => pm2.run('ls')));
		megabytes.push(pssBytes([pm2.pid()]) / 1e6);
	} finally {
		await pm2.end();
	}
}

async function medianMs(run: () => Promise<unknown>): Promise<number> {
	const times: number[] = [];
	for (let index = 0; index < listings; index++) {
		times.push(await tookMs(run));
	}

	return times.toSorted((a, b) => a - b)[Math.floor(listings / 2)] ?? Number.NaN;
}
