import {execFileSync, spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {until} from './local-engine.ts';

const tools = {unshare: '/usr/bin/unshare', busybox: '/bin/busybox', tar: '/bin/tar'};

export type EngineName = 'docker' | 'podman';

const programs: Readonly<Record<EngineName, string>> = {docker: '/usr/sbin/dockerd', podman: '/usr/bin/podman'};

/** Why there can be no such engine here; undefined: there can. */
export function engineLack(engine: EngineName): string | undefined {
	if (engine === 'podman' && !process.env.MUSTER_TEST_PODMAN) {
		return 'npm run test:containers asks it, too';
	}

	if (process.getuid?.() !== 0) {
		return `a ${engine} of its own takes root`;
	}

	const file = [programs[engine], ...Object.values(tools)].find(needed => !existsSync(needed));
	return file === undefined ? undefined : `this machine has no ${path.basename(file)}`;
}

export const dockerLack = engineLack('docker');

export const dockerImage = 'muster-test:1';

export type ContainerEngine = {
	readonly socket: string;
	containers(): Promise<readonly string[]>;
	/** At once, leaving its files. */
	kill(): void;
	end(): Promise<void>;
};

/** A container engine of its own, apart from the machine's network and with one image of a busybox; everything goes with `end`. */
export async function startEngine(engine: EngineName): Promise<ContainerEngine> {
	const folder = mkdtempSync(path.join(tmpdir(), 'md-'));
	const socket = path.join(folder, 'd.sock');
	const {args, env} = engine === 'docker' ? dockerd(folder, socket) : podman(folder, socket);
	const child = spawn(tools.unshare, ['--net', programs[engine], ...args], {
		stdio: 'ignore',
		env: {...process.env, ...env},
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
	if (isOver) throw new Error(`${engine} ended`);
	await putImage(socket, rootFolder(folder));
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

type Start = {readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv};

function dockerd(folder: string, socket: string): Start {
	const folders = {'--data-root': 'data', '--exec-root': 'exec', '-p': 'pid'};
	const data = Object.entries(folders).flatMap(([flag, name]) => [flag, path.join(folder, name)]);
	const network = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
	return {args: ['-H', `unix://${socket}`, ...data, ...network], env: {}};
}

function podman(folder: string, socket: string): Start {
	const storage = path.join(folder, 'storage.conf');
	writeFileSync(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/data"\nrunroot = "${folder}/exec"\n`);
	const containers = path.join(folder, 'containers.conf');
	// It asks for more than a container of a test machine may have.
	writeFileSync(containers, '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n');
	return {
		args: ['system', 'service', '--time=0', `unix://${socket}`],
		env: {CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers},
	};
}

async function putImage(socket: string, root: Buffer): Promise<void> {
	const [repo, tag] = dockerImage.split(':');
	await ask(socket, 'POST', `/images/create?fromSrc=-&repo=${repo}&tag=${tag}`, root);
	// Podman does not hear the tag.
	if ((await ask(socket, 'GET', `/images/${dockerImage}/json`)).status === 404) {
		await ask(socket, 'POST', `/images/${repo}/tag?repo=${repo}&tag=${tag}`);
	}
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
