import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {parseEndpoint, type TlsFiles} from '../../../source/backends/swarm/connection/endpoint.ts';
import {openSwarm} from '../../../source/backends/swarm/open.ts';
import type {Backend} from '../../../source/core/backend.ts';
import {until} from '../../helpers/local-engine.ts';
import type {Cluster} from '../rig.ts';

/** A swarm that test/clusters/swarm/up has made: the folder with its cluster.json. */
const state = process.env.MUSTER_TEST_SWARM;

export type SwarmNode = {
	readonly name: string;
	readonly role: string;
	readonly address: string;
	readonly socket: string;
	readonly tcp?: string;
};

export type LiveSwarm = {readonly state: string; readonly certs: string | null; readonly nodes: readonly SwarmNode[]};

/** Why the tests that want one are skipped; undefined: there is one. */
export function whyNoSwarm(): string | undefined {
	return state === undefined ? 'no swarm: MUSTER_TEST_SWARM names none (scripts/swarm.ts makes one)' : undefined;
}

export function liveSwarm(): LiveSwarm {
	return JSON.parse(readFileSync(path.join(state ?? '', 'cluster.json'), 'utf8')) as LiveSwarm;
}

/** By its socket, or by TLS where it has that. */
export async function openNode({socket, tcp}: SwarmNode): Promise<Backend> {
	const {certs, state: folder} = liveSwarm();
	if (tcp !== undefined && certs !== null) {
		const [ca, cert, key] = ['ca', 'cert', 'key'].map(name => readFileSync(path.join(certs, `${name}.pem`), 'utf8'));
		return openSwarm({name: 'swarm:test', endpoints: [parseEndpoint(tcp, 'the test', {ca, cert, key} as TlsFiles)]});
	}

	return openSwarm({
		name: 'swarm:test',
		endpoints: [parseEndpoint(`unix://${socket}`, 'the test')],
		nodeTemplate: `unix://${folder}/{name}.sock`,
	});
}

/** A worker, with or without the way to the other nodes. */
export async function openWorker(node: SwarmNode, isWayKnown: boolean): Promise<Backend> {
	const first = liveSwarm().nodes[0] as SwarmNode;
	const endpoint = parseEndpoint(`unix://${node.socket}`, 'the test');
	const others = isWayKnown ? [parseEndpoint(`unix://${first.socket}`, 'the test')] : [];
	return openSwarm({name: 'swarm:test', endpoints: [endpoint, ...others]});
}

/** `stop 3`, `start 3`, `cut 3`, `mend 3`, `shutdown 3`: what test/clusters/swarm/swarm does to a node. */
export async function control(verb: string, node: string): Promise<void> {
	const script = path.resolve(import.meta.dirname, '../../clusters/swarm/swarm');
	await promisify(execFile)(script, [verb, node, '--state', liveSwarm().state], {timeout: 120_000});
}

/** Runs the docker command on the first node, and answers with what it prints. */
export async function docker(...args: readonly string[]): Promise<string> {
	return dockerOn(liveSwarm().nodes[0] as SwarmNode, ...args);
}

export async function dockerOn({socket}: SwarmNode, ...args: readonly string[]): Promise<string> {
	const {stdout} = await promisify(execFile)('docker', ['-H', `unix://${socket}`, ...args], {timeout: 60_000});
	return stdout;
}

/** The engine of one node, whatever swarm it is of, by its socket. */
export async function openAlone({socket}: SwarmNode): Promise<Backend> {
	return openSwarm({name: 'swarm:alone', endpoints: [parseEndpoint(`unix://${socket}`, 'the test')]});
}

export async function openFirst(): Promise<Backend> {
	const [first] = liveSwarm().nodes;
	if (first === undefined) throw new Error('a swarm without nodes');
	return openNode(first);
}

export async function openLive(timeoutMs: number): Promise<Cluster> {
	const backend = await openFirst();
	return {
		backend,
		async until(what, condition) {
			await until(condition, Boolean, timeoutMs).catch(cause => {
				throw new Error(`after ${timeoutMs / 1000} seconds: ${what} has not come about`, {cause});
			});
		},
		async end() {
			backend.close();
		},
	};
}
