import type {Patch, Ref, WriteOptions} from '../core/backend.ts';
import {mergePatch} from '../core/difference/merge-patch.ts';
import {ClusterError} from '../core/error.ts';
import {holdsRoom} from '../core/instance-state.ts';
import type {
	HttpRules,
	Image,
	MachineCapacity,
	Node,
	NodeSpec,
	PublishedPort,
	Service,
	ServiceSpec,
} from '../core/model/index.ts';
import {noResources} from '../core/model/resources.ts';
import {refuseLocalOptions} from '../core/spec/engine-options.ts';
import {checkName, checkNodeSpec, checkServiceSpec, serviceSpec} from '../core/spec/service-spec.ts';
import {checkPrecondition, refuseProblems} from './admission-checks.ts';
import {admitAttachments, missingVolumes} from './attachments-admission.ts';
import {machineName, takeDown} from './controllers/node-controller.ts';
import {keepVersion} from './controllers/spec-versions.ts';
import {removePool} from './pool-admission.ts';
import {isStoredKind, putVolume, removeStored, type StoredObjectKind, type StoredParts} from './stored-objects.ts';
import {emit, newMeta, type Write} from './turn.ts';
import {updateService} from './update-service.ts';
import {refreshUsers} from './usage-of-stored.ts';
import {freeAddress, type VirtualNet} from './virtual-addresses.ts';

// Users' writes: in each of them everything is checked before anything is put.

const firstNodes = ['n1', 'n2', 'n3'];

export function createFirstNodes(write: Write, machine: MachineCapacity): void {
	if (write.tx.count('node') === 0) {
		for (const name of firstNodes) {
			putNode(write, name, {availability: 'active', labels: {}, capacity: {}}, machine);
		}
	}
}

export type ServiceWrite = Pick<WriteOptions, 'create' | 'ifRevision'> & {
	/** For each port of the spec what the gateway will listen on; absent: as asked. */
	readonly publishedPorts?: readonly number[];
};

export function writeService(
	write: Write,
	ref: Ref<'service'>,
	patch: Patch<ServiceSpec>,
	options: ServiceWrite,
	parts: StoredParts,
): Service {
	const known = find(write, ref);
	checkPrecondition(ref, known, options);
	const asked = serviceSpec(patch, known?.spec);
	refuseProblems([...checkName(ref.name, 'name'), ...checkServiceSpec(asked)]);
	refuseJobOfNodes(asked);
	refuseLocalOptions(asked);
	refuseOtherPorts(asked.ports);
	if (patch.autoscale) refuseOwnFigures(asked.autoscale);
	const spec = admitAttachments(write.tx, asked);
	const ports = spec.ports.map((port, index) => publish(port, options.publishedPorts?.[index], known));
	refuseTakenPorts(write, known?.id, ports);
	const missing = missingVolumes(write.tx, spec);
	const service =
		known === undefined
			? createService(write, ref.name, spec, ports, parts.virtualNet)
			: updateService(write, known, {patch, spec, ports});
	for (const name of missing) {
		putVolume(write, name, {labels: {}}, parts);
	}

	refreshUsers(write, known?.spec, spec);
	return service;
}

function refuseJobOfNodes({perNode}: ServiceSpec): void {
	if (perNode) {
		throw new ClusterError('unsupported', '--mode global-job: the local engine has no jobs that run on each node.', {
			hint: 'Use --mode job with --replicas.',
		});
	}
}

function refuseOtherPorts(ports: readonly PublishedPort[]): void {
	for (const {published, target, protocol, mode} of ports) {
		if (protocol !== 'tcp' || mode !== undefined) {
			throw new ClusterError(
				'unsupported',
				`Port ${published}:${target}: the gateway leads TCP and HTTP only, and no host ports.`,
			);
		}
	}
}

/** What is measured here is known: a target of which nothing ever comes would hold the service where it is for good. */
function refuseOwnFigures(policy: ServiceSpec['autoscale']): void {
	for (const {metric} of policy?.targets ?? []) {
		if (metric.startsWith('metric:')) {
			throw new ClusterError('unsupported', `autoscale: nobody tells the local engine the figure ${metric.slice(7)}.`, {
				hint: 'It measures cpu, memory, requests and connections.',
			});
		}
	}
}

/** The port to listen on: as chosen now, as chosen before for the same target, or as asked. */
function publish(port: PublishedPort, chosen: number | undefined, known: Service | undefined): PublishedPort {
	const before = port.published === 0 ? known?.status.ports.find(({target}) => target === port.target) : undefined;
	return {...port, published: chosen ?? before?.published ?? port.published};
}

function refuseTakenPorts({tx}: Write, ownId: string | undefined, ports: readonly PublishedPort[]): void {
	for (const other of tx.all('service')) {
		const taken = other.status.ports.find(theirs => ports.some(port => collides(port, theirs)));
		if (other.id !== ownId && taken !== undefined) {
			throw new ClusterError('conflict', `Port ${taken.published} is published by service ${other.name} already.`, {
				hint: 'Choose another port, or leave the choice to the gateway: -p TARGET.',
			});
		}
	}
}

/** On one port several services fit by their rules, when no request could be for both. */
function collides(one: PublishedPort, other: PublishedPort): boolean {
	if (one.published !== other.published) {
		return false;
	}

	const isShared = one.http && other.http && (one.host ?? '') === (other.host ?? '') && !one.tls === !other.tls;
	return !isShared || rulesText(one.http) === rulesText(other.http);
}

function rulesText({hosts = [], paths = []}: HttpRules): string {
	return JSON.stringify([hosts.map(host => host.toLowerCase()).sort(), [...paths].sort()]);
}

function createService(
	write: Write,
	name: string,
	spec: ServiceSpec,
	ports: ServiceSpec['ports'],
	virtualNet: VirtualNet | undefined,
): Service {
	const address = virtualNet && freeAddress(write.tx, virtualNet);
	const service = write.tx.put('service', {
		...newMeta(write, name),
		kind: 'service',
		spec,
		version: 1,
		removing: false,
		status: {
			desired: spec.replicas,
			running: 0,
			healthy: 0,
			completed: 0,
			...(address !== undefined && {address}),
			ports,
		},
	});
	keepVersion(write, service);
	emit(write, service, 'Created', `${spec.mode} service of ${spec.template.image}`);
	return service;
}

export function writeNode(
	write: Write,
	ref: Ref<'node'>,
	patch: Patch<NodeSpec>,
	options: Pick<WriteOptions, 'create' | 'ifRevision'>,
	machine: MachineCapacity,
): Node {
	const known = find(write, ref);
	checkPrecondition(ref, known, options);
	const before: NodeSpec = known?.spec ?? {availability: 'active', labels: {}, capacity: {}};
	const spec = mergePatch<NodeSpec>(before, patch);
	refuseProblems([...checkName(ref.name, 'name'), ...checkNodeSpec(spec)]);
	if (spec.role !== undefined || spec.drainOrder !== undefined) {
		throw new ClusterError('unsupported', `Node ${ref.name} has no role, and is always drained start first.`);
	}

	if (known === undefined) {
		return putNode(write, ref.name, spec, machine);
	}

	if (known.removing) {
		throw new ClusterError('conflict', `Node ${known.name} is being removed.`);
	}

	const availability = spec.availability === 'drained' && known.instances > 0 ? 'draining' : spec.availability;
	const node = write.tx.put('node', {...known, spec, availability});
	if (before.availability !== spec.availability) {
		emit(write, node, 'Availability', `from ${before.availability} to ${spec.availability}`);
	}

	return node;
}

function putNode(write: Write, name: string, spec: NodeSpec, machine: MachineCapacity): Node {
	const node = write.tx.put('node', {
		...newMeta(write, name),
		kind: 'node',
		spec,
		status: {state: 'unknown', at: write.now, fencing: false, message: 'waits for its agent'},
		availability: spec.availability,
		generation: 1,
		capacity: {cpus: spec.capacity.cpus ?? machine.cpus, memoryBytes: spec.capacity.memoryBytes ?? machine.memoryBytes},
		machine: {name: machineName, capacity: machine},
		reserved: noResources,
		instances: 0,
		removing: false,
	});
	emit(write, node, 'Added', 'waits for its agent');
	return node;
}

export function removeObject(write: Write, ref: Ref, options: Pick<WriteOptions, 'ifRevision'>): void {
	if (ref.kind === 'service') {
		const service = existing(write, ref as Ref<'service'>, options);
		if (!service.removing) {
			emit(write, write.tx.put('service', {...service, removing: true}), 'Removing', 'its instances are stopped');
		}
	} else if (ref.kind === 'node') {
		removeNode(write, existing(write, ref as Ref<'node'>, options));
	} else if (ref.kind === 'pool') {
		removePool(write, ref as Ref<'pool'>, options);
	} else if (isStoredKind(ref.kind)) {
		removeStored(write, ref as Ref<StoredObjectKind>, options);
	} else {
		throw new ClusterError('unsupported', `Objects of kind ${ref.kind} cannot be removed by themselves.`);
	}
}

function removeNode(write: Write, node: Node): void {
	const live = [...write.tx.instancesOnNode(node.id)].filter(({status}) => holdsRoom(status.state)).length;
	if (live > 0) {
		throw new ClusterError('conflict', `Node ${node.name} still holds ${live} instance${live === 1 ? '' : 's'}.`, {
			hint: `Drain it first: muster node drain ${node.name}`,
		});
	}

	// Fenced like one that failed: its agent is gone for certain before its name is free again.
	takeDown(write, {...node, removing: true}, 'is being removed');
}

export function failNode(write: Write, ref: Ref<'node'>, forMs: number): void {
	const node = existing(write, ref, {});
	if (node.status.state === 'down') {
		throw new ClusterError('conflict', `Node ${node.name} is down already.`);
	}

	takeDown(write, node, 'failed on purpose', write.now + forMs);
}

export function moveInstances({tx}: Write, instanceIds: readonly string[]): void {
	const asked = instanceIds.map(id => {
		const instance = tx.get('instance', id);
		const service = instance && tx.get('service', instance.serviceId);
		if (instance === undefined || instance.desired !== 'running' || instance.status.state !== 'running') {
			throw new ClusterError('conflict', `Instance ${instance?.name ?? id} does not run any more.`);
		}

		if (service?.spec.mode !== 'replicated') {
			throw new ClusterError('conflict', `Instance ${instance.name} is of no replicated service: it is not moved.`);
		}

		return instance;
	});
	for (const instance of asked) {
		tx.put('instance', {...instance, moving: true});
	}
}

export function putImages({tx}: Write, images: readonly Image[]): void {
	const names = new Set(images.map(({id}) => id));
	for (const {id} of [...tx.all('image')]) {
		if (!names.has(id)) {
			tx.remove('image', id);
		}
	}

	for (const image of images) {
		const {revision: _, updatedAt: __, createdAt: ___, ...known} = tx.get('image', image.id) ?? image;
		const {revision: ____, updatedAt: _____, createdAt: ______, ...next} = image;
		if (tx.get('image', image.id) === undefined || JSON.stringify(known) !== JSON.stringify(next)) {
			tx.put('image', image);
		}
	}
}

function find<K extends 'service' | 'node'>({tx}: Write, ref: Ref<K>) {
	return ref.id === undefined ? tx.byName(ref.kind, ref.name) : tx.get(ref.kind, ref.id);
}

function existing<K extends 'service' | 'node'>(write: Write, ref: Ref<K>, options: Pick<WriteOptions, 'ifRevision'>) {
	const known = find(write, ref);
	checkPrecondition(ref, known, options);
	return known as NonNullable<typeof known>;
}
