import {readdirSync} from 'node:fs';
import path from 'node:path';
import type {Home} from '../../backends/local/home.ts';
import {isRunning, type ProcessIdentity, signalProcess} from '../../backends/local/system/process-identity.ts';
import {findInstanceProcesses, findRoleProcesses} from '../../backends/local/system/process-scan.ts';
import {removeSecrets} from '../../backends/local/system/secret-folder.ts';
import {readTended} from '../../backends/local/tended.ts';
import type {Clock} from '../../core/clock.ts';
import {holdsRoom} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import {specVersionId} from '../../orchestrator/controllers/spec-versions.ts';
import type {StoreReader} from '../../orchestrator/store/store.ts';
import {removeLeftContainers} from '../leftovers/lost-containers.ts';
import {endNode, findAgents, removeSockets} from './fence.ts';
import type {GatewayLink} from './gateway-link.ts';
import type {LocalFleet} from './local-fleet.ts';

const pollMs = 50;
/** Beyond an instance's own grace period: for its agent to notice and write down its end. */
const marginMs = 3000;
const agentGraceMs = 2000;

export type StopAllParts = {
	readonly home: Home;
	readonly store: StoreReader;
	readonly clock: Clock;
	readonly fleet: LocalFleet;
	readonly gateway: GatewayLink;
};

/**
 * Ends every instance with its grace period, all at once, then the gateway and the agents; what is left by then is killed.
 * The controllers must be at rest: nothing of this is declared, so that the next start brings everything back.
 */
export async function stopAll(parts: StopAllParts): Promise<void> {
	const {home, store, clock, fleet, gateway} = parts;
	const declared = [...store.all('instance')].filter(({status}) => holdsRoom(status.state));
	const graceMs = Math.max(0, ...declared.map(instance => graceOf(store, instance)));
	const told = new Set<string>();
	await until(clock, graceMs + marginMs, () => {
		// Again and again: an agent may be connected only now.
		tellAll(parts, declared, told);
		return isQuiet(parts);
	});
	fleet.letGo();
	gateway.letGo();
	const names = new Set([...readdirSync(home.nodes), ...[...store.all('node')].map(({name}) => name)]);
	const tenders = Object.keys(readTended(home)).flatMap(context => findRoleProcesses(home.root, ['tend', context]));
	const roles = [...names]
		.flatMap(name => findAgents(home, name))
		.concat(findRoleProcesses(home.root, ['gateway']), tenders);
	await endProcesses(clock, roles);
	for (const name of names) {
		await endNode(home, name, clock);
	}

	await until(clock, marginMs, () => !findInstanceProcesses(home.root).some(left => signalProcess(left, 'SIGKILL')));
	// One that an agent started before it ended finds that it must not run.
	await until(clock, marginMs, () => findRoleProcesses(home.root, ['daemon']).length === 0);
	await removeLeftContainers(home, store);
	removeSecrets(home);
	removeSockets(home, path.basename(home.socket));
}

/** Once in each session of an agent. */
function tellAll({store, fleet}: StopAllParts, declared: readonly Instance[], told: Set<string>): void {
	const living = fleet.sessions.living();
	for (const {id: nodeId} of store.all('node')) {
		const agent = fleet.sessions.state(nodeId);
		const ids = new Set([
			...declared.filter(instance => instance.nodeId === nodeId).map(({id}) => id),
			...living.filter(instance => instance.nodeId === nodeId).map(({instanceId}) => instanceId),
		]);
		const untold = agent ? [...ids].filter(id => !told.has(`${agent.pid} ${id}`)) : [];
		if (agent && untold.length > 0) {
			fleet.send(
				nodeId,
				untold.map(instanceId => ({type: 'stop', instanceId, reason: 'muster was stopped'})),
			);
			for (const id of untold) {
				told.add(`${agent.pid} ${id}`);
			}
		}
	}
}

function isQuiet({home, fleet}: StopAllParts): boolean {
	return fleet.sessions.living().length === 0 && findInstanceProcesses(home.root).length === 0;
}

function graceOf(store: StoreReader, {serviceId, version}: Instance): number {
	return store.get('spec-version', specVersionId(serviceId, version))?.spec.template.stopGraceMs ?? 0;
}

async function endProcesses(clock: Clock, processes: readonly ProcessIdentity[]): Promise<void> {
	const left = () => processes.filter(one => isRunning(one));
	for (const one of left()) {
		signalProcess(one, 'SIGTERM');
	}

	if (!(await until(clock, agentGraceMs, () => left().length === 0))) {
		await until(clock, marginMs, () => !left().some(one => signalProcess(one, 'SIGKILL')));
	}
}

/** False: the time ran out first. */
async function until(clock: Clock, timeoutMs: number, isTrue: () => boolean): Promise<boolean> {
	const deadlineMs = clock.monotonicMs() + timeoutMs;
	while (!isTrue()) {
		if (clock.monotonicMs() >= deadlineMs) {
			return false;
		}

		await new Promise<void>(resolve => {
			clock.after(pollMs, resolve);
		});
	}

	return true;
}
