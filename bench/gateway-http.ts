import {type ChildProcess, execFile, execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {type BenchResult, row} from './result.ts';

const root = path.dirname(import.meta.dirname);
const nginx = '/usr/sbin/nginx';
const rounds = 11;
const seconds = 1;
const connections = 32;
const ports = {backend: 19_201, nginx: 19_202, gateway: 19_203};

type Load = {readonly requestsPerSecond: number; readonly p99Ms: number};

/**
 * Requests of HTTP led one by one to a target that answers at once: by the gateway, and by nginx with one worker and kept
 * connections to its target, in turn. Where there is no nginx, the gateway alone.
 */
export async function bench(): Promise<BenchResult> {
	const home = mkdtempSync(path.join(tmpdir(), 'mb-'));
	const hasNginx = existsSync(nginx);
	const children = [...(hasNginx ? [startNginx(home)] : [startInstance()]), startGateway(home)];
	const figures: Record<'gateway' | 'nginx', Load[]> = {gateway: [], nginx: []};
	try {
		const asked = hasNginx ? (['gateway', 'nginx'] as const) : (['gateway'] as const);
		await Promise.all([ports.backend, ...asked.map(name => ports[name])].map(answers));
		// The first round warms up.
		for (let round = 0; round <= rounds; round++) {
			for (const name of asked) {
				const load = await ask(ports[name]);
				if (round > 0) figures[name].push(load);
			}
		}
	} finally {
		for (const child of children) child.kill('SIGTERM');
		await new Promise(resolve => setTimeout(resolve, 200));
		rmSync(home, {recursive: true, force: true});
	}

	const per = (loads: readonly Load[]) => loads.map(({requestsPerSecond}) => requestsPerSecond);
	const p99 = (loads: readonly Load[]) => loads.map(({p99Ms}) => p99Ms);
	const {gateway, nginx: peer} = figures;
	return {
		name: 'gateway-http',
		unit: 'requests/s',
		rows: [
			row('gateway', per(gateway)),
			row('gateway: p99', p99(gateway), {unit: 'ms'}),
			...(hasNginx
				? [
						row('nginx, one worker', per(peer)),
						row('nginx: p99', p99(peer), {unit: 'ms'}),
						row(
							"share of nginx's",
							gateway.map(
								({requestsPerSecond}, index) => requestsPerSecond / (peer[index]?.requestsPerSecond ?? Number.NaN),
							),
							{unit: 'times', limit: {atLeast: 0.5}},
						),
						row(
							"p99 against nginx's",
							gateway.map(({p99Ms}, index) => p99Ms / (peer[index]?.p99Ms ?? Number.NaN)),
							{unit: 'times', limit: {atMost: 2}},
						),
					]
				: []),
		],
		note: `${rounds} rounds of ${seconds} s in turn, ${connections} kept connections, load by bench/http-load-process.ts, ${hasNginx ? 'a target of nginx' : 'one nodejs instance as target, no nginx here'}, all on the same machine.`,
	};
}

function startInstance(): ChildProcess {
	return spawn(process.execPath, [path.join(root, 'images/nodejs/server.cjs')], {
		env: {PORT: String(ports.backend), MUSTER_INSTANCE_NAME: 'web.1', MUSTER_NODE: 'n1'},
		stdio: 'inherit',
	});
}

/** Target and peer in two processes, each with one worker. */
function startNginx(home: string): ChildProcess {
	const config = (name: string, http: string) => {
		const file = path.join(home, `${name}.conf`);
		writeFileSync(
			file,
			`daemon off; worker_processes 1; pid ${home}/${name}.pid; error_log /dev/null; events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${home}; proxy_temp_path ${home}; fastcgi_temp_path ${home}; uwsgi_temp_path ${home}; scgi_temp_path ${home};
${http} }\n`,
		);
		return file;
	};
	const backend = config(
		'backend',
		`server { listen 127.0.0.1:${ports.backend}; location / { return 200 '{"service":"web","instance":"web.1"}'; } }`,
	);
	const proxy = config(
		'proxy',
		`upstream target { server 127.0.0.1:${ports.backend}; keepalive 64; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${ports.nginx}; location / { proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }`,
	);
	execFileSync(nginx, ['-t', '-c', proxy], {stdio: 'ignore'});
	return spawn(
		'/bin/sh',
		['-c', `trap 'kill $a $b; wait' TERM; ${nginx} -c ${backend} & a=$!; ${nginx} -c ${proxy} & b=$!; wait`],
		{stdio: 'inherit'},
	);
}

function startGateway(home: string): ChildProcess {
	const targets = [{instanceId: 'i1', host: '127.0.0.1', port: ports.backend}];
	const route = {serviceId: 's1', serviceName: 'web', host: '127.0.0.1', published: ports.gateway, targets, http: {}};
	mkdirSync(path.join(home, 'state'));
	writeFileSync(path.join(home, 'state/gateway.json'), JSON.stringify({serial: 1, routes: [route]}));
	// Without a daemon, and without starting one.
	writeFileSync(path.join(home, 'state/stopped'), '');
	return spawn(process.execPath, [path.join(root, 'dist/muster'), 'gateway'], {
		env: {MUSTER_HOME: home},
		stdio: 'inherit',
	});
}

async function ask(port: number): Promise<Load> {
	const program = path.join(import.meta.dirname, 'http-load-process.ts');
	const {stdout} = await promisify(execFile)(process.execPath, [
		program,
		String(port),
		String(connections),
		String(seconds),
	]);
	const {requests, failed, failures, seconds: took, latencyMs} = JSON.parse(stdout);
	if (failed > 0) throw new Error(`${failed} failed requests: ${JSON.stringify(failures)}`);
	return {requestsPerSecond: requests / took, p99Ms: latencyMs.p99};
}

async function answers(port: number): Promise<void> {
	for (const deadlineMs = performance.now() + 10_000; performance.now() < deadlineMs; ) {
		const isThere = await new Promise<boolean>(resolve => {
			const socket = connect({port, host: '127.0.0.1'});
			socket.once('connect', () => {
				resolve(true);
				socket.destroy();
			});
			socket.once('error', () => resolve(false));
		});
		if (isThere) return;
		await new Promise(resolve => setTimeout(resolve, 20));
	}

	throw new Error(`Nobody listens on port ${port}`);
}
