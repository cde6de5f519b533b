import type {Ref} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {JoinOptions, MembershipFacet, SwarmSettings} from '../../../core/membership.ts';
import type {NodeRole} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawInfo, RawNode} from '../api-types.ts';
import {type Connection, connect} from '../connection/connection.ts';
import {type Endpoint, parseEndpoint} from '../connection/endpoint.ts';
import {nodeEndpoint} from '../connection/node-endpoint.ts';
import type {Route} from '../connection/route.ts';
import type {Source} from '../reading/source.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {toInstant} from '../translate/translate-service.ts';
import {toNodeName} from '../translate/translate-task.ts';

export type MembershipParts = {readonly source: Source; readonly route: Route; readonly access: NodeAccess};

type RawSwarmSpec = {
	Orchestration?: {TaskHistoryRetentionLimit?: number; [other: string]: unknown};
	Raft?: {SnapshotInterval?: number; KeepOldSnapshots?: number; [other: string]: unknown};
	Dispatcher?: {HeartbeatPeriod?: number; [other: string]: unknown};
	CAConfig?: {NodeCertExpiry?: number; ForceRotate?: number; [other: string]: unknown};
	EncryptionConfig?: {AutoLockManagers?: boolean; [other: string]: unknown};
	[other: string]: unknown;
};

type RawSwarm = {
	readonly ID: string;
	readonly Version: {readonly Index: number};
	readonly CreatedAt: string;
	readonly Spec: RawSwarmSpec;
	readonly TLSInfo?: {readonly TrustRoot?: string};
	readonly RootRotationInProgress?: boolean;
	readonly JoinTokens: {readonly Worker: string; readonly Manager: string};
};

/** At which managers listen for each other, as docker has it. */
const usualListenAddr = '0.0.0.0:2377';
const nanoseconds = 1e6;
/** A node that has joined is ready within moments; one that is not by then is told as it is. */
const readyTries = 100;
const readyEachMs = 200;

export function membershipOf(parts: MembershipParts): MembershipFacet {
	const {route} = parts;
	const read = async () => route.get<RawSwarm>('/swarm');

	/** Somebody else's change between read and write is met by doing it again, once. */
	async function change(spec: (now: RawSwarmSpec) => RawSwarmSpec, query = {}): Promise<void> {
		const write = async () => {
			const {Spec, Version} = await read();
			const docker = await route.docker();
			await docker.post('/swarm/update', spec(Spec), {version: Version.Index, ...query});
		};
		await write().catch((error: unknown) => {
			if (!/changed by somebody else/.test(toClusterError(error).message)) throw error;
			return write();
		});
	}

	return {
		async init(options) {
			const docker = await route.docker();
			return docker.post<string>('/swarm/init', {
				...joinBody(options),
				ForceNewCluster: options.forceNewCluster ?? false,
				Spec: withSettings({}, options),
				...(options.dataPathPort !== undefined && {DataPathPort: options.dataPathPort}),
				...(options.addressPools?.length && {DefaultAddrPool: options.addressPools}),
				...(options.addressPoolMask !== undefined && {SubnetSize: options.addressPoolMask}),
			});
		},
		async facts() {
			const [swarm, managers] = await Promise.all([read(), managersOf(route.connection)]);
			const {Orchestration, Raft, Dispatcher, CAConfig, EncryptionConfig} = swarm.Spec;
			return {
				id: swarm.ID,
				createdAt: toInstant(swarm.CreatedAt),
				settings: {
					autolock: EncryptionConfig?.AutoLockManagers ?? false,
					taskHistoryLimit: Orchestration?.TaskHistoryRetentionLimit ?? 5,
					certExpiryMs: (CAConfig?.NodeCertExpiry ?? 0) / nanoseconds,
					heartbeatMs: (Dispatcher?.HeartbeatPeriod ?? 0) / nanoseconds,
					snapshotInterval: Raft?.SnapshotInterval ?? 0,
					maxSnapshots: Raft?.KeepOldSnapshots ?? 0,
				},
				managers,
				rotatingCa: swarm.RootRotationInProgress ?? false,
				caCertificate: swarm.TLSInfo?.TrustRoot ?? '',
			};
		},
		update: async settings => change(spec => withSettings(spec, settings)),
		async joinToken(role) {
			const {JoinTokens} = await read();
			return role === 'manager' ? JoinTokens.Manager : JoinTokens.Worker;
		},
		rotateJoinToken: async role =>
			change(spec => spec, {[role === 'manager' ? 'rotateManagerToken' : 'rotateWorkerToken']: true}),
		join: async (address, role, options) => join(parts, read, {address, role, options}),
		async leave(node, force) {
			const client = node === undefined ? await route.docker() : await parts.access.clientOf(await find(parts, node));
			await client.post('/swarm/leave', {}, {force});
		},
		async unlockKey() {
			const {UnlockKey} = await route.get<{readonly UnlockKey?: string}>('/swarm/unlockkey');
			return UnlockKey || undefined;
		},
		rotateUnlockKey: async () => change(spec => spec, {rotateManagerUnlockKey: true}),
		async unlock(key, node) {
			const connection = node === undefined ? route.connection : await connect(await endpointOf(parts, node));
			try {
				const docker = await connection.docker();
				await docker.post('/swarm/unlock', {UnlockKey: key});
			} finally {
				if (connection !== route.connection) connection.close();
			}
		},
		rotateCa: async () =>
			change(spec => {
				const {SigningCACert: _, SigningCAKey: __, ...kept} = spec.CAConfig ?? {};
				return {...spec, CAConfig: {...kept, ForceRotate: (kept.ForceRotate ?? 0) + 1}};
			}),
	};
}

function joinBody({advertiseAddr = '', listenAddr = usualListenAddr, dataPathAddr, availability}: JoinOptions): object {
	return {
		ListenAddr: listenAddr,
		AdvertiseAddr: advertiseAddr,
		...(dataPathAddr !== undefined && {DataPathAddr: dataPathAddr}),
		...(availability !== undefined && {Availability: availability}),
	};
}

/** Of a part that is there what it has besides survives. */
function withSettings(spec: RawSwarmSpec, settings: SwarmSettings): RawSwarmSpec {
	const {autolock, taskHistoryLimit, certExpiryMs, heartbeatMs, snapshotInterval, maxSnapshots} = settings;
	return {
		...spec,
		...(autolock !== undefined && {EncryptionConfig: {...spec.EncryptionConfig, AutoLockManagers: autolock}}),
		...(taskHistoryLimit !== undefined && {
			Orchestration: {...spec.Orchestration, TaskHistoryRetentionLimit: taskHistoryLimit},
		}),
		...(certExpiryMs !== undefined && {CAConfig: {...spec.CAConfig, NodeCertExpiry: certExpiryMs * nanoseconds}}),
		...(heartbeatMs !== undefined && {Dispatcher: {...spec.Dispatcher, HeartbeatPeriod: heartbeatMs * nanoseconds}}),
		...((snapshotInterval !== undefined || maxSnapshots !== undefined) && {
			Raft: {
				...spec.Raft,
				...(snapshotInterval !== undefined && {SnapshotInterval: snapshotInterval}),
				...(maxSnapshots !== undefined && {KeepOldSnapshots: maxSnapshots}),
			},
		}),
	};
}

type Joining = {readonly address: string; readonly role: NodeRole; readonly options: JoinOptions};

async function join(
	{route}: MembershipParts,
	read: () => Promise<RawSwarm>,
	{address, role, options}: Joining,
): Promise<string> {
	const {endpoint} = route.connection;
	const where = parseEndpoint(address, 'ADDRESS', endpoint.type === 'tcp' ? endpoint.tls : undefined);
	const [{JoinTokens}, managers] = await Promise.all([read(), managersOf(route.connection)]);
	const other = await connect(where);
	try {
		const docker = await other.docker();
		await docker.post('/swarm/join', {
			...joinBody(options),
			RemoteAddrs: managers,
			JoinToken: role === 'manager' ? JoinTokens.Manager : JoinTokens.Worker,
		});
		const {Swarm} = await infoOf(other);
		for (let tries = 0; tries < readyTries; tries++) {
			const nodes = await route.get<readonly RawNode[]>('/nodes');
			const joined = nodes.find(({ID, Status}) => ID === Swarm?.NodeID && Status.State === 'ready');
			if (joined !== undefined) return toNodeName(joined);
			await new Promise(resolve => setTimeout(resolve, readyEachMs));
		}

		throw new ClusterError('timeout', `${stripControl(address)} has joined, and is not ready yet.`);
	} finally {
		other.close();
	}
}

async function infoOf({read, version}: Connection): Promise<RawInfo> {
	return read.get<RawInfo>(`/${version}/info`, {timeoutMs: 10_000});
}

/**
 * With the port at which they take others in. The one that answers is the first: it can be reached, and docker names it
 * too. The engine tells them in no order.
 */
async function managersOf(connection: Connection): Promise<string[]> {
	const {Swarm} = await infoOf(connection);
	const isThis = ({NodeID}: {NodeID: string}) => NodeID === Swarm?.NodeID;
	return [...(Swarm?.RemoteManagers ?? [])]
		.sort((one, other) => Number(isThis(other)) - Number(isThis(one)) || (one.Addr < other.Addr ? -1 : 1))
		.map(({Addr}) => Addr);
}

async function find({route}: MembershipParts, {id, name}: Ref<'node'>): Promise<RawNode> {
	const nodes = await route.get<readonly RawNode[]>('/nodes');
	const found = nodes.find(({ID, Description}) => (id === undefined ? Description.Hostname === name : ID === id));
	if (found === undefined) {
		throw new ClusterError('not-found', `There is no node ${JSON.stringify(stripControl(name))}.`);
	}

	return found;
}

/**
 * A locked engine does not say which node it is: it is reached by what the others know of it. They may have no majority
 * without it, and know nothing: an address needs none of them, nor does a setting that asks only for its name.
 */
async function endpointOf(parts: MembershipParts, node: Ref<'node'>): Promise<Endpoint> {
	const {template, connection} = parts.route;
	const {endpoint} = connection;
	if (node.name.includes('://'))
		return parseEndpoint(node.name, 'NODE', endpoint.type === 'tcp' ? endpoint.tls : undefined);
	try {
		return nodeEndpoint(await find(parts, node), {endpoint, template});
	} catch (thrown) {
		return withoutMajority(thrown, node, parts);
	}
}

function withoutMajority(thrown: unknown, {name}: Ref<'node'>, {route}: MembershipParts): Endpoint {
	const {code, message} = toClusterError(thrown);
	if (code !== 'unreachable') throw thrown;
	const {template, connection} = route;
	if (template === undefined || /\{(address|id)\}/.test(template)) {
		throw new ClusterError(code, message, {
			hint: 'Name the locked one by the address of its engine instead: muster swarm unlock tcp://HOST:2376.',
			cause: thrown,
		});
	}

	return nodeEndpoint(named(name), {endpoint: connection.endpoint, template});
}

function named(name: string): RawNode {
	return {ID: '', Description: {Hostname: name}, Status: {State: 'unknown'}} as unknown as RawNode;
}
