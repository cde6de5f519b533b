import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {type BenchResult, row} from './result.ts';

const root = path.dirname(import.meta.dirname);
const rounds = 21;
const seconds = 1;
const connections = 32;
const instancePort = 19_001;
const publishedPort = 19_002;

type Load = {readonly name: string; readonly requestsPerSecond: (port: number) => Promise<number>};

/**
 * Requests per second at 32 kept connections on loopback: to an instance of the image `nodejs`, and to the same one through
 * the gateway, a process of its own that found its table in a file. In turn, so that a busy moment meets both.
 */
export async function bench(): Promise<BenchResult> {
	const home = mkdtempSync(path.join(tmpdir(), 'mb-'));
	const children = [startInstance(), startGateway(home)];
	const load = await findLoad();
	const direct: number[] = [];
	const through: number[] = [];
	try {
		await Promise.all([instancePort, publishedPort].map(answers));
		// The first round warms up both.
		for (let round = 0; round <= rounds; round++) {
			const figures = [
				await load.requestsPerSecond(instancePort),
				await load.requestsPerSecond(publishedPort),
			] as const;
			if (round > 0) {
				direct.push(figures[0]);
				through.push(figures[1]);
			}
		}
	} finally {
		for (const child of children) {
			child.kill('SIGKILL');
		}

		rmSync(home, {recursive: true, force: true});
	}

	const ratios = through.map((figure, round) => figure / (direct[round] ?? Number.NaN));
	return {
		name: 'gateway',
		unit: 'requests/s',
		rows: [
			row('direct to the instance', direct),
			row('through the gateway', through),
			row('share of direct', ratios, {unit: 'times', limit: {atLeast: 0.6}}),
		],
		note: `${rounds} rounds of ${seconds} s in turn, ${connections} kept connections, one nodejs instance, load by ${load.name}, all on the same machine.`,
	};
}

function startInstance(): ChildProcess {
	const server = path.join(root, 'images/nodejs/server.cjs');
	return spawn(process.execPath, [server], {
		env: {PORT: String(instancePort), MUSTER_INSTANCE_NAME: 'web.1', MUSTER_NODE: 'n1'},
		stdio: 'inherit',
	});
}

function startGateway(home: string): ChildProcess {
	const targets = [{instanceId: 'i1', host: '127.0.0.1', port: instancePort}];
	const route = {serviceId: 's1', serviceName: 'web', host: '127.0.0.1', published: publishedPort, targets};
	mkdirSync(path.join(home, 'state'));
	writeFileSync(path.join(home, 'state/gateway.json'), JSON.stringify({serial: 1, routes: [route]}));
	// Without a daemon, and without starting one.
	writeFileSync(path.join(home, 'state/stopped'), '');
	return spawn(process.execPath, [path.join(root, 'dist/muster'), 'gateway'], {
		env: {MUSTER_HOME: home},
		stdio: 'inherit',
	});
}

/** wrk where it is installed; else the generator of these benches in a process of its own. */
async function findLoad(): Promise<Load> {
	const run = promisify(execFile);
	const hasWrk = await run('wrk', ['--version']).then(
		() => true,
		error => error.code !== 'ENOENT',
	);
	return hasWrk
		? {
				name: 'wrk',
				async requestsPerSecond(port) {
					const args = ['-t1', `-c${connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}/`];
					const {stdout} = await run('wrk', args);
					return wholeFigure(/^Requests\/sec: *([\d.]+)/m.exec(stdout)?.[1], /Socket errors|Non-2xx/.exec(stdout)?.[0]);
				},
			}
		: {
				name: 'bench/http-load-process.ts',
				async requestsPerSecond(port) {
					const program = path.join(import.meta.dirname, 'http-load-process.ts');
					const args = [program, String(port), String(connections), String(seconds)];
					const {stdout} = await run(process.execPath, args);
					const {requests, failed, seconds: took} = JSON.parse(stdout);
					return wholeFigure(String(requests / took), failed > 0 ? `${failed} failed requests` : undefined);
				},
			};
}

function wholeFigure(text: string | undefined, errors: string | undefined): number {
	if (text === undefined || errors !== undefined) {
		throw new Error(`The load generator tells ${errors ?? 'no figure'}`);
	}

	return Number(text);
}

async function answers(port: number): Promise<void> {
	const deadlineMs = performance.now() + 10_000;
	while (!(await connects(port))) {
		if (performance.now() > deadlineMs) {
			throw new Error(`Nobody listens on port ${port}`);
		}

		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

function connects(port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect({port, host: '127.0.0.1'});
		socket.once('connect', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
