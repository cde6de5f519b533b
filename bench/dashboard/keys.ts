import {rmSync} from 'node:fs';
import path from 'node:path';
import {bundle} from '../../test/terminal/bundle.ts';
import {type BenchResult, type BenchRow, row} from '../result.ts';
import {openCluster} from './cluster.ts';
import {hints, openMuster, openNode, type Program, pause} from './program.ts';

const rounds = 4;
const keysPerRound = 250;
const warmUps = 20;
/** As fast as a key that is held down, and so that frames do not meet. */
const pauseMs = 10;
const sizes = [10_000, 50_000] as const;
const changesPerSecond = 1000;

/**
 * From a key to the frame that shows what it did: with 1,000 changes a second, beside a bare Ink program on which as much
 * changes, in turn.
 */
export async function bench(): Promise<BenchResult> {
	const bare = await bundle(path.join(import.meta.dirname, 'bare.tsx'));
	try {
		return {
			name: 'dashboard-keys',
			unit: 'ms',
			rows: await keys(bare),
			note: '1,000 keys each, one after the other, in four rounds in turn with a bare Ink program that draws the same screen and on which as many rows change; cpu meanwhile without keys. Node with Ink alone holds some 90 MB.',
		};
	} finally {
		rmSync(path.dirname(bare), {recursive: true, force: true});
	}
}

async function keys(bare: string): Promise<readonly BenchRow[]> {
	const rows: BenchRow[] = [];
	for (const instances of sizes) {
		const times = await inTurn(bare, instances);
		const own = quantiles(times.muster);
		const floor = quantiles(times.bare);
		const of = `${instances.toLocaleString('en')} instances`;
		rows.push(
			row(`key to frame, ${of}: bare Ink program`, times.bare),
			row(`key to frame, ${of}`, times.muster, {limit: {atMost: 12}}),
			row(`key to frame, ${of}: over the bare program`, [own.p50 / floor.p50], {unit: 'times', limit: {atMost: 1.5}}),
			row(`key to frame, ${of}, p99: bare Ink program`, [floor.p99]),
			row(`key to frame, ${of}, p99`, [own.p99], {limit: {atMost: 60}}),
			row(`cpu with 1,000 changes/s, ${of}`, times.cpu, {unit: '% of a core', limit: {atMost: 15}}),
			row(`memory after that, ${of}`, [times.megabytes], {unit: 'MB', limit: {atMost: instances > 10_000 ? 350 : 200}}),
		);
	}

	const [small, large] = rows.filter(({what}) => /instances$/.test(what) && what.startsWith('key'));
	return [
		...rows,
		row('key to frame: 50,000 over 10,000 instances', [(large?.median ?? Number.NaN) / (small?.median ?? Number.NaN)], {
			unit: 'times',
			limit: {atMost: 1.3},
		}),
	];
}

async function inTurn(bare: string, instances: number) {
	const cluster = await openCluster({instances, changesPerSecond});
	const muster = openMuster(cluster.folder);
	const floor = openNode(bare, String(instances), String(changesPerSecond));
	const times = {bare: [] as number[], muster: [] as number[], cpu: [] as number[], megabytes: Number.NaN};
	try {
		await muster.until(hints);
		// All of it has been read when the last of the services has figures.
		await pause(2000);
		await muster.timed(':ins\r', 'ENDPOINT');
		for (let round = 0; round < rounds; round++) {
			times.bare.push(...(await pressAll(floor)));
			times.muster.push(...(await pressAll(muster)));
			const before = muster.cpuMs();
			await pause(watchMs);
			times.cpu.push(((muster.cpuMs() - before) / watchMs) * 100);
		}

		times.megabytes = muster.memory().bytes / 1e6;
		return times;
	} finally {
		await Promise.all([muster.end(), floor.end()]);
		await cluster.end();
	}
}

const watchMs = 3000;

/** Twenty down, twenty up, and back to where it began. */
async function pressAll(program: Program): Promise<number[]> {
	const times: number[] = [];
	let at = 0;
	for (let index = -warmUps; index < keysPerRound || at !== 0; index++) {
		const step = index >= keysPerRound ? -1 : Math.floor((index + warmUps) / 20) % 2 === 0 ? 1 : -1;
		at += step;
		const ms = await program.timed(step === 1 ? 'j' : 'k', `▸ svc-0000.${at + 1}`);
		if (index >= 0 && index < keysPerRound) {
			times.push(ms);
		}

		await pause(pauseMs);
	}

	return times;
}

export function quantiles(times: readonly number[]): {readonly p50: number; readonly p99: number} {
	const sorted = times.toSorted((a, b) => a - b);
	const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
	return {p50: at(0.5), p99: at(0.99)};
}
