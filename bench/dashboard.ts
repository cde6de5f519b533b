import {rmSync} from 'node:fs';
import path from 'node:path';
import {bundle} from '../test/terminal/bundle.ts';
import {keyTimes} from './dashboard/key-times.ts';
import {firstFrameMs, runMs} from './dashboard/start.ts';
import {command, openHome} from './local/home.ts';
import {type BenchResult, type BenchRow, row} from './result.ts';

const startRounds = 21;
const warmUps = 3;

/**
 * How soon the dashboard is there, and how soon it answers a key: in a real terminal of 200×50, beside a bare Node and a bare
 * Ink program in the same rounds.
 */
export async function bench(): Promise<BenchResult> {
	return {
		name: 'dashboard',
		unit: 'ms',
		rows: [...(await start()), ...(await keys())],
		note: `First frame: ${startRounds} rounds in turn, ten instances, compile cache warm. Keys: 200 each, one after the other.`,
	};
}

async function start(): Promise<readonly BenchRow[]> {
	const home = openHome();
	const figures = {floor: [] as number[], frame: [] as number[]};
	try {
		await home.run('service', 'create', '--replicas=10', '--name=worker', '--quiet', 'nodejs');
		for (let round = -warmUps; round < startRounds; round++) {
			const floor = await runMs(process.execPath, ['-e', '0']);
			const frame = await firstFrameMs(command, [], {MUSTER_HOME: home.folder});
			if (round >= 0) {
				figures.floor.push(floor);
				figures.frame.push(frame);
			}
		}
	} finally {
		await home.end();
	}

	const ratios = figures.frame.map((ms, index) => ms / (figures.floor[index] ?? Number.NaN));
	return [
		row('floor: node -e 0', figures.floor),
		row('muster: first complete frame', figures.frame),
		row('first frame over the floor', ratios, {unit: 'times', limit: {atMost: 6}}),
	];
}

async function keys(): Promise<readonly BenchRow[]> {
	const folder = path.join(import.meta.dirname, 'dashboard');
	const [crowded, bare] = await Promise.all([
		bundle(path.join(folder, 'crowded.ts')),
		bundle(path.join(folder, 'bare.tsx')),
	]);
	try {
		const floor = await keyTimes(bare, ['1000']);
		const rows = keyRows('bare Ink program', floor);
		for (const [count, changes] of [
			[100, 0],
			[10_000, 1000],
			[50_000, 1000],
		] as const) {
			const times = await keyTimes(crowded, [String(count), String(changes)], ':ins\r');
			rows.push(...keyRows(`${count} instances, ${changes} changes/s`, times));
		}

		return rows;
	} finally {
		for (const program of [crowded, bare]) {
			rmSync(path.dirname(program), {recursive: true, force: true});
		}
	}
}

function keyRows(of: string, times: readonly number[]): BenchRow[] {
	const slowest = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
	return [row(`key to frame, ${of}`, times), row(`key to frame, ${of}, p99`, [slowest])];
}
