import {holdsRoom, isFinal} from '../../core/instance-state.ts';
import type {Instance} from '../../core/model/index.ts';
import type {Assignment, Fleet, FleetCommand, InstanceReport} from '../fleet.ts';
import type {StoreReader} from '../store/store.ts';
import {specOf} from './spec-versions.ts';

/** What an agent was told in its present session, by instance; nothing of it outlives the session. A stray is one that it
 *  runs although it has ended in the store. */
type Told = 'run' | 'stop' | 'stray';
type Sent = Map<string, Told>;

/** Asks whether an instance that is to stop is still being given connections. */
export type StopGate = (instance: Instance) => boolean;

/** Sends each agent the difference between what the store says its node should do and what it was told. */
export class Dispatcher {
	readonly #store: StoreReader;
	readonly #fleet: Fleet;
	readonly #mayStop: StopGate;
	readonly #sessions = new Map<string, Sent>();

	constructor(store: StoreReader, fleet: Fleet, mayStop: StopGate) {
		this.#store = store;
		this.#fleet = fleet;
		this.#mayStop = mayStop;
	}

	/** A new session: the agent has what it reports, and has been told nothing else. */
	open(nodeId: string, reports: readonly InstanceReport[]): void {
		const sent = reports.map(report => [report.instanceId, isStray(this.#store, report) ? 'stray' : 'run'] as const);
		this.#sessions.set(nodeId, new Map(sent));
	}

	close(nodeId: string): void {
		this.#sessions.delete(nodeId);
	}

	/** The node's present agent, if there is one, neither has the instance nor was told to run it. */
	isUnknownTo(nodeId: string, instanceId: string): boolean {
		return this.#sessions.get(nodeId)?.has(instanceId) === false;
	}

	/** Instances that wait for the gateway to let go are left out: they are looked at again when it has. */
	dispatch(nodeId: string): void {
		const sent = this.#sessions.get(nodeId);
		if (sent === undefined) {
			return;
		}

		const commands: FleetCommand[] = [];
		for (const instance of this.#store.instancesOnNode(nodeId)) {
			const command = this.#commandFor(instance, sent.get(instance.id));
			if (command !== undefined) {
				sent.set(instance.id, command.type === 'run' ? 'run' : 'stop');
				commands.push(command);
			}
		}

		commands.push(...this.#cleanUp(nodeId, sent));
		if (commands.length > 0) {
			this.#fleet.send(nodeId, commands);
		}
	}

	#commandFor(instance: Instance, told: Told | undefined): FleetCommand | undefined {
		if (!holdsRoom(instance.status.state)) {
			return told === 'stray' ? {type: 'stop', instanceId: instance.id, reason: 'has ended before'} : undefined;
		}

		if (instance.desired === 'running') {
			return told === undefined ? {type: 'run', assignment: this.#assignment(instance)} : undefined;
		}

		if (told === 'stop' || !this.#mayStop(instance)) {
			return undefined;
		}

		return {type: 'stop', instanceId: instance.id, reason: instance.desiredReason ?? 'stopped'};
	}

	/** What the store no longer has there may be thrown away; if it still runs, the agent ends it first. */
	#cleanUp(nodeId: string, sent: Sent): FleetCommand[] {
		const commands: FleetCommand[] = [];
		for (const instanceId of sent.keys()) {
			if (this.#store.get('instance', instanceId)?.nodeId !== nodeId) {
				commands.push({type: 'forget', instanceId});
				sent.delete(instanceId);
			}
		}

		return commands;
	}

	#assignment(instance: Instance): Assignment {
		const spec = specOf(this.#store, instance);
		const image = this.#store.byName('image', spec.template.image.replace(/^image:/, ''));
		const targets = new Set(spec.ports.map(({target}) => target));
		if (image?.port !== undefined && targets.size === 0) {
			targets.add(image.port);
		}

		return {
			instanceId: instance.id,
			instanceName: instance.name,
			serviceId: instance.serviceId,
			serviceName: instance.serviceName,
			slot: instance.slot,
			version: instance.version,
			nodeGeneration: instance.nodeGeneration ?? 0,
			template: spec.template,
			...(image === undefined ? {} : {image}),
			targets: [...targets].sort((a, b) => a - b),
		};
	}
}

/** Reported as alive, but ended in the store: nothing that is not declared may run. */
function isStray(store: StoreReader, {instanceId, status}: InstanceReport): boolean {
	const known = store.get('instance', instanceId);
	return known !== undefined && !isFinal(status.state) && isFinal(known.status.state);
}
