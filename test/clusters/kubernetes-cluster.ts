import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const sources = path.join(import.meta.dirname, 'kubernetes');

/** A real Kubernetes of this machine: see test/clusters/kubernetes/README.md. */
export type KubernetesCluster = {
	readonly dir: string;
	readonly kubeconfig: string;
	/** SIGKILL of a node (`node-2`) or a component (`kube-apiserver`), and its start. */
	stop(name: string): Promise<void>;
	start(name: string): Promise<void>;
	end(): Promise<void>;
};

/** Where the program lies once it is built: outside the tree, for each state of its sources. */
export function clusterBinary(env: NodeJS.ProcessEnv = process.env): string {
	const hash = createHash('sha256');
	for (const name of readdirSync(sources)
		.filter(file => /\.(go|mod|sum|sh)$/.test(file))
		.toSorted()) {
		hash.update(`${name}\0`).update(readFileSync(path.join(sources, name)));
	}

	const cache = env.XDG_CACHE_HOME || path.join(env.HOME ?? tmpdir(), '.cache');
	return path.join(cache, 'muster-test', `kube-cluster-${hash.digest('hex').slice(0, 16)}`);
}

/** Builds it where it is not there: minutes the first time. Whole or not at all, since several may build at once. */
export async function buildCluster(): Promise<string> {
	const binary = clusterBinary();
	if (!existsSync(binary)) {
		mkdirSync(path.dirname(binary), {recursive: true});
		const unfinished = `${binary}.${process.pid}.tmp`;
		await run(path.join(sources, 'build.sh'), [unfinished], {maxBuffer: 2 ** 26});
		renameSync(unfinished, binary);
	}

	return binary;
}

const readyMs = 120_000;

/** Up and Ready. */
export async function startCluster(flags: readonly string[] = ['--nodes', '3']): Promise<KubernetesCluster> {
	const binary = await buildCluster();
	const dir = path.join(mkdtempSync(path.join(tmpdir(), 'muster-k8s-')), 'c');
	// A kubelet that is killed leaves its temporary folder: it goes with the cluster's.
	const env = {...process.env, TMPDIR: path.dirname(dir)};
	const process_ = spawn(binary, ['up', '--dir', dir, ...flags], {env, stdio: ['ignore', 'pipe', 'pipe']});
	await ready(process_);
	const control = async (verb: string, name: string) => {
		await run(binary, [verb, '--dir', dir, name]);
	};
	return {
		dir,
		kubeconfig: path.join(dir, 'kubeconfig'),
		stop: name => control('stop', name),
		start: name => control('start', name),
		async end() {
			const ended = new Promise(resolve => process_.once('exit', resolve));
			process_.kill('SIGTERM');
			await ended;
			rmSync(path.dirname(dir), {recursive: true, force: true});
		},
	};
}

function ready(process_: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		let said = '';
		const timer = setTimeout(() => reject(new Error(`the cluster is not up after 2 minutes:\n${said}`)), readyMs);
		const hear = (data: Buffer) => {
			said += data.toString('utf8');
			if (said.includes('READY')) {
				clearTimeout(timer);
				resolve();
			}
		};
		process_.stdout?.on('data', hear);
		process_.stderr?.on('data', hear);
		process_.once('exit', code => {
			clearTimeout(timer);
			reject(new Error(`the cluster ended with ${code}:\n${said}`));
		});
	});
}
