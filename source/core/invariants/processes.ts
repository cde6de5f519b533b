import {holdsRoom} from '../instance-state.ts';
import type {Instance} from '../model/index.ts';

/** A process of an instance that was found alive on its node. */
export type LiveProcess = {
	readonly instanceId: string;
	readonly instanceName: string;
	readonly serviceId: string;
	readonly slot: number;
	readonly nodeId: string;
	readonly nodeGeneration: number;
};

/** Slots with more than one live process, but for two of which the younger replaces the older. */
export function doubledSlots(
	processes: readonly LiveProcess[],
	instanceOf: (id: string) => Instance | undefined,
): string[] {
	const bySlot = new Map<string, LiveProcess[]>();
	for (const process of processes) {
		const key = slotKey(process);
		const others = bySlot.get(key);
		others === undefined ? bySlot.set(key, [process]) : others.push(process);
	}

	return [...bySlot.values()]
		.filter(same => same.length > 1 && !isHandover(same, instanceOf))
		.map(same => `a slot runs more than once: ${same.map(describe).join(', ')}`);
}

/** Replicated and job: the number; global (slot 0): the node. */
export function slotKey({serviceId, slot, nodeId}: Pick<LiveProcess, 'serviceId' | 'slot' | 'nodeId'>): string {
	return slot === 0 ? `${serviceId} on ${nodeId}` : `${serviceId} ${slot}`;
}

function isHandover(same: readonly LiveProcess[], instanceOf: (id: string) => Instance | undefined): boolean {
	const [a, b] = same.map(({instanceId}) => instanceOf(instanceId));
	return same.length === 2 && a !== undefined && b !== undefined && (a.replaces === b.id || b.replaces === a.id);
}

/** Once all has come to rest: processes that belong to no live instance there, and running instances without one. */
export function strayProcesses(processes: readonly LiveProcess[], instances: readonly Instance[]): string[] {
	const live = new Map(
		instances.filter(({status}) => holdsRoom(status.state)).map(instance => [instance.id, instance]),
	);
	const orphans = processes.filter(({instanceId, nodeId, nodeGeneration}) => {
		const instance = live.get(instanceId);
		return instance?.nodeId !== nodeId || instance.nodeGeneration !== nodeGeneration;
	});
	const found = new Set(processes.map(({instanceId}) => instanceId));
	const missing = [...live.values()].filter(({id, status}) => status.state === 'running' && !found.has(id));
	return [
		...orphans.map(process => `orphan process: ${describe(process)}`),
		...missing.map(({name, id}) => `${name} (${id}) is running without a process`),
	];
}

function describe({instanceName, instanceId, nodeId, nodeGeneration}: LiveProcess): string {
	return `${instanceName} (${instanceId}) on ${nodeId} generation ${nodeGeneration}`;
}
