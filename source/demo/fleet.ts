import {holdsRoom, isFinal} from '../core/instance-state.ts';
import {heartbeatMs} from '../core/lease.ts';
import type {Random} from '../core/model/id.ts';
import type {Instance, InstanceStatus} from '../core/model/index.ts';
import type {Fleet, FleetCommand, FleetEvents, InstanceReport, NodeIdentity} from '../orchestrator/fleet.ts';
import {behaviorVariable, parseBehavior} from '../orchestrator/simulated/behavior.ts';
import {between, type Range} from '../orchestrator/simulated/random.ts';
import type {StoreReader} from '../orchestrator/store/store.ts';
import {tickMs, type Wheel} from './wheel.ts';

const pace = {
	startAgentMs: [300, 1200],
	fenceMs: [300, 900],
	prepareMs: [100, 400],
	startMs: [100, 300],
	failsAfterMs: [400, 3500],
	sickensAfterMs: [3000, 20_000],
} as const satisfies Record<string, Range>;

const beatTicks = heartbeatMs / tickMs;
const codeOfSigterm = 143;

/** `heardTick`: when it last told anything. */
type Agent = NodeIdentity & {isHung: boolean; heardTick: number};

export type DemoFleetParts = {
	readonly wheel: Wheel;
	readonly random: Random;
	readonly now: () => number;
	/** What agents know of their instances: the demo keeps nothing twice. */
	readonly store: StoreReader;
	readonly events: () => FleetEvents;
};

/** Agents that play what they are asked for: nothing runs, and what they tell of one tick they tell together. */
export class DemoFleet implements Fleet {
	readonly #parts: DemoFleetParts;
	readonly #agents = new Map<string, Agent>();
	/** Asked for; its agent may still be starting. */
	readonly #kept = new Map<string, NodeIdentity>();
	#reports = new Map<string, Map<string, InstanceReport>>();
	#port = 40_000;
	#tick = 0;

	constructor(parts: DemoFleetParts) {
		this.#parts = parts;
		parts.wheel.each(tick => this.#tell(tick));
	}

	keepRunning(node: NodeIdentity): void {
		this.#kept.set(node.id, node);
		this.#later('startAgentMs', () => {
			if (this.#kept.get(node.id) === node) {
				this.#connect({...node, isHung: false, heardTick: this.#tick});
			}
		});
	}

	fence(node: NodeIdentity): void {
		this.release(node);
		this.#later('fenceMs', () => this.#parts.events().fenced(node.id, node.generation));
	}

	release({id}: NodeIdentity): void {
		this.#kept.delete(id);
		this.#agents.delete(id);
		this.#reports.delete(id);
	}

	send(nodeId: string, commands: readonly FleetCommand[]): void {
		for (const command of this.#agents.has(nodeId) ? commands : []) {
			if (command.type === 'run') {
				this.#prepare(command.assignment.instanceId, command.assignment.targets);
			} else if (command.type === 'stop') {
				this.#stop(command.instanceId, command.reason);
			}
		}
	}

	/** Its agent says nothing for a while. */
	hang(nodeId: string, forMs: number): void {
		const agent = this.#agents.get(nodeId);
		if (agent !== undefined) {
			agent.isHung = true;
			this.#parts.wheel.after(forMs, () => {
				agent.isHung = false;
			});
		}
	}

	/** Ends what runs, by itself or by a signal. */
	end(id: string, end: {readonly exitCode: number; readonly reason: string}): void {
		this.#change(id, ({status}) => ({...this.#ended(status), state: 'failed', ...end}));
	}

	/** What an agent tells of an instance that lives; nothing is said of one that does not. */
	report(id: string, change: Partial<InstanceStatus>): void {
		this.#change(id, ({status}) => ({...status, ...change}));
	}

	#connect(agent: Agent): void {
		const reports = [...this.#parts.store.instancesOnNode(agent.id)]
			.filter(({status, nodeGeneration}) => nodeGeneration === agent.generation && isTakenUp(status))
			.map(({id, status}) => ({instanceId: id, status}));
		this.#agents.set(agent.id, agent);
		if (!this.#parts.events().agentConnected(agent.id, agent.generation, reports)) {
			this.#agents.delete(agent.id);
		}
	}

	#prepare(id: string, targets: readonly number[]): void {
		const endpoints = targets.map(target => ({target, host: '127.0.0.1', port: this.#nextPort()}));
		this.#change(id, () => ({state: 'preparing', at: this.#parts.now(), health: 'none', endpoints}));
		this.#later('prepareMs', () => this.#start(id));
	}

	#start(id: string): void {
		const behavior = this.#behaviorOf(id);
		if (behavior !== undefined && this.#happens(behavior.reject)) {
			const image = this.#parts.store.get('instance', id)?.image ?? '';
			const reason = `there is no image named ${image} on this node`;
			this.#change(id, ({status}) => ({...this.#ended(status), state: 'rejected', reason}));
			return;
		}

		this.#change(id, ({status}) => ({...status, state: 'starting', at: this.#parts.now()}));
		this.#later('startMs', () => this.#run(id));
	}

	#run(id: string): void {
		const behavior = this.#behaviorOf(id);
		const check = this.#healthCheckOf(id);
		const startedAt = this.#parts.now();
		const health = check === undefined ? 'none' : 'starting';
		const pid = between(this.#parts.random, [1000, 60_000]);
		this.#change(id, ({status}) => ({...status, state: 'running', at: startedAt, startedAt, pid, health}));
		if (behavior === undefined) {
			return;
		}

		const {exitCode, warmUpMs} = behavior;
		const end = (code: number) => this.end(id, {exitCode: code, reason: `exit code ${code}`});
		if (this.#happens(behavior.fail)) {
			this.#later('failsAfterMs', () => end(exitCode === 0 ? 1 : exitCode));
		} else if (check !== undefined) {
			const warmMs = between(this.#parts.random, warmUpMs) + 500;
			this.#parts.wheel.after(warmMs, () => this.report(id, {health: 'healthy'}));
			if (this.#happens(behavior.sicken)) {
				const afterMs = warmMs + between(this.#parts.random, pace.sickensAfterMs);
				this.#parts.wheel.after(afterMs, () => this.sicken(id));
			}
		}

		if (behavior.lifeMs !== undefined) {
			this.#parts.wheel.after(between(this.#parts.random, behavior.lifeMs), () =>
				exitCode === 0
					? this.#change(id, ({status}) => ({...this.#ended(status), state: 'completed', exitCode}))
					: end(exitCode),
			);
		}
	}

	/** Its health check fails from now on. */
	sicken(id: string): void {
		this.report(id, {health: 'unhealthy', healthMessage: 'GET /healthz answered 503 Service Unavailable'});
	}

	#stop(id: string, reason: string): void {
		this.#parts.wheel.after(between(this.#parts.random, [100, 500]), () =>
			this.#change(id, ({status}) => ({
				...this.#ended(status),
				state: 'stopped',
				reason,
				...(status.startedAt !== undefined && {exitCode: codeOfSigterm}),
			})),
		);
	}

	#ended({reason: _, healthMessage: __, ...status}: InstanceStatus): InstanceStatus {
		const now = this.#parts.now();
		return {...status, at: now, finishedAt: now, health: 'none'};
	}

	/** Told with all else of this tick; only of what lives, and by the agent that has it. */
	#change(id: string, next: (instance: Instance) => InstanceStatus): void {
		const instance = this.#parts.store.get('instance', id);
		const nodeId = instance?.nodeId ?? '';
		const agent = this.#agents.get(nodeId);
		if (instance === undefined || agent === undefined || agent.isHung || instance.nodeGeneration !== agent.generation) {
			return;
		}

		let told = this.#reports.get(nodeId);
		if (told === undefined) {
			told = new Map();
			this.#reports.set(nodeId, told);
		}

		const latest = {...instance, status: told.get(id)?.status ?? instance.status};
		if (!isFinal(latest.status.state)) {
			told.set(id, {instanceId: id, status: next(latest)});
		}
	}

	#tell(tick: number): void {
		this.#tick = tick;
		const reports = this.#reports;
		this.#reports = new Map();
		const events = this.#parts.events();
		for (const agent of this.#agents.values()) {
			const told = reports.get(agent.id);
			if (told !== undefined) {
				agent.heardTick = tick;
				events.agentReported(agent.id, agent.generation, [...told.values()]);
			} else if (!agent.isHung && tick - agent.heardTick >= beatTicks) {
				agent.heardTick = tick;
				events.agentHeartbeat(agent.id, agent.generation);
			}
		}
	}

	#behaviorOf(id: string) {
		const template = this.#templateOf(id);
		return template && parseBehaviorOf(template.env[behaviorVariable]);
	}

	#healthCheckOf(id: string) {
		return this.#templateOf(id)?.health;
	}

	#templateOf(id: string) {
		const {store} = this.#parts;
		const instance = store.get('instance', id);
		return instance && store.get('spec-version', `${instance.serviceId}.${instance.version}`)?.spec.template;
	}

	#happens(chance: number): boolean {
		return chance >= 1 || this.#parts.random() < chance;
	}

	#nextPort(): number {
		this.#port = this.#port >= 60_000 ? 40_000 : this.#port + 1;
		return this.#port;
	}

	#later(what: keyof typeof pace, run: () => void): void {
		this.#parts.wheel.after(between(this.#parts.random, pace[what]), run);
	}
}

function isTakenUp({state}: InstanceStatus): boolean {
	return holdsRoom(state) && state !== 'assigned';
}

/** What a user has written there may be nonsense; then it runs as all others do. */
function parseBehaviorOf(text = ''): ReturnType<typeof parseBehavior> {
	try {
		return parseBehavior(text);
	} catch {
		return parseBehavior('');
	}
}
