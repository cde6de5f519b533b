import {execFile, execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {nodejsImage, nowMs, until} from './home.ts';

const version = '7.0.4';
const firstPort = 18_200;

/** pm2 with files of its own, with the same Node as muster. */
export type Pm2 = {
	/** Of so many replicas of the `nodejs` image's script, each with a port of its own; ends when each is answered by. */
	start(count: number): Promise<void>;
	run(...args: string[]): Promise<string>;
	/** Its supervisor. */
	pid(): number;
	end(): Promise<void>;
};

/** Installed by npm into the user's cache when it is not there yet. */
export function openPm2(): Pm2 {
	const program = install();
	const folder = mkdtempSync(path.join(tmpdir(), 'mb-pm2-'));
	const run = async (...args: string[]) => {
		const env = {...process.env, PM2_HOME: folder, NO_COLOR: '1'};
		const {stdout} = await promisify(execFile)(process.execPath, [program, ...args], {env, maxBuffer: 2 ** 26});
		return stdout;
	};
	return {
		run,
		async start(count) {
			const file = path.join(folder, 'web.config.cjs');
			const app = {
				name: 'web',
				script: path.join(nodejsImage, 'server.cjs'),
				instances: count,
				exec_mode: 'fork',
				increment_var: 'PORT',
				env: {PORT: firstPort},
			};
			writeFileSync(file, `module.exports = ${JSON.stringify({apps: [app]})};\n`);
			await run('start', file);
			await Promise.all(Array.from({length: count}, (_, index) => answers(firstPort + index)));
		},
		pid: () => Number(readFileSync(path.join(folder, 'pm2.pid'), 'utf8')),
		async end() {
			await run('kill');
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

function install(): string {
	const cache = path.join(
		process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
		'muster-bench',
		`pm2-${version}`,
	);
	const program = path.join(cache, 'node_modules/pm2/bin/pm2');
	if (!existsSync(program)) {
		mkdirSync(cache, {recursive: true});
		writeFileSync(path.join(cache, 'package.json'), '{"private": true}\n');
		execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `pm2@${version}`], {
			cwd: cache,
			stdio: ['ignore', 'ignore', 'inherit'],
		});
	}

	return program;
}

async function answers(port: number): Promise<void> {
	await until(
		`an answer on port ${port}`,
		30_000,
		() =>
			new Promise<true | undefined>(resolve => {
				const asked = request({host: '127.0.0.1', port, path: '/health', agent: false}, response => {
					response.resume();
					resolve(response.statusCode === 200 ? true : undefined);
				});
				asked.once('error', () => resolve(undefined)).end();
			}),
	);
}

export async function tookMs(run: () => Promise<unknown>): Promise<number> {
	const startMs = nowMs();
	await run();
	return nowMs() - startMs;
}
