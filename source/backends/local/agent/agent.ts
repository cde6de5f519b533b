import type {FleetCommand, InstanceReport} from '../../../orchestrator/fleet.ts';
import {instancePaths} from '../home.ts';
import {writeNotes} from '../instance-notes.ts';
import type {LogKeeper} from '../logs/log-keeper.ts';
import type {AgentMessage, DaemonToAgent} from '../protocol.ts';
import {type ProcessIdentity, signalProcess} from '../system/process-identity.ts';
import type {AgentContext} from './context.ts';
import type {Found} from './instance/adoption.ts';
import {AgentInstance} from './instance/instance.ts';
import {removeInstanceFolder} from './instance/instance-files.ts';
import {createReportQueue} from './report-queue.ts';

/** Ids are made by the daemon; one that could leave the folder of instances is not one of them. */
const plainId = /^[\w-]+$/;
const pidLookMs = 100;
/** While so many start, they are looked for less often: what starts needs the time. */
const manyWithoutPid = 20;
const manyPidLookMs = 500;
/** After so many looks only each tenth time: what holds a terminal takes its time to start on a busy machine. */
const eagerPidLooks = 30;
const maxPidLooks = 600;

export type AgentOptions = {
	readonly context: AgentContext;
	readonly logs: LogKeeper;
	readonly send: (message: AgentMessage) => void;
};

/** The instances of one node, and what the daemon says of them. */
export class Agent {
	readonly #context: AgentContext;
	readonly #send: (message: AgentMessage) => void;
	readonly #logs: LogKeeper;
	readonly #instances = new Map<string, AgentInstance>();
	/** Those whose logs are kept. */
	readonly #logged = new Set<AgentInstance>();
	/** Those whose own process is not known yet, and how often was looked for it. */
	readonly #withoutPid = new Map<AgentInstance, number>();
	readonly #changed = createReportQueue<AgentInstance>(changed => this.#report(changed));
	#visitors: readonly ProcessIdentity[] = [];
	#pidTimer: NodeJS.Timeout | undefined;

	constructor({context, logs, send}: AgentOptions) {
		this.#context = context;
		this.#logs = logs;
		this.#send = send;
	}

	get instances(): IterableIterator<AgentInstance> {
		return this.#instances.values();
	}

	instance(id: string): AgentInstance | undefined {
		return this.#instances.get(id);
	}

	get reports(): InstanceReport[] {
		return [...this.#instances.values()].map(({id, status}) => ({instanceId: id, status}));
	}

	/** What earlier agents left. */
	takeUp(found: readonly Found[], visitors: readonly ProcessIdentity[]): void {
		this.#visitors = visitors;
		for (const each of found) {
			this.#add(each.assignment).takeUp(each);
		}
	}

	/** May act from now on (again). */
	resume(): void {
		for (const visitor of this.#visitors) {
			signalProcess(visitor, 'SIGKILL');
		}

		this.#visitors = [];
		for (const instance of this.#instances.values()) {
			instance.resume();
		}
	}

	take(message: DaemonToAgent): void {
		if (message.type === 'commands') {
			for (const command of message.commands) {
				this.#obey(command);
			}
		} else if (message.type === 'kill') {
			this.#instances.get(message.instanceId)?.signal(message.signal);
		}
	}

	#obey(command: FleetCommand): void {
		const id = command.type === 'run' ? command.assignment.instanceId : command.instanceId;
		if (!plainId.test(id)) {
			this.#context.log(`no id of an instance: ${JSON.stringify(id)}`);
			return;
		}

		switch (command.type) {
			case 'run': {
				const instance = this.#instances.get(id) ?? this.#add(command.assignment);
				if (command.files) {
					instance.give(command.files);
				}

				instance.order();
				break;
			}

			case 'files':
				this.#instances.get(id)?.give(command.files);
				break;
			case 'stop':
				this.#stop(id, command.reason);
				break;
			case 'forget':
				this.#forget(id);
		}
	}

	#add(assignment: AgentInstance['assignment']): AgentInstance {
		const instance = new AgentInstance(this.#context, assignment, changed => this.#changed(changed));
		this.#instances.set(instance.id, instance);
		return instance;
	}

	/** Of what is not here nothing runs: that is what `stopped` says. */
	#stop(id: string, reason: string): void {
		const instance = this.#instances.get(id);
		if (instance) {
			instance.stop(reason);
		} else {
			const at = Date.now();
			const status = {state: 'stopped', at, reason, health: 'none', endpoints: []} as const;
			this.#send({type: 'reports', reports: [{instanceId: id, status}]});
		}
	}

	#forget(id: string): void {
		const instance = this.#instances.get(id);
		if (instance && !instance.isFinal) {
			this.#context.log(`${instance.assignment.instanceName} is to be forgotten, but has not ended`);
			return;
		}

		this.#instances.delete(id);
		removeInstanceFolder(instancePaths(this.#context.home, this.#context.nodeName, id));
	}

	/** Notes it for the next agent, then tells the daemon. */
	#report(changed: readonly AgentInstance[]): void {
		const known = changed.filter(({id}) => this.#instances.has(id));
		for (const instance of known) {
			this.#write(instance);
			this.#keepLogs(instance);
			if (instance.run && instance.status.pid === undefined) {
				this.#withoutPid.set(instance, 0);
			}
		}

		this.#lookForPids();
		this.#send({type: 'reports', reports: known.map(({id, status}) => ({instanceId: id, status}))});
	}

	#write(instance: AgentInstance): void {
		const note = instance.nextNote();
		try {
			if (note) {
				writeNotes(instance.paths.notes, instance.assignment, instance.run?.note, note);
			}
		} catch (error) {
			this.#context.log(`${instance.assignment.instanceName}: ${(error as Error).message}`);
		}
	}

	#keepLogs(instance: AgentInstance): void {
		const {stdout, stderr} = instance.paths;
		if (instance.run && !this.#logged.has(instance)) {
			this.#logged.add(instance);
			this.#logs.add(stdout);
			this.#logs.add(stderr);
		} else if (instance.isFinal && this.#logged.delete(instance)) {
			this.#logs.remove(stdout);
			this.#logs.remove(stderr);
		}
	}

	#lookForPids(): void {
		if (this.#pidTimer || this.#withoutPid.size === 0) {
			return;
		}

		this.#pidTimer = setTimeout(
			() => {
				this.#pidTimer = undefined;
				for (const [instance, looks] of this.#withoutPid) {
					const isTurn = looks < eagerPidLooks || looks % 10 === 0;
					if ((isTurn && instance.findPid()) || looks >= maxPidLooks) {
						this.#withoutPid.delete(instance);
					} else {
						this.#withoutPid.set(instance, looks + 1);
					}
				}

				this.#lookForPids();
			},
			this.#withoutPid.size < manyWithoutPid ? pidLookMs : manyPidLookMs,
		);
	}
}
