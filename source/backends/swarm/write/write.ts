import {setTimeout} from 'node:timers/promises';
import type {Backend, Patch, Ref, SpecOf, WritableKind, WriteOptions} from '../../../core/backend.ts';
import {mergePatch} from '../../../core/difference/merge-patch.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {
	Kind,
	NetworkSpec,
	Node,
	NodeSpec,
	Objects,
	Revision,
	Service,
	ServiceSpec,
	VolumeSpec,
} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {withoutDigest} from '../../../core/spec/image-name.ts';
import {checkNodeSpec, checkServiceSpec, serviceSpec} from '../../../core/spec/service-spec.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawNode, RawNodeSpec, RawService, RawServiceSpec} from '../api-types.ts';
import type {Route} from '../connection/route.ts';
import {drainLabel, drainOf} from '../nodes/drain-labels.ts';
import type {Live} from '../reading/live.ts';
import {neededNames, type Part, type Source} from '../reading/source.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {toNode} from '../translate/translate-node.ts';
import {toServiceSpec} from '../translate/translate-service.ts';
import {checkServiceName} from './name.ts';
import type {RegistryAuth} from './registry-auth.ts';
import type {FileWriterParts} from './write-files.ts';
import {emptyService, writeService} from './write-service.ts';
import type {VolumeWriterParts} from './write-volumes.ts';

export type WriterParts = {
	readonly source: Source;
	readonly live: Live;
	readonly route: Route;
	readonly access: NodeAccess;
	/** The user's credentials for the registry of an image. */
	auth(image: string): Promise<RegistryAuth | undefined>;
};

/** Somebody else's change between the read and the write of one without a revision is met by doing it again. */
const attempts = 5;
/** What was a manager takes no longer to leave the others. */
const leaveMs = 30_000;

export function createWriter(parts: WriterParts): Pick<Backend, 'apply' | 'remove'> {
	return {
		async apply<K extends WritableKind>(
			ref: Ref<K>,
			patch: Patch<SpecOf<K>>,
			options: WriteOptions,
		): Promise<Objects[K]> {
			return (await applyAny(parts, ref, patch as Patch<object>, options)) as Objects[K];
		},
		async remove(ref, options) {
			await removeObject(parts, ref, options);
		},
	};
}

async function applyAny(parts: WriterParts, ref: Ref, patch: Patch<object>, options: WriteOptions): Promise<unknown> {
	switch (ref.kind) {
		case 'service':
			return applyService(parts, ref, patch, options);
		case 'node':
			return applyNode(parts, ref, patch, options);
		case 'config':
		case 'secret': {
			const {applyFile} = await import('./write-files.ts');
			return applyFile(thingParts(parts), {...ref, kind: ref.kind} as Ref<'config'> | Ref<'secret'>, patch, options);
		}

		case 'network': {
			const {applyNetwork} = await import('./write-things.ts');
			return applyNetwork(thingParts(parts), {...ref, kind: 'network'}, patch as Patch<NetworkSpec>, options);
		}

		case 'volume': {
			const {applyVolume} = await import('./write-volumes.ts');
			return applyVolume(volumeParts(parts), {...ref, kind: 'volume'}, patch as Patch<VolumeSpec>, options);
		}

		default:
			throw new ClusterError('unsupported', `A swarm has no ${ref.kind}s that can be written.`);
	}
}

function thingParts(parts: WriterParts): FileWriterParts {
	const {source, route} = parts;
	return {
		source,
		calls: () => route.calls,
		docker: () => route.docker(),
		look: async names => look(parts, names),
	};
}

function volumeParts(parts: WriterParts): VolumeWriterParts {
	return {source: parts.source, access: parts.access, look: async names => look(parts, names)};
}

async function applyService(
	parts: WriterParts,
	ref: Ref,
	patch: Patch<ServiceSpec>,
	options: WriteOptions,
): Promise<Service> {
	const {source} = parts;
	if (options.create) {
		refuse(checkServiceName(ref.name));
		const empty = emptyService(ref.name, patch);
		await source.read(namesFor(patch), {signal: options.signal});
		const {names} = source;
		const {after, before} = checked(patch, toServiceSpec(empty, names));
		const {calls, connection} = parts.route;
		const written = writeService(empty, before, after, {names, api: connection.version});
		const id = await calls.createService(written, await settleImage(parts, written, options));
		return readBack(parts, id);
	}

	return again(options, async () => {
		const raw = await findService(parts, ref);
		refuseStale(raw, options.ifRevision, ref);
		await source.read([...new Set([...neededNames([raw]), ...namesFor(patch)])], {signal: options.signal});
		const {names} = source;
		const {after, before} = checked(patch, toServiceSpec(raw.Spec, names));
		const {calls, connection} = parts.route;
		const written = writeService(raw.Spec, before, after, {names, api: connection.version});
		// Nodes that pull another image ask with what is kept now; else with what they asked with before.
		const image = patch.template?.image;
		const isGiven = image !== undefined && (image !== before.template.image || image === withoutDigest(image));
		const auth = isGiven ? await settleImage(parts, written, options) : undefined;
		await calls.updateService(raw.ID, raw.Version.Index, written, auth);
		return readBack(parts, raw.ID);
	});
}

/** Writes which image nodes are to run; answers with what they pull it with. */
async function settleImage(
	{auth: authOf, route}: WriterParts,
	written: RawServiceSpec,
	{keepTag, warn}: WriteOptions,
): Promise<RegistryAuth | undefined> {
	const {ContainerSpec: container = {}} = written.TaskTemplate;
	const asked = container.Image ?? '';
	const auth = await authOf(asked);
	const {pinImage, writePlatforms} = await import('./pin-image.ts');
	const pinned = keepTag ? {image: asked, platforms: undefined} : await pinImage(route.calls, asked, auth, warn);
	container.Image = pinned.image;
	writePlatforms(written, pinned);
	return auth;
}

function checked(
	patch: Patch<ServiceSpec>,
	before: ServiceSpec,
): {readonly before: ServiceSpec; readonly after: ServiceSpec} {
	const after = serviceSpec(patch, before);
	// What others made may be beyond what core allows; only what is new is judged.
	const known = new Set(checkServiceSpec(before).map(({path, message}) => `${path} ${message}`));
	refuse(checkServiceSpec(after).filter(({path, message}) => !known.has(`${path} ${message}`)));
	return {before, after};
}

function namesFor({template}: Patch<ServiceSpec>): Part[] {
	const isConfig = template?.container?.credentialSpec?.startsWith('config://') ?? false;
	return (['networks', 'configs', 'secrets'] as const).filter(
		member => template?.[member] !== undefined || (member === 'configs' && isConfig),
	);
}

/** As it stands now, for the answer and for who watches. */
async function readBack({source, live}: WriterParts, id: string): Promise<Service> {
	if (!live.isFresh) return source.readService(id);
	await source.refresh(['services', 'tasks', 'nodes']);
	live.nudge(['services', 'tasks']);
	const written = source.store.get('service', id);
	if (written === undefined) throw new ClusterError('conflict', 'The service was removed meanwhile.');
	return written;
}

/** A node that is told to be a manager again while it still leaves may end as neither. */
async function whenLeft(
	{route}: WriterParts,
	ref: Ref,
	raw: RawNode,
	signal: AbortSignal | undefined,
): Promise<RawNode> {
	const until = performance.now() + leaveMs;
	let node = raw;
	while (node.Spec.Role === 'worker' && node.ManagerStatus !== undefined) {
		if (performance.now() > until) {
			throw new ClusterError('conflict', `${stripControl(ref.name)} still leaves the managers.`, {
				hint: 'Promote it again in a moment.',
			});
		}

		await setTimeout(250, undefined, {signal});
		node = await findNode({route}, ref);
	}

	return node;
}

async function applyNode(parts: WriterParts, ref: Ref, patch: Patch<NodeSpec>, options: WriteOptions): Promise<Node> {
	if (options.create) {
		throw new ClusterError(
			'usage',
			`${JSON.stringify(stripControl(ref.name))} is not the address of an engine that could join.`,
			{
				hint: 'muster node add ssh://USER@HOST (also tcp://HOST:2376 and unix:///PATH) takes an engine in; or `muster swarm join-token` shows what to run on it.',
			},
		);
	}

	return again(options, async () => {
		const found = await findNode(parts, ref);
		refuseStale(found, options.ifRevision, ref);
		const raw = patch.role === 'manager' ? await whenLeft(parts, ref, found, options.signal) : found;
		const {spec: before} = toNode(raw, []);
		const after = mergePatch<NodeSpec>(before, patch);
		refuse(checkNodeSpec(after));
		if (after.capacity.cpus !== undefined || after.capacity.memoryBytes !== undefined) {
			throw new ClusterError('unsupported', 'A swarm takes all of a node: it cannot be told to offer less.');
		}

		if (after.drainDeadlineAt !== undefined) {
			throw new ClusterError('unsupported', 'Swarm drains at once and knows no deadline.');
		}

		await writeAvailability(parts, raw, before, after);
		await parts.source.refresh(['services', 'tasks', 'nodes']);
		parts.live.nudge(['nodes', 'tasks']);
		const written = parts.source.store.get('node', raw.ID);
		if (written === undefined) throw new ClusterError('conflict', 'The node was removed meanwhile.');
		return written;
	});
}

/** A drain that brings the new up first takes its time: it is only begun here. */
async function writeAvailability(parts: WriterParts, raw: RawNode, before: NodeSpec, after: NodeSpec): Promise<void> {
	const isDraining = drainOf(raw.Spec) !== undefined;
	const isStartFirst = after.availability === 'drained' && after.drainOrder === 'start-first';
	if (isStartFirst && before.availability !== 'drained') {
		const {beginDrain} = await import('../nodes/drain.ts');
		await beginDrain(parts, raw, {...after.labels});
		return;
	}

	const {calls} = parts.route;
	const spec = writeNode(raw.Spec, after);
	if (isStartFirst && isDraining) {
		await calls.updateNode(raw.ID, raw.Version.Index, {
			...spec,
			Availability: raw.Spec.Availability,
			Labels: {...spec.Labels, [drainLabel]: 'start-first'},
		});
		return;
	}

	await calls.updateNode(raw.ID, raw.Version.Index, spec);
	if (isDraining) {
		const {release} = await import('../nodes/drain.ts');
		await parts.source.read(['services']);
		await release(parts, raw.ID);
	}
}

const asked = {active: 'active', cordoned: 'pause', drained: 'drain'} as const;

function writeNode(raw: RawNodeSpec, {availability, labels, role}: NodeSpec): RawNodeSpec {
	return {...raw, Availability: asked[availability], Labels: {...labels}, ...(role && {Role: role})};
}

/** Without a revision, a change that came between is no reason to give up. */
async function again<T>({ifRevision}: WriteOptions, write: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await write();
		} catch (thrown) {
			const isOvertaken = /changed by somebody else/.test(toClusterError(thrown).message);
			if (!isOvertaken || ifRevision !== undefined || attempt === attempts) throw thrown;
		}
	}
}

function refuseStale({Version}: RawService | RawNode, revision: Revision | undefined, {kind, name}: Ref): void {
	if (revision !== undefined && revision.split('.')[0] !== String(Version.Index)) {
		throw new ClusterError('conflict', `The ${kind} ${stripControl(name)} was changed by somebody else meanwhile.`, {
			hint: 'Look at it again, and repeat the change.',
		});
	}
}

async function removeObject(parts: WriterParts, ref: Ref, options: WriteOptions): Promise<void> {
	if (ref.kind === 'service') {
		const raw = await findService(parts, ref);
		refuseStale(raw, options.ifRevision, ref);
		await parts.route.calls.removeService(raw.ID);
		await tell(parts, ['services', 'tasks', 'nodes']);
	} else if (ref.kind === 'node') {
		const raw = await findNode(parts, ref);
		refuseStale(raw, options.ifRevision, ref);
		await parts.route.calls.removeNode(raw.ID, false);
		await tell(parts, ['nodes', 'tasks', 'services']);
	} else if (ref.kind === 'config' || ref.kind === 'secret') {
		const {removeFile} = await import('./write-files.ts');
		await removeFile(thingParts(parts), {...ref, kind: ref.kind} as Ref<'config'> | Ref<'secret'>, options);
	} else if (ref.kind === 'network') {
		const {removeNetwork} = await import('./write-things.ts');
		await removeNetwork(thingParts(parts), ref);
	} else if (ref.kind === 'volume') {
		const {removeVolume} = await import('./write-volumes.ts');
		await removeVolume(volumeParts(parts), ref);
	} else {
		throw new ClusterError('unsupported', `A swarm has no ${ref.kind}s that can be removed.`);
	}
}

/** A short command that has changed something looks at nothing more. */
async function tell(parts: WriterParts, names: readonly Part[]): Promise<void> {
	if (parts.live.isFresh) await look(parts, names);
}

async function look({source, live}: WriterParts, parts: readonly Part[]): Promise<void> {
	await source.refresh(parts);
	live.nudge(parts);
}

async function findService({route}: WriterParts, {id, name}: Ref): Promise<RawService> {
	const isIt = ({ID, Spec}: RawService) => (id === undefined ? Spec.Name === name : ID === id);
	try {
		const found = await route.get<RawService>(`/services/${encodeURIComponent(id ?? name)}`);
		if (isIt(found)) return found;
	} catch (thrown) {
		// `usage`: several ids begin so.
		if (!['not-found', 'usage'].includes(toClusterError(thrown).code)) throw thrown;
	}

	throw absent('service', name);
}

async function findNode({route}: Pick<WriterParts, 'route'>, {id, name}: Ref): Promise<RawNode> {
	const all = await route.get<readonly RawNode[]>('/nodes');
	const found = all.filter(({ID, Description}) =>
		id === undefined ? Description.Hostname === name || ID === name : ID === id,
	);
	const [first] = found;
	if (first === undefined) throw absent('node', name);
	if (found.length > 1) {
		throw new ClusterError('conflict', `${found.length} nodes are called ${stripControl(name)}.`, {
			hint: `Name it by its id: ${found.map(({ID}) => ID).join(', ')}.`,
		});
	}

	return first;
}

function absent(kind: Kind, name: string): ClusterError {
	return new ClusterError('not-found', `There is no ${kind} ${JSON.stringify(stripControl(name))}.`);
}
