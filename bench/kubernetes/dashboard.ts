import {measuredEveryMs} from '../../source/backends/k8s/reading/metrics.ts';
import {quantiles} from '../dashboard/keys.ts';
import {hints, openMusterOn, type Program, pause} from '../dashboard/program.ts';
import {nowMs} from '../local/home.ts';
import {type BenchRow, row} from '../result.ts';
import type {Env} from './commands.ts';
import {podName} from './crowd.ts';

const rounds = 3;
const warmUps = 1;
const mib = 1024 * 1024;
/** As fast as a key that is held down. */
const pauseMs = 15;

/**
 * From the start to the first screen full of pods (asked for as soon as anything can be), to all of them; then what that took,
 * and how it answers keys: while the list is loading (the filter is typed, a letter a frame), and after.
 */
export async function dashboards(env: Env): Promise<BenchRow[]> {
	const figures = {first: [] as number[], all: [] as number[], memory: [] as number[]};
	const keys = {loading: [] as number[], settled: [] as number[]};
	for (let round = -warmUps; round < rounds; round++) {
		const one = await inOne(env);
		if (round < 0) continue;
		figures.first.push(one.firstMs);
		figures.all.push(one.allMs);
		figures.memory.push(one.memory);
		keys.loading.push(...one.loading);
		keys.settled.push(...one.settled);
	}

	const [loading, settled] = [quantiles(keys.loading), quantiles(keys.settled)];
	return [
		row('start to a screen full of pods', figures.first, {limit: {atMost: 1000}}),
		row('start to all pods', figures.all, {limit: {atMost: 2000}}),
		row('memory, the most', figures.memory, {unit: 'MiB', limit: {atMost: 250}}),
		row('key to frame while it loads', keys.loading, {limit: {atMost: 12}}),
		row('key to frame while it loads, p99', [loading.p99], {limit: {atMost: 60}}),
		row('key to frame', keys.settled, {limit: {atMost: 12}}),
		row('key to frame, p99', [settled.p99], {limit: {atMost: 60}}),
	];
}

async function inOne(env: Env) {
	const startedMs = nowMs();
	const muster = openMusterOn(['-A'], env);
	try {
		await muster.until(hints);
		const pods = muster.until(new RegExp(`▸ crowd-0 +${podName(0)} [^]*${podName(30)}`));
		muster.write(':instances\r');
		await pods;
		const firstMs = nowMs() - startedMs;
		await gone(muster);
		const allMs = nowMs() - startedMs;
		await muster.timed('g', new RegExp(`▸ crowd-0 +${podName(0)}`));
		const settled = await cursorKeys(muster, 80);
		await pause(4000);
		const memory = muster.memory().mostBytes / mib;
		return {firstMs, allMs, memory, settled, loading: await whileLoading(env, allMs)};
	} finally {
		await muster.end();
	}
}

/**
 * To the last of all pods, again and again: as long as they come, the last row is another one. From the first one each time, as of
 * a line that is much the same only what differs is written.
 */
async function gone(muster: Program): Promise<void> {
	let isThere = false;
	const there = muster.until(/▸ crowd-\d+ +pod-09999/).then(() => {
		isThere = true;
	});
	while (!isThere) {
		muster.write('G');
		await Promise.race([there, pause(60)]);
		if (!isThere) {
			muster.write('g');
			await pause(30);
		}
	}
}

/** Keys of the filter, from the moment that pods were asked for until all are there: as long as it took the one before. */
async function whileLoading(env: Env, allMs: number): Promise<number[]> {
	const startedMs = nowMs();
	const muster = openMusterOn(['-A'], env);
	const times: number[] = [];
	try {
		await muster.until(hints);
		muster.write(':instances\r');
		await muster.timed('/', /\//);
		for (let index = 0; nowMs() - startedMs < allMs; index++) {
			// A letter and its removal: each is a frame of its own.
			times.push(await muster.timed(index % 2 === 0 ? 'p' : '\u007f', /\S/));
			await pause(pauseMs);
		}

		return times;
	} finally {
		await muster.end();
	}
}

/** Down and up again. */
async function cursorKeys(muster: Program, count: number): Promise<number[]> {
	const times: number[] = [];
	for (let index = 0; index < count; index++) {
		const at = index % 40 < 20 ? (index % 20) + 1 : 19 - (index % 20);
		times.push(await muster.timed(index % 40 < 20 ? 'j' : 'k', new RegExp(`▸ crowd-0 +${podName(at)}`)));
		await pause(pauseMs);
	}

	return times;
}

const perSecond = 100;
/** At first V8 compiles what a look at the figures of all pods does, once. */
const firstLooks = 8;
/** Quiet it is looked at for as long as from one look at those figures to the third: a share of one that comes or not says nothing. */
const figureLooks = 2;
const busyLooks = 3;
const lookMs = 5000;

/** What it uses of a core, quiet and with a hundred changes a second. */
export async function underChanges(
	env: Env,
	pods: number,
	touch: (index: number) => Promise<void>,
): Promise<BenchRow[]> {
	const muster = openMusterOn(['-A'], env);
	try {
		await muster.until(hints);
		await muster.timed(':instances\r', new RegExp(podName(0)));
		await pause(4000);
		const [first, quiet, busy]: [number[], number[], number[]] = [[], [], []];
		const quietLooks = Math.ceil((figureLooks * measuredEveryMs(pods)) / lookMs);
		for (let look = 0; look < firstLooks; look++) first.push(await share(muster, () => pause(lookMs)));
		for (let look = 0; look < quietLooks; look++) quiet.push(await share(muster, () => pause(lookMs)));
		for (let look = 0; look < busyLooks; look++) busy.push(await share(muster, () => changes(touch, look)));
		return [
			row(`cpu, quiet, the first ${(firstLooks * lookMs) / 1000} s`, [mean(first)], {unit: '% of a core'}),
			row('cpu, quiet', [mean(quiet)], {unit: '% of a core', limit: {atMost: 1}}),
			row('cpu, quiet, each 5 s', quiet, {unit: '% of a core'}),
			row(`cpu, ${perSecond} changes a second`, busy, {unit: '% of a core', limit: {atMost: 15}}),
		];
	} finally {
		await muster.end();
	}
}

async function changes(touch: (index: number) => Promise<void>, look: number): Promise<void> {
	const count = (perSecond * lookMs) / 1000;
	for (let index = 0; index < count; index += 10) {
		const tenth = pause(100);
		await Promise.all(Array.from({length: 10}, (_, at) => touch(look * count + index + at)));
		await tenth;
	}
}

async function share(muster: Program, during: () => Promise<void>): Promise<number> {
	const [cpuBefore, startedMs] = [muster.cpuMs(), nowMs()];
	await during();
	return (100 * (muster.cpuMs() - cpuBefore)) / (nowMs() - startedMs);
}

function mean(figures: readonly number[]): number {
	return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}
