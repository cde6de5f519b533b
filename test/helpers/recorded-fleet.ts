import type {InstanceStatus} from '../../source/core/model/index.ts';
import type {RoutingTable} from '../../source/orchestrator/balancer.ts';
import type {FleetCommand} from '../../source/orchestrator/fleet.ts';
import {Orchestrator} from '../../source/orchestrator/orchestrator.ts';
import {createMemoryStore} from '../../source/orchestrator/store/memory-store.ts';
import type {Persistence} from '../../source/orchestrator/store/persistence.ts';
import {createManualClock, type ManualClock} from './manual-clock.ts';
import {seededRandom} from './seeded-random.ts';

export type RecordedFleet = {
	readonly orchestrator: Orchestrator;
	readonly clock: ManualClock;
	/** Every command that an agent was sent. */
	readonly sent: Array<FleetCommand & {readonly nodeId: string}>;
	readonly tables: RoutingTable[];
	nodeId(name: string): string;
	/** The agent of a node says hello with these instances. */
	hello(node: string, statuses?: Readonly<Record<string, Partial<InstanceStatus>>>): boolean;
	/** It says how instances are. */
	report(node: string, statuses: Readonly<Record<string, Partial<InstanceStatus>>>): boolean;
};

/** An orchestrator whose nodes and gateway do nothing by themselves: the test says what they say. Three nodes, n1 to n3. */
export function createRecordedFleet(persistence?: Persistence): RecordedFleet {
	const clock = createManualClock();
	const sent: RecordedFleet['sent'] = [];
	const tables: RoutingTable[] = [];
	const store = createMemoryStore(persistence === undefined ? {} : {persistence});
	const orchestrator = new Orchestrator({
		store,
		clock,
		random: seededRandom(1),
		machine: {cpus: 8, memoryBytes: 2 ** 34},
		fleet: {
			send: (nodeId, commands) => sent.push(...commands.map(command => ({...command, nodeId}))),
			keepRunning() {},
			fence() {},
			release() {},
		},
		balancer: {publish: table => tables.push(table)},
	});
	orchestrator.start();
	const node = (name: string) => {
		const {id, generation} = store.byName('node', name) ?? {id: name, generation: 0};
		return [id, generation] as const;
	};
	const reports = (statuses: Readonly<Record<string, Partial<InstanceStatus>>>) =>
		Object.entries(statuses).map(([instanceId, status]) => ({
			instanceId,
			status: {state: 'running', at: clock.now(), health: 'none', endpoints: [], ...status} as const,
		}));
	return {
		orchestrator,
		clock,
		sent,
		tables,
		nodeId: name => node(name)[0],
		hello: (name, statuses = {}) => orchestrator.agentConnected(...node(name), reports(statuses)),
		report: (name, statuses) => orchestrator.agentReported(...node(name), reports(statuses)),
	};
}
