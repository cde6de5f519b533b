import {ClusterError} from '../../core/error.ts';
import {holdsRoom, isFinal} from '../../core/instance-state.ts';
import type {Instance, ServiceSpec} from '../../core/model/index.ts';
import {fileVersionId} from '../file-versions.ts';
import type {Assignment, DeliveredFile, Fleet, FleetCommand, InstanceReport} from '../fleet.ts';
import type {FileVersion, StoreReader} from '../store/store.ts';
import {filesOf} from '../usage-of-stored.ts';
import type {Vault} from '../vault.ts';
import {nameTables, networksOf, peersOf, targetsOf, type VirtualNet} from '../virtual-addresses.ts';
import {specOf} from './spec-versions.ts';

/** What an agent was told in its present session, by instance; nothing of it outlives the session. A stray is one that it
 *  runs although it has ended in the store; one that an earlier agent prepared is not started before it is asked for again. */
type Told = 'run' | 'stop' | 'stray' | 'prepared';
type Sent = Map<string, Told>;

/** Opens what a secret holds. */
export type Open = Vault['open'];

/** Asks whether an instance that is to stop is still being given connections. */
export type StopGate = (instance: Instance) => boolean;

/** Sends each agent the difference between what the store says its node should do and what it was told. */
export class Dispatcher {
	readonly #store: StoreReader;
	readonly #fleet: Fleet;
	readonly #mayStop: StopGate;
	readonly #open: Open;
	readonly #net: VirtualNet | undefined;
	readonly #sessions = new Map<string, Sent>();
	/** Which versions of which files an instance was told of last, in its agent's present session. */
	readonly #filesTold = new Map<string, string>();

	constructor(store: StoreReader, fleet: Fleet, mayStop: StopGate, open: Open, net?: VirtualNet) {
		this.#net = net;
		this.#store = store;
		this.#fleet = fleet;
		this.#mayStop = mayStop;
		this.#open = open;
	}

	/** A new session: the agent has what it reports, and has been told nothing else. */
	open(nodeId: string, reports: readonly InstanceReport[]): void {
		this.#sessions.set(nodeId, new Map(reports.map(report => [report.instanceId, toldBefore(this.#store, report)])));
		for (const {instanceId} of reports) {
			this.#filesTold.delete(instanceId);
		}
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
			const told = sent.get(instance.id);
			const command = this.#commandFor(instance, told);
			if (command !== undefined) {
				sent.set(instance.id, command.type === 'run' ? 'run' : 'stop');
				commands.push(command);
			} else if (told === 'run' && instance.desired === 'running' && holdsRoom(instance.status.state)) {
				commands.push(...this.#freshFiles(instance));
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
			return told === undefined || told === 'prepared' ? this.#run(instance) : undefined;
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
				this.#filesTold.delete(instanceId);
			}
		}

		return commands;
	}

	#run(instance: Instance): FleetCommand {
		const wanted = filesWanted(this.#store, instance);
		this.#filesTold.set(instance.id, filesText(wanted));
		const files = this.#files(wanted);
		return {type: 'run', assignment: this.#assignment(instance), ...(files.length > 0 && {files})};
	}

	/** What follows the newest version without an update, and what a new agent may not have been told. */
	#freshFiles(instance: Instance): FleetCommand[] {
		const {template} = specOf(this.#store, instance);
		if (template.configs === undefined && template.secrets === undefined) {
			return [];
		}

		const wanted = filesWanted(this.#store, instance);
		const text = filesText(wanted);
		if ((this.#filesTold.get(instance.id) ?? '') === text) {
			return [];
		}

		this.#filesTold.set(instance.id, text);
		return [{type: 'files', instanceId: instance.id, files: this.#files(wanted)}];
	}

	/** One that cannot be opened is left out: its instances are rejected for want of it, and all others go on. */
	#files(wanted: readonly WantedFile[]): readonly DeliveredFile[] {
		return wanted.flatMap(file => {
			try {
				return [this.#file(file)];
			} catch (error) {
				if (error instanceof ClusterError) {
					return [];
				}

				throw error;
			}
		});
	}

	#file({kind, source, version, found}: WantedFile): DeliveredFile {
		const {data = '', sealed, id} = found;
		const bytes =
			sealed === undefined
				? typeof data === 'string'
					? Buffer.from(data, 'utf8')
					: Buffer.from(data.base64, 'base64')
				: Buffer.from(this.#open(sealed, id));
		return {kind, source, version, base64: bytes.toString('base64')};
	}

	/** Whom it can reach, and who tells it names. */
	#reachable(spec: ServiceSpec): Pick<Assignment, 'peers' | 'nameServer' | 'networks'> {
		if (!this.#net) {
			return {};
		}

		const networks = networksOf(spec);
		const table = nameTables(this.#store, this.#net).find(one => one.network === networks[0]);
		return {peers: peersOf(this.#store, spec, this.#net), ...(table && {nameServer: table.address}), networks};
	}

	#assignment(instance: Instance): Assignment {
		const spec = specOf(this.#store, instance);
		const image = this.#store.byName('image', spec.template.image.replace(/^image:/, ''));
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
			targets: targetsOf(this.#store, spec),
			...this.#reachable(spec),
			...volumesOf(this.#store, spec),
		};
	}
}

type WantedFile = Omit<DeliveredFile, 'base64'> & {readonly found: FileVersion};

/** A version that is kept no more, or a file that is gone, is left out: the agent says so. */
function filesWanted(store: StoreReader, instance: Instance): readonly WantedFile[] {
	const spec = specOf(store, instance);
	return (['config', 'secret'] as const).flatMap(kind =>
		filesOf(spec, kind).flatMap(({source, version: given}) => {
			const owner = store.byName(kind, source);
			const version = given ?? owner?.version ?? 1;
			const found = owner && store.get('file-version', fileVersionId(owner.id, version));
			return found ? [{kind, source, version, found}] : [];
		}),
	);
}

function filesText(files: readonly WantedFile[]): string {
	return files.map(({found}) => found.id).join(' ');
}

function volumesOf(store: StoreReader, {template}: ServiceSpec): Pick<Assignment, 'volumes'> {
	const paths = (template.mounts ?? []).flatMap(({type, source}) => {
		const path = type === 'volume' && source ? store.byName('volume', source)?.path : undefined;
		return path === undefined ? [] : [[source, path] as const];
	});
	return paths.length === 0 ? {} : {volumes: Object.fromEntries(paths)};
}

/** As if the agent that says hello had been told so. */
function toldBefore(store: StoreReader, report: InstanceReport): Told {
	if (isStray(store, report)) {
		return 'stray';
	}

	return report.status.state === 'preparing' ? 'prepared' : 'run';
}

/** Reported as alive, but ended in the store: nothing that is not declared may run. */
function isStray(store: StoreReader, {instanceId, status}: InstanceReport): boolean {
	const known = store.get('instance', instanceId);
	return known !== undefined && !isFinal(status.state) && isFinal(known.status.state);
}
