import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type BenchResult, row} from '../result.ts';
import {type BenchHome, nodejsImage, nowMs, openHome, until} from './home.ts';
import {probe, quantile} from './latency.ts';

const count = 100;
const rounds = 5;

/**
 * The sentence everything starts from: 100 replicas of `nodejs`, by the installed command, until it says that all are
 * healthy behind the gateway. Beside it in each round the floor: the same commands spawned by a bare loop. During both an
 * open connection keeps asking: here the daemon's `ps`, there an idle Node server with an answer of the same length.
 */
export async function bench(): Promise<BenchResult> {
	const floors: number[] = [];
	const creates: number[] = [];
	const ratios: number[] = [];
	const latencyRatios: number[] = [];
	const fromNothing: number[] = [];
	const home = openHome();
	const server = path.join(nodejsImage, 'server.cjs');
	try {
		await home.run('node', 'ls');
		const body = path.join(home.folder, 'body.json');
		for (let round = 0; round < rounds; round++) {
			const created = await createHere(home, body);
			const floor = await floorBeside(home, body, [process.execPath, server], 18_000);
			creates.push(created.ms);
			floors.push(floor.ms);
			ratios.push(created.ms / floor.ms);
			latencyRatios.push(created.p99 / floor.p99);
		}
	} finally {
		await home.end();
	}

	for (let round = 0; round < 3; round++) {
		fromNothing.push(await createFromNothing());
	}

	return {
		name: 'create',
		unit: 'ms',
		rows: [
			row(`floor: ${count} × node spawned by a bare loop, all answer`, floors),
			row(`muster service create --replicas=${count} nodejs, all healthy behind the gateway`, creates),
			row('ratio of the two', ratios, {unit: 'times', limit: {atMost: 1.35}}),
			row('p99 of ps meanwhile over an idle server’s beside the loop', latencyRatios, {
				unit: 'times',
				limit: {atMost: 3},
			}),
			row('the same command with no daemon there', fromNothing),
		],
		note: `${rounds} rounds in turn, the same Node ${process.version} in both; the daemon runs before, but in the last row.`,
	};
}

type Measured = {readonly ms: number; readonly p99: number};

async function createHere(home: BenchHome, body: string): Promise<Measured> {
	const asking = probe(path.join(home.folder, 'run/muster.sock'), listPath);
	const startMs = nowMs();
	await home.run('service', 'create', `--replicas=${count}`, '--name', 'web', '-p', '80', 'nodejs');
	const ms = nowMs() - startMs;
	const times = await asking.stop();
	writeFileSync(body, JSON.stringify(await home.json('ps', 'web')));
	await home.run('service', 'rm', '--yes', 'web');
	return {ms, p99: quantile(times, 0.99)};
}

const listPath = `/v1/list?query=${encodeURIComponent(JSON.stringify({kind: 'instance'}))}`;

async function floorBeside(
	home: BenchHome,
	body: string,
	command: readonly string[],
	firstPort: number,
): Promise<Measured> {
	const socket = path.join(home.folder, 'idle.sock');
	rmSync(socket, {force: true});
	const idle: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, 'idle-server.ts'), socket, body], {
		stdio: 'inherit',
	});
	try {
		await until('the idle server listens', 10_000, () => (existsSync(socket) ? true : undefined));
		const asking = probe(socket, '/');
		const ms = Number(await output('floor-process.ts', String(count), String(firstPort), '/health', ...command));
		return {ms, p99: quantile(await asking.stop(), 0.99)};
	} finally {
		idle.kill('SIGKILL');
	}
}

/** Runs a script of this folder; what it prints. */
async function output(script: string, ...args: string[]): Promise<string> {
	const child = spawn(process.execPath, [path.join(import.meta.dirname, script), ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let text = '';
	for await (const piece of child.stdout.setEncoding('utf8')) {
		text += piece;
	}

	return text;
}

async function createFromNothing(): Promise<number> {
	const home = openHome();
	try {
		const startMs = nowMs();
		await home.run('service', 'create', `--replicas=${count}`, '-p', '80', 'nodejs');
		return nowMs() - startMs;
	} finally {
		await home.end();
	}
}
