import {execFileSync, spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {until} from './local-engine.ts';

const tools = {dockerd: '/usr/sbin/dockerd', unshare: '/usr/bin/unshare', busybox: '/bin/busybox', tar: '/bin/tar'};

/** Why there can be no Docker here; undefined: there can. */
export const dockerLack =
	process.getuid?.() === 0
		? Object.entries(tools)
				.filter(([, file]) => !existsSync(file))
				.map(([name]) => `this machine has no ${name}`)[0]
		: 'a Docker of its own takes root';

export const dockerImage = 'muster-test:1';

/** A dockerd of its own, without a network and with one image of a busybox; everything goes with `end`. */
export async function startDocker(): Promise<{
	socket: string;
	containers(): Promise<readonly string[]>;
	/** At once, leaving its files. */
	kill(): void;
	end(): Promise<void>;
}> {
	const folder = mkdtempSync(path.join(tmpdir(), 'md-'));
	const socket = path.join(folder, 'd.sock');
	const data = [
		'--data-root',
		path.join(folder, 'data'),
		'--exec-root',
		path.join(folder, 'exec'),
		'-p',
		path.join(folder, 'pid'),
	];
	const network = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
	const child = spawn(tools.unshare, ['--net', tools.dockerd, '-H', `unix://${socket}`, ...data, ...network], {
		stdio: 'ignore',
	});
	let isOver = false;
	child.once('exit', () => {
		isOver = true;
	});
	await until(
		() =>
			isOver ||
			ask(socket, 'GET', '/_ping').then(
				({status}) => status === 200,
				() => false,
			),
		Boolean,
		60_000,
	);
	if (isOver) throw new Error('dockerd ended');
	await ask(socket, 'POST', `/images/create?fromSrc=-&repo=${dockerImage.replace(':', '&tag=')}`, rootFolder(folder));
	return {
		socket,
		async containers() {
			const {body} = await ask(socket, 'GET', '/containers/json?all=1');
			return (JSON.parse(body) as Array<{Names: string[]}>).flatMap(({Names}) => Names);
		},
		kill: () => child.kill('SIGKILL'),
		async end() {
			child.kill('SIGTERM');
			await until(() => isOver, Boolean, 30_000);
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

/** A tar of a root with nothing but busybox in it. */
function rootFolder(folder: string): Buffer {
	const root = path.join(folder, 'root');
	mkdirSync(path.join(root, 'bin'), {recursive: true});
	copyFileSync(tools.busybox, path.join(root, 'bin/busybox'));
	for (const name of ['sh', 'sleep', 'cat', 'env', 'echo', 'kill', 'stty', 'nc', 'test'])
		symlinkSync('busybox', path.join(root, 'bin', name));
	return execFileSync(tools.tar, ['-c', '-C', root, '.'], {maxBuffer: 2 ** 26});
}

function ask(
	socketPath: string,
	method: string,
	target: string,
	sent?: Buffer,
): Promise<{status: number; body: string}> {
	return new Promise((resolve, reject) => {
		const asked = request({socketPath, method, path: target, headers: {host: 'docker'}}, response => {
			let body = '';
			response.setEncoding('utf8').on('data', data => {
				body += data;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, body}));
		});
		asked.on('error', reject);
		asked.end(sent);
	});
}
