import {isFinal} from '../../core/instance-state.ts';
import {heartbeatMs} from '../../core/lease.ts';
import type {InstanceStatus} from '../../core/model/index.ts';
import type {FleetCommand, InstanceReport} from '../fleet.ts';
import {Connection} from './connection.ts';
import {type KeptInstance, observedStatus} from './kept-instance.ts';
import type {SimulatedNode} from './node.ts';
import {between, type Range} from './random.ts';
import type {World} from './world.ts';

/** How long an agent takes for what it does. */
const pace = {
	prepareMs: [5, 150],
	/** An image that is not there yet. */
	pullMs: [100, 6000],
	removeMs: [10, 900],
	startMs: [5, 60],
	noticeMs: [0, 80],
	batchMs: [0, 60],
	reconnectMs: [100, 500],
	heartbeatMs: [heartbeatMs * 0.8, heartbeatMs * 1.2],
} as const satisfies Record<string, Range>;

/** That a container's image has to be brought first. */
const pullChance = 0.3;
/** That a heartbeat is followed by a report of everything, told before or not. */
const repeatChance = 0.05;

/** A node's agent: dies and hangs as it is told to, and otherwise runs what the daemon asks for. */
export class SimulatedAgent {
	readonly node: SimulatedNode;
	readonly generation: number;
	isAlive = true;
	readonly #world: World;
	#isHung = false;
	/** Since when it has been connected and has not hung, on the monotonic clock. */
	#soundSinceMs: number | undefined;
	/** What fell due while it hung. */
	readonly #missed: Array<() => void> = [];
	#connection: Connection | undefined;
	readonly #untold = new Map<string, InstanceStatus>();

	constructor(world: World, node: SimulatedNode, generation: number) {
		this.#world = world;
		this.node = node;
		this.generation = generation;
	}

	/** Takes up what an earlier agent left, and says hello. */
	begin(): void {
		for (const kept of this.node.kept.values()) {
			this.#adopt(kept);
		}

		this.#connect();
		this.#beat();
	}

	/** Does it after the delay, unless it is dead by then; when it hangs, once it goes on. */
	later(delayMs: number, run: () => void): void {
		this.#world.clock.after(delayMs, () => {
			if (this.#isHung) {
				this.#missed.push(run);
			} else if (this.isAlive) {
				run();
			}
		});
	}

	die(): void {
		this.isAlive = false;
		this.#isHung = false;
		this.#missed.length = 0;
		this.#connection?.endedByAgent();
	}

	/** How long it has done its part: connected, and going on. */
	get soundForMs(): number {
		return this.#soundSinceMs === undefined ? 0 : this.#world.clock.monotonicMs() - this.#soundSinceMs;
	}

	/** SIGSTOP: instances go on. */
	hang(): void {
		this.#isHung = this.isAlive;
		this.#soundSinceMs = undefined;
	}

	/** SIGCONT: reads and does first what waited. */
	goOn(): void {
		this.#isHung = false;
		this.#soundSinceMs = this.#connection === undefined ? undefined : this.#world.clock.monotonicMs();
		for (let run = this.#missed.shift(); run && this.isAlive; run = this.#missed.shift()) {
			run();
		}
	}

	/** A process changed; noticed a little later. */
	processChanged(kept: KeptInstance): void {
		this.later(this.#take('noticeMs'), () => this.#look(kept));
	}

	disconnected(connection: Connection): void {
		if (this.#connection === connection) {
			this.#connection = undefined;
			this.#soundSinceMs = undefined;
			this.later(this.#take('reconnectMs'), () => this.#connect());
		}
	}

	/** The stream breaks; both sides go on. */
	loseConnection(): void {
		const connection = this.#connection;
		if (connection !== undefined) {
			connection.endedByAgent();
			this.disconnected(connection);
		}
	}

	/** Its generation is over: it goes without touching anything. */
	refused(): void {
		this.node.agentExits();
	}

	receive(commands: readonly FleetCommand[]): void {
		for (const command of commands) {
			if (command.type === 'run') {
				this.#run(command.assignment.instanceId, command);
			} else {
				const kept = this.node.kept.get(command.instanceId);
				if (kept !== undefined) {
					this.#obey(kept, command);
				}
			}
		}
	}

	#obey(kept: KeptInstance, command: Exclude<FleetCommand, {type: 'run'}>): void {
		switch (command.type) {
			case 'stop':
				this.#stop(kept, command.reason);
				break;
			case 'forget':
				this.#forget(kept);
				break;
			case 'files':
				kept.files = command.files;
		}
	}

	#run(id: string, {assignment, files}: Extract<FleetCommand, {type: 'run'}>): void {
		const known = this.node.kept.get(id);
		if (known !== undefined) {
			known.files = files;
			this.#report(known);
			this.later(this.#take('prepareMs'), () => this.#start(known));
			return;
		}

		const now = this.#world.clock.now();
		const endpoints = assignment.targets.map(target => ({target, host: '127.0.0.1', port: this.#world.nextPort++}));
		const status: InstanceStatus = {state: 'preparing', at: now, health: 'none', endpoints};
		const kept: KeptInstance = {assignment, files, isForgotten: false, status};
		this.node.kept.set(id, kept);
		this.#report(kept);
		const isPulled = assignment.template.image.startsWith('docker:') && this.#world.random() < pullChance;
		this.later(this.#take(isPulled ? 'pullMs' : 'prepareMs'), () => this.#start(kept));
	}

	#start(kept: KeptInstance): void {
		if (isFinal(kept.status.state) || kept.process !== undefined) {
			return;
		}

		const now = this.#world.clock.now();
		if (this.node.rejects(kept.assignment)) {
			this.#set(kept, {
				...kept.status,
				state: 'rejected',
				at: now,
				finishedAt: now,
				reason: 'cannot be started: simulated',
			});
			return;
		}

		this.node.spawn(kept);
		this.#set(kept, {...kept.status, state: 'starting', at: now});
		this.later(this.#take('startMs'), () => this.#look(kept));
	}

	#stop(kept: KeptInstance, reason: string): void {
		kept.stopReason ??= reason;
		this.#end(kept);
	}

	/** Still running: ended first. */
	#forget(kept: KeptInstance): void {
		kept.isForgotten = true;
		kept.stopReason ??= 'forgotten';
		kept.process?.kill();
		this.#end(kept);
		this.#look(kept);
	}

	#end(kept: KeptInstance): void {
		const {process} = kept;
		if (process?.isLeft) {
			this.#removeLeft(kept);
		} else if (process?.isAlive) {
			process.terminate();
			this.later(kept.assignment.template.stopGraceMs, () => process.kill());
		} else {
			this.#look(kept);
		}
	}

	/** What was not started waits for the daemon's word, as with a real agent: the store may know nothing of it any more. */
	#adopt(kept: KeptInstance): void {
		if (kept.process === undefined && kept.stopReason === undefined && !isFinal(kept.status.state)) {
			return;
		}

		kept.status = observedStatus(kept, this.#world.clock.now());
		if (kept.stopReason !== undefined) {
			this.#end(kept);
		} else {
			this.#removeLeft(kept);
		}
	}

	/** Nothing is said to have ended as long as its container runs. */
	#removeLeft({process}: KeptInstance): void {
		if (process?.isLeft && process.isAlive) {
			this.later(this.#take('removeMs'), () => process.vanish());
		}
	}

	#look(kept: KeptInstance): void {
		if (this.node.kept.get(kept.assignment.instanceId) === kept) {
			this.#removeLeft(kept);
			this.#set(kept, observedStatus(kept, this.#world.clock.now()));
			if (kept.isForgotten && isFinal(kept.status.state)) {
				this.node.kept.delete(kept.assignment.instanceId);
			}
		}
	}

	#set(kept: KeptInstance, status: InstanceStatus): void {
		const before = kept.status;
		kept.status = status;
		if (status.state !== before.state || status.health !== before.health) {
			this.#report(kept);
		}
	}

	#report({assignment, status}: KeptInstance): void {
		if (this.#untold.size === 0) {
			this.later(this.#take('batchMs'), () => this.#tell());
		}

		this.#untold.set(assignment.instanceId, status);
	}

	#tell(): void {
		const reports = [...this.#untold].map(([instanceId, status]) => ({instanceId, status}));
		this.#untold.clear();
		const connection = this.#connection;
		connection?.toDaemon(() => connection.fleet.reported(connection, reports));
	}

	#connect(): void {
		const fleet = this.node.daemon();
		if (fleet === undefined) {
			this.later(this.#take('reconnectMs'), () => this.#connect());
			return;
		}

		const connection = new Connection(this.#world, this, fleet);
		this.#connection = connection;
		this.#soundSinceMs = this.#world.clock.monotonicMs();
		fleet.connected(connection);
		const reports = this.#everything();
		connection.toDaemon(() => fleet.hello(connection, reports));
	}

	#beat(): void {
		this.later(this.#take('heartbeatMs'), () => {
			const connection = this.#connection;
			if (connection !== undefined) {
				connection.toDaemon(() => connection.fleet.heartbeat(connection));
				if (!this.#world.isCalm && this.#world.random() < repeatChance) {
					const reports = this.#everything();
					connection.toDaemon(() => connection.fleet.reported(connection, reports));
				}
			}

			this.#beat();
		});
	}

	#everything(): InstanceReport[] {
		return [...this.node.kept.values()].map(({assignment: {instanceId}, status}) => ({instanceId, status}));
	}

	#take(what: keyof typeof pace): number {
		return between(this.#world.random, pace[what]);
	}
}
