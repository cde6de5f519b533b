import {statfsSync, statSync} from 'node:fs';
import type {Home} from '../../backends/local/home.ts';
import type {ComponentHealth} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import type {Node} from '../../core/model/index.ts';
import {formatBytes} from '../../core/text/units.ts';
import type {Orchestrator} from '../../orchestrator/orchestrator.ts';
import type {RemoteAccess} from '../access/remote-access.ts';
import type {GatewayLink} from '../processes/gateway-link.ts';
import type {LocalFleet} from '../processes/local-fleet.ts';
import type {LoopLateness} from './loop-lateness.ts';

const lateMs = 500;
const silentMs = 2500;
const littleDiskBytes = 512 * 2 ** 20;

export type HealthParts = {
	readonly home: Home;
	readonly clock: Clock;
	readonly startedAt: number;
	readonly lateness: LoopLateness;
	readonly orchestrator: Orchestrator;
	readonly fleet: LocalFleet;
	readonly gateway: GatewayLink;
	readonly access: RemoteAccess;
};

/** Each part of the local control plane, in the order a fault should be looked for. */
export function componentHealth(parts: HealthParts): ComponentHealth[] {
	const nodes = [...parts.orchestrator.store.all('node')].toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return [
		daemonHealth(parts),
		storeHealth(parts),
		diskHealth(parts),
		gatewayHealth(parts),
		...remoteHealth(parts),
		...nodes.map(node => agentHealth(parts, node)),
	];
}

function daemonHealth({clock, startedAt, lateness}: HealthParts): ComponentHealth {
	const {worstMs} = lateness;
	const seconds = Math.round((clock.now() - startedAt) / 1000);
	return {
		name: 'daemon',
		state: worstMs > lateMs ? 'warning' : 'ok',
		message: `process ${process.pid}, up ${seconds} s, ${formatBytes(process.memoryUsage.rss())}, at most ${worstMs} ms late`,
	};
}

function storeHealth({home, orchestrator: {store, storageError}}: HealthParts): ComponentHealth {
	const bytes = sizeOf(home.store) + sizeOf(`${home.store}-wal`);
	return storageError
		? {name: 'store', state: 'failed', message: storageError.message}
		: {name: 'store', state: 'ok', message: `revision ${store.revision}, ${formatBytes(bytes)}`};
}

function sizeOf(file: string): number {
	return statSync(file, {throwIfNoEntry: false})?.size ?? 0;
}

function diskHealth({home}: HealthParts): ComponentHealth {
	const {bavail, bsize} = statfsSync(home.state);
	const freeBytes = bavail * bsize;
	return {
		name: 'disk',
		state: freeBytes < littleDiskBytes ? 'warning' : 'ok',
		message: `${formatBytes(freeBytes)} free in ${home.state}`,
	};
}

function gatewayHealth({gateway: {state}}: HealthParts): ComponentHealth {
	if (!state.isConnected) {
		return {name: 'gateway', state: 'warning', message: 'not connected'};
	}

	if (state.silentMs > silentMs) {
		return {
			name: 'gateway',
			state: 'warning',
			message: `process ${state.pid}, silent for ${Math.round(state.silentMs)} ms`,
		};
	}

	return state.failed.length > 0
		? {name: 'gateway', state: 'failed', message: state.failed.join('; ')}
		: {name: 'gateway', state: 'ok', message: `process ${state.pid}, ${state.connections} connections`};
}

/** Only where it is to listen for other machines. */
function remoteHealth({access: {listening, board}}: HealthParts): ComponentHealth[] {
	if (!listening) {
		return [];
	}

	const {host, port, failed} = listening;
	return [
		failed === undefined
			? {name: 'api', state: 'ok', message: `listens on ${host} port ${port}, ${board.list().length} have access`}
			: {name: 'api', state: 'failed', message: failed},
	];
}

function agentHealth({fleet}: HealthParts, node: Node): ComponentHealth {
	const name = `agent ${node.name}`;
	if (node.status.state === 'down') {
		return {name, state: 'failed', message: `node is down: ${node.status.message ?? 'silent'}`};
	}

	const agent = fleet.sessions.state(node.id);
	if (!agent) {
		return {name, state: 'warning', message: 'not connected'};
	}

	const silent = Math.round(agent.silentMs);
	return {
		name,
		state: agent.silentMs > silentMs ? 'warning' : 'ok',
		message: `process ${agent.pid}, ${node.instances} instances, heard of ${silent} ms ago`,
	};
}
