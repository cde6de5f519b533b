import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const script = path.join(import.meta.dirname, 'swarm', 'swarm');

/** A real swarm of this machine: see test/clusters/swarm/README.md. */
export type SwarmCluster = {
	/** The folder with its cluster.json. */
	readonly state: string;
	end(): Promise<void>;
};

/** Why none can be made here; undefined: one can. */
export function whyNoCluster(): string | undefined {
	if (process.platform !== 'linux') return 'its nodes are network namespaces of Linux';
	if (process.getuid?.() !== 0) return 'its nodes are network namespaces, which only root makes';
	const found = (name: string) =>
		(process.env.PATH ?? '').split(':').some(folder => existsSync(path.join(folder, name)));
	return found('dockerd') || found('apt-get') ? undefined : 'there is neither dockerd nor apt-get to install it';
}

/** Up and ready, within minutes where docker is to be installed first. `name` and `subnet` tell it from others on the machine. */
export async function startSwarm(
	flags: readonly string[],
	{name, subnet}: {readonly name: string; readonly subnet: string},
): Promise<SwarmCluster> {
	const state = path.join(mkdtempSync(path.join(tmpdir(), 'muster-sw-')), 's');
	// A node is missed after three heartbeats.
	const env = {
		...process.env,
		SWARM_STATE: state,
		SWARM_NAME: name,
		SWARM_SUBNET: subnet,
		SWARM_HEARTBEAT: '1s',
		SWARM_OWNER: String(process.pid),
	};
	const end = async () => {
		await run(script, ['down'], {env, timeout: 120_000});
		rmSync(path.dirname(state), {recursive: true, force: true});
	};
	try {
		// A run that was killed in the middle has left its swarm, or the namespaces of it.
		await run(script, ['clear'], {env, timeout: 60_000});
		await run(script, ['up', ...flags], {env, timeout: 420_000, maxBuffer: 2 ** 26});
	} catch (error) {
		await end().catch(() => {});
		const {stderr, message} = error as {stderr?: string; message: string};
		throw new Error(`the swarm did not come up: ${stderr || message}`, {cause: error});
	}

	return {state, end};
}
