import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseEndpoint} from '../../source/backends/swarm/connection/endpoint.ts';
import {openSwarm} from '../../source/backends/swarm/open.ts';
import type {Backend} from '../../source/core/backend.ts';
import {startSwarm} from '../../test/clusters/swarm-cluster.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A swarm of three nodes of this machine, a service `web` on it, and a home for muster. */
export type Place = {
	/** Of the manager's engine. */
	readonly socket: string;
	/** Has a socket for each node: node1.sock … */
	readonly state: string;
	readonly home: string;
	/** Milliseconds that the command took; throws what it said when it fails. */
	docker(...args: readonly string[]): number;
	muster(...args: readonly string[]): number;
	floor(): number;
	open(): Promise<Backend>;
	end(): Promise<void>;
};

export async function makePlace(): Promise<Place> {
	const cluster = await startSwarm(['3'], {name: 'mbs', subnet: '10.213.90'});
	const home = mkdtempSync(path.join(tmpdir(), 'muster-bench-'));
	const {nodes} = JSON.parse(readFileSync(path.join(cluster.state, 'cluster.json'), 'utf8')) as {
		nodes: ReadonlyArray<{socket: string}>;
	};
	const socket = nodes[0]?.socket ?? '';
	const env = {...process.env, DOCKER_HOST: `unix://${socket}`, MUSTER_HOME: home, MUSTER_CONTEXT: 'swarm:env'};
	const run = (command: string, args: readonly string[]) => {
		const start = performance.now();
		const {status, stderr} = spawnSync(command, args, {cwd: root, env, encoding: 'utf8'});
		if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
		return performance.now() - start;
	};
	const docker = (...args: readonly string[]) => run('docker', args);
	docker('service', 'create', '-q', '--no-resolve-image', '--name', 'web', '--replicas', '3', 'web:1');
	return {
		socket,
		state: cluster.state,
		home,
		docker,
		muster: (...args) => run('sh', ['bin/muster', ...args]),
		floor: () => run('sh', ['bin/node', '-e', '0']),
		open: () => openSwarm({name: 'bench', endpoints: [parseEndpoint(`unix://${socket}`, 'the bench')]}),
		async end() {
			await cluster.end();
			rmSync(home, {recursive: true, force: true});
		},
	};
}

const hangsAfterMs = 90_000;

/** Looks until it is so; throws when that takes too long. */
export async function until(
	what: string,
	condition: () => boolean | Promise<boolean>,
	everyMs: number,
	deadlineMs = hangsAfterMs,
): Promise<void> {
	const startedMs = performance.now();
	while (!(await condition())) {
		if (performance.now() - startedMs > deadlineMs) throw new Error(`after ${deadlineMs / 1000} s: ${what} is not so`);
		await sleep(everyMs);
	}
}

/** Each round's figure over its peer's. */
export function ratios(own: readonly number[], peer: readonly number[]): number[] {
	return own.map((ms, index) => ms / (peer[index] ?? Number.NaN));
}
