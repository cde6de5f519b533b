import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {type BenchResult, row} from './result.ts';

const root = path.dirname(import.meta.dirname);
const rounds = 15;
const seconds = 1;
const connections = 32;
const instancePort = 19_001;
const publishedPort = 19_002;
/** Of another route to the same instance, which knows of its port alone. */
const byPortOnly = 19_004;
const nginxPort = 19_003;
/** The peer: nginx as it carries connections, a module of its own (Debian's nginx and libnginx-mod-stream). */
const nginx = '/usr/sbin/nginx';
const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so';

type Load = {readonly name: string; readonly requestsPerSecond: (port: number) => Promise<number>};

/**
 * Requests per second at 32 kept connections on loopback: to an instance of the image `nodejs`, and to the same one through
 * the gateway, a process of its own that found its table in a file: by the instance's socket, as it does for an image that
 * has one, and by its port, as for all others. And through nginx with one worker, by the port, where that is installed. In
 * turn, so that a busy moment meets all.
 */
export async function bench(): Promise<BenchResult> {
	const home = mkdtempSync(path.join(tmpdir(), 'mb-'));
	const hasNginx = existsSync(nginx) && existsSync(streamModule);
	const socket = path.join(home, 's');
	const children = [startInstance(socket), startGateway(home, socket), ...(hasNginx ? [startNginx(home)] : [])];
	const load = await findLoad();
	const ways = [instancePort, publishedPort, byPortOnly, ...(hasNginx ? [nginxPort] : [])];
	const [direct, through, byPort, peer]: [number[], number[], number[], number[]] = [[], [], [], []];
	try {
		await Promise.all(ways.map(answers));
		// The first round warms up all.
		for (let round = 0; round <= rounds; round++) {
			for (const [index, port] of ways.entries()) {
				const figure = await load.requestsPerSecond(port);
				if (round > 0) {
					[direct, through, byPort, peer][index]?.push(figure);
				}
			}
		}
	} finally {
		for (const child of children) {
			child.kill('SIGKILL');
		}

		rmSync(home, {recursive: true, force: true});
	}

	const shares = (figures: readonly number[], of: readonly number[]) =>
		figures.map((figure, round) => figure / (of[round] ?? Number.NaN));
	return {
		name: 'gateway',
		unit: 'requests/s',
		rows: [
			row('direct to the instance', direct),
			row('through the gateway', through),
			row('share of direct', shares(through, direct), {unit: 'times', limit: {atLeast: 0.6}}),
			row('through the gateway, by the port alone', byPort),
			row('share of direct, by the port alone', shares(byPort, direct), {unit: 'times'}),
			...(hasNginx
				? [
						row('through nginx, one worker', peer),
						row("nginx's share of direct", shares(peer, direct), {unit: 'times'}),
						row("by the port alone, share of nginx's", shares(byPort, peer), {unit: 'times'}),
					]
				: []),
		],
		note: `${rounds} rounds of ${seconds} s in turn, ${connections} kept connections, one nodejs instance, load by ${load.name}, all on the same machine.`,
	};
}

function startInstance(socket: string): ChildProcess {
	const server = path.join(root, 'images/nodejs/server.cjs');
	return spawn(process.execPath, [server], {
		env: {PORT: String(instancePort), MUSTER_SOCKET: socket, MUSTER_INSTANCE_NAME: 'web.1', MUSTER_NODE: 'n1'},
		stdio: 'inherit',
	});
}

function startGateway(home: string, socket: string): ChildProcess {
	const target = {instanceId: 'i1', host: '127.0.0.1', port: instancePort};
	const service = {serviceId: 's1', serviceName: 'web', host: '127.0.0.1'};
	const routes = [
		{...service, published: publishedPort, targets: [{...target, socket}]},
		{...service, published: byPortOnly, targets: [target]},
	];
	mkdirSync(path.join(home, 'state'));
	writeFileSync(path.join(home, 'state/gateway.json'), JSON.stringify({serial: 1, routes}));
	// Without a daemon, and without starting one.
	writeFileSync(path.join(home, 'state/stopped'), '');
	return spawn(process.execPath, [path.join(root, 'dist/muster'), 'gateway'], {
		env: {MUSTER_HOME: home},
		stdio: 'inherit',
	});
}

/** One process, which needs no master: it is ended like the others. */
function startNginx(home: string): ChildProcess {
	const file = path.join(home, 'nginx.conf');
	writeFileSync(
		file,
		`load_module ${streamModule}; daemon off; master_process off; pid ${home}/nginx.pid; error_log /dev/null; events { worker_connections 1024; }
stream { server { listen 127.0.0.1:${nginxPort}; proxy_pass 127.0.0.1:${instancePort}; } }\n`,
	);
	return spawn(nginx, ['-c', file], {stdio: 'inherit'});
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
