import {type BenchResult, type BenchRow, row} from '../result.ts';
import {openCluster} from './cluster.ts';
import {quantiles} from './keys.ts';
import {hints, openMuster, pause} from './program.ts';

const linesPerSecond = 50_000;
const keys = 200;
/** Typed into the command bar, while the lines go on above it. */
const letters = 'quartzblink';
const settleMs = 5000;

/** 50,000 lines a second come in: how soon a key is answered, whether it keeps up, and what it holds in memory. */
export async function bench(): Promise<BenchResult> {
	return {
		name: 'dashboard-logs',
		unit: 'ms',
		rows: await logs(),
		note: '50,000 lines/s of one service, followed, and keys typed into the command bar meanwhile.',
	};
}

async function logs(): Promise<readonly BenchRow[]> {
	const cluster = await openCluster({instances: 1000, linesPerSecond});
	const muster = openMuster(cluster.folder);
	try {
		await muster.until(hints);
		await pause(1000);
		await muster.timed('l', 'line ');
		await pause(settleMs);
		const before = {cpuMs: muster.cpuMs(), atMs: performance.now()};
		const times: number[] = [];
		await muster.timed(':', '▏');
		for (let index = 0; index < keys; index++) {
			const letter = letters[index % letters.length] ?? '';
			times.push(await muster.timed(letter, new RegExp(`${letter}.{0,20}▏`)));
			await pause(30);
			if (index % letters.length === letters.length - 1) {
				await muster.timed('\u{15}', '▏');
			}
		}

		const cpu = ((muster.cpuMs() - before.cpuMs) / (performance.now() - before.atMs)) * 100;
		const {p99} = quantiles(times);
		return [
			row('logs, 50,000 lines/s: key to frame', times, {limit: {atMost: 50}}),
			row('logs, 50,000 lines/s: key to frame, p99', [p99]),
			row('logs, 50,000 lines/s: memory', [muster.memory().bytes / 1e6], {unit: 'MB', limit: {atMost: 350}}),
			row('logs, 50,000 lines/s: cpu', [cpu], {unit: '% of a core'}),
		];
	} finally {
		await muster.end();
		await cluster.end();
	}
}
