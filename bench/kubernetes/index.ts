import {execFileSync} from 'node:child_process';
import {startCluster} from '../../test/clusters/kubernetes-cluster.ts';
import {hints, openMusterOn, type Program, pause} from '../dashboard/program.ts';
import {command, nowMs, openHome} from '../local/home.ts';
import {type BenchResult, type BenchRow, row} from '../result.ts';
import {makeCrowd, openClient, podName, touchPod} from './crowd.ts';

const pods = Number(process.env.BENCH_PODS ?? 10_000);
const fewPods = 1000;
const rounds = 7;
const keys = 60;
const mib = 1024 * 1024;

type Env = Readonly<Record<string, string>>;

/**
 * A real API server that holds ten thousand pods, and nothing else that would use the machine: who manages pods and nodes is
 * stopped. kubectl, where there is one, is asked the same in turn.
 */
export async function bench(): Promise<BenchResult> {
	const cluster = await startCluster(['--nodes', '1']);
	const home = openHome();
	try {
		for (const part of ['kube-controller-manager', 'kube-scheduler']) await cluster.stop(part);
		const env = {KUBECONFIG: cluster.kubeconfig, MUSTER_HOME: home.folder, MUSTER_CONTEXT: 'k8s:kube-cluster'};
		const client = await openClient(cluster.kubeconfig);
		await makeCrowd(client, fewPods);
		const few = commands(env);
		await makeCrowd(client, pods, fewPods);
		const many = await dashboards(env);
		const changing = await underChanges(env, index => touchPod(client, index % pods, index));
		client.close();
		return {
			name: 'kubernetes',
			unit: 'ms',
			rows: [...few, ...many, ...changing],
			note: `${pods} pods without kubelets on a real API server; ${rounds} rounds in turn; lists of ${fewPods} pods against kubectl.`,
		};
	} finally {
		await home.end();
		await cluster.end();
	}
}

function timed(file: string, args: readonly string[], env: Env): number {
	const startedMs = nowMs();
	execFileSync(file, args, {env: {...process.env, ...env}, stdio: ['ignore', 'ignore', 'inherit'], maxBuffer: 2 ** 28});
	return nowMs() - startedMs;
}

function hasKubectl(): boolean {
	try {
		execFileSync('kubectl', ['version', '--client'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}

/** With and without the peer: a machine without kubectl says only how long muster takes. */
function commands(env: Env): BenchRow[] {
	const pairs = [
		{what: 'ps', own: ['ps', '-A'], peer: ['get', 'pods', '-A'], atMost: 1},
		{what: 'node ls', own: ['node', 'ls'], peer: ['get', 'nodes'], atMost: 1.3},
	];
	return pairs.flatMap(({what, own, peer, atMost}) => {
		const [ours, theirs]: [number[], number[]] = [[], []];
		for (let round = -1; round < rounds; round++) {
			const ownMs = timed(command, own, env);
			const peerMs = hasKubectl() ? timed('kubectl', peer, env) : Number.NaN;
			if (round >= 0) {
				ours.push(ownMs);
				theirs.push(peerMs);
			}
		}

		const ratio = ours.map((ms, index) => ms / (theirs[index] ?? Number.NaN));
		return [
			row(`muster ${what}`, ours),
			...(hasKubectl()
				? [
						row(`kubectl ${peer.join(' ')}`, theirs),
						row(`muster ${what} over kubectl`, ratio, {unit: 'times', limit: {atMost}}),
					]
				: []),
		];
	});
}

/** From start to the first rows of instances, to all of them; then what it holds and how it answers. */
async function dashboards(env: Env): Promise<BenchRow[]> {
	const [first, all, memory, whileLoading, settled]: [number[], number[], number[], number[], number[]] = [
		[],
		[],
		[],
		[],
		[],
	];
	for (let round = -1; round < 3; round++) {
		const startedMs = nowMs();
		const muster = openMusterOn(['-A'], env);
		try {
			await muster.until(hints);
			const firstMs = nowMs() - startedMs;
			const early = await frames(muster, ['?', '\u001b'], 10);
			await muster.timed(':instances\r', new RegExp(podName(0)));
			const allMs = nowMs() - startedMs;
			const late = await frames(muster, ['j', 'k'], keys);
			if (round >= 0) {
				first.push(firstMs);
				all.push(allMs);
				memory.push(muster.memory().mostBytes / mib);
				whileLoading.push(...early);
				settled.push(...late);
			}
		} finally {
			await muster.end();
		}
	}

	return [
		row('first full screen', first, {limit: {atMost: 1000}}),
		row('all pods on the screen', all, {limit: {atMost: 2000}}),
		row('memory, the most', memory, {unit: 'MiB', limit: {atMost: 250}}),
		row('key to frame while it loads', whileLoading),
		row('key to frame, median', settled, {limit: {atMost: 12}}),
		row('key to frame, 99th of a hundred', [percentile(settled, 0.99)], {limit: {atMost: 60}}),
	];
}

/** Keys in turn, each of which changes something on the screen. */
async function frames(muster: Program, inTurn: readonly [string, string], count: number): Promise<number[]> {
	const times: number[] = [];
	for (let index = 0; index < count; index++) {
		times.push(await muster.timed(inTurn[index % 2] as string, /\S/));
		await pause(30);
	}

	return times;
}

function percentile(figures: readonly number[], part: number): number {
	return (
		figures.toSorted((a, b) => a - b)[Math.min(figures.length - 1, Math.floor(figures.length * part))] ?? Number.NaN
	);
}

const perSecond = 100;
const seconds = 8;

/** What it uses of a core, quiet and with a hundred changes a second. */
async function underChanges(env: Env, touch: (index: number) => Promise<void>): Promise<BenchRow[]> {
	const muster = openMusterOn(['-A'], env);
	try {
		await muster.until(hints);
		await muster.timed(':instances\r', new RegExp(podName(0)));
		await pause(5000);
		const quiet = await share(muster, () => pause(seconds * 1000));
		const busy = await share(muster, async () => {
			for (let index = 0; index < perSecond * seconds; index += 10) {
				const tenth = pause(100);
				await Promise.all(Array.from({length: 10}, (_, at) => touch(index + at)));
				await tenth;
			}
		});
		return [
			row('a core, quiet', [quiet], {unit: '%', limit: {atMost: 1}}),
			row(`a core, ${perSecond} changes a second`, [busy], {unit: '%', limit: {atMost: 15}}),
		];
	} finally {
		await muster.end();
	}
}

async function share(muster: Program, during: () => Promise<void>): Promise<number> {
	const [cpuBefore, startedMs] = [muster.cpuMs(), nowMs()];
	await during();
	return (100 * (muster.cpuMs() - cpuBefore)) / (nowMs() - startedMs);
}
