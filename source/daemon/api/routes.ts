import type {Socket} from 'node:net';
import type {AttachQuery, DaemonVersion, ExecQuery} from '../../backends/local/protocol.ts';
import {acceptUpgrade} from '../../backends/local/upgrade.ts';
import type {Backend, ComponentHealth, LogLine, LogQuery, Patch, Ref} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import {holdsRoom} from '../../core/instance-state.ts';
import type {Instance, Kind, NodeSpec, PoolSpec, ServiceSpec} from '../../core/model/index.ts';
import {sumUsage} from '../../core/pulse/usage-sums.ts';
import type {Orchestrator} from '../../orchestrator/orchestrator.ts';
import {serviceHistory} from '../../orchestrator/queries/history.ts';
import type {RemoteAccess} from '../access/remote-access.ts';
import type {CertificateAdmission} from '../admission/certificate-admission.ts';
import type {MetricsListener} from '../figures/metrics-listener.ts';
import type {UsageBoard} from '../figures/usage.ts';
import type {ImageBoard} from '../image-board.ts';
import {openTunnel} from '../sessions/tunnel-pipe.ts';
import {listJson, sumsAnswer} from './json-cache.ts';
import * as read from './requests.ts';
import type {Routes} from './server.ts';
import {watchLines} from './watch.ts';

/** What the API is a face of. */
export type ApiParts = {
	/** Asked by a client before all else: answered when the daemon is fit for work. */
	readonly version: () => Promise<DaemonVersion>;
	readonly orchestrator: Orchestrator;
	/** Its lists come without figures, so that the objects are the store's own. */
	readonly objects: Pick<Backend, 'list' | 'watch'>;
	readonly usage: UsageBoard;
	/** Checks what a service needs on this machine, then writes it with the ports to listen on. */
	readonly admitted: <T>(
		patch: Patch<ServiceSpec>,
		ref: Ref<'service'>,
		write: (publishedPorts: readonly number[] | undefined) => T,
	) => Promise<T>;
	readonly certificates: Pick<CertificateAdmission, 'admitService' | 'admitSecret'>;
	readonly logs: (query: LogQuery, signal: AbortSignal) => AsyncIterable<LogLine>;
	/** False: the node's agent is not there. */
	readonly kill: (instance: Instance, signal: string) => boolean;
	readonly images: Pick<ImageBoard, 'add' | 'remove'>;
	/** What lies in the folders of volumes that are gone may go. */
	readonly volumeRemoved: () => void;
	readonly health: () => readonly ComponentHealth[];
	/** Fulfilled when what was written so far is on the disk. */
	readonly kept: () => Promise<void>;
	readonly stop: (all: boolean) => Promise<void>;
	readonly access: RemoteAccess;
	/** Writes the store as it is into a file of the state folder; answers with that. */
	readonly copyStore: () => string;
	readonly metrics: () => string;
	readonly metricsListener: Pick<MetricsListener, 'listen' | 'listening'>;
	readonly session: (
		instance: Instance,
		request: ({type: 'exec'} & ExecQuery) | ({type: 'attach'} & AttachQuery),
		socket: Socket,
		head: Uint8Array,
	) => Promise<void>;
	readonly acceptAgent: (socket: Socket, head: Uint8Array) => void;
	readonly acceptGateway: (socket: Socket, head: Uint8Array) => void;
};

export function createRoutes(parts: ApiParts): Routes {
	const {orchestrator, usage, access} = parts;
	const instance = (id: string) => findInstance(parts, id);
	return {
		answers: {
			'GET /v1/version': async ({asker}) => ({...(await parts.version()), asker}),
			'GET /v1/list': async ({query}) => {
				const asked = read.readListQuery(query);
				const {items, revision} = await parts.objects.list(asked);
				return listJson(items, revision, hasUsage(asked.kind) ? id => usage.get(id) : () => undefined);
			},
			'POST /v1/apply': async ({body}) => apply(parts, body),
			'POST /v1/remove': async ({body}) => {
				const {ref, ...options} = read.readRemove(body);
				await (ref.kind === 'image' ? parts.images.remove(ref.name) : orchestrator.remove(ref, options));
				if (ref.kind === 'volume') {
					parts.volumeRemoved();
				}
			},
			'POST /v1/kill': ({body}) => {
				const {instanceId, signal} = read.readKill(body);
				if (!parts.kill(instance(instanceId), signal)) {
					throw new ClusterError('unreachable', 'The agent of its node is not there now.', {
						hint: 'Try again in a few seconds.',
					});
				}
			},
			'POST /v1/move': ({body}) => orchestrator.moveInstances(read.readMove(body).instanceIds),
			'POST /v1/fail-node': ({body}) => {
				const {nodeId, forMs} = read.readFailNode(body);
				const node = orchestrator.store.get('node', nodeId);
				orchestrator.failNode({kind: 'node', id: nodeId, name: node?.name ?? nodeId}, forMs);
			},
			'POST /v1/images': ({body}) => {
				const {path, name} = read.readImage(body);
				return parts.images.add(path, name);
			},
			'GET /v1/history': ({query}) => serviceHistory(orchestrator.store, read.readHistory(query)),
			'GET /v1/health': () => parts.health(),
			'GET /v1/metrics': () => ({text: parts.metrics(), listening: parts.metricsListener.listening}),
			'POST /v1/copy-store': () => ({file: parts.copyStore()}),
			'POST /v1/metrics/listen': async ({body}) => {
				const {host = '127.0.0.1', port} = read.readListen(body);
				return {listening: await parts.metricsListener.listen(port === undefined ? undefined : {host, port})};
			},
			'GET /v1/access': () => access.list(),
			'POST /v1/access/grant': ({body}) => access.board.grant(read.readGrant(body)),
			'POST /v1/access/rotate': ({body}) => access.board.rotate(read.readRotate(body)),
			'POST /v1/access/revoke': ({body}) => access.board.revoke(read.readRevoke(body).name),
			'POST /v1/access/listen': async ({body}) => {
				const {host = '127.0.0.1', port} = read.readListen(body);
				return {listening: await access.listen(port === undefined ? undefined : {host, port})};
			},
			'GET /v1/usage-sums': async () => {
				const {items} = await parts.objects.list({kind: 'instance'});
				return sumsAnswer(sumUsage(items, ({id}) => usage.get(id)));
			},
			'POST /v1/stop': ({body}) => parts.stop(read.readStop(body).all),
		},
		kept: parts.kept,
		texts: {'GET /metrics': () => parts.metrics()},
		lines: {
			'GET /v1/watch': ({query, since = ''}, signal) =>
				watchLines(parts.objects, read.readListQuery(query), since, signal),
			'GET /v1/logs': ({query}, signal) => logLines(parts.logs(read.readLogsQuery(query), signal)),
		},
		upgrades: {
			'GET /v1/exec muster-session': ({query}, socket, head) => {
				const asked = read.readExec(query);
				return parts.session(instance(asked.instanceId), {type: 'exec', ...asked}, socket, head);
			},
			'GET /v1/attach muster-session': ({query}, socket, head) => {
				const asked = read.readAttach(query);
				return parts.session(instance(asked.instanceId), {type: 'attach', ...asked}, socket, head);
			},
			'GET /v1/connect muster-tunnel': ({query}, socket, head) => {
				const {instanceId, port} = read.readConnect(query);
				return openTunnel(socket, head, instance(instanceId), port);
			},
			'GET /v1/agent muster-agent': (_, socket, head) => {
				acceptUpgrade(socket, 'muster-agent');
				parts.acceptAgent(socket, head);
			},
			'GET /v1/gateway muster-gateway': (_, socket, head) => {
				acceptUpgrade(socket, 'muster-gateway');
				parts.acceptGateway(socket, head);
			},
		},
	};
}

async function apply({orchestrator, admitted, certificates}: ApiParts, body: unknown): Promise<object> {
	const {ref, patch, ...options} = read.readApply(body);
	if (ref.kind === 'node') {
		return orchestrator.applyNode({...ref, kind: 'node'}, patch as Patch<NodeSpec>, options);
	}

	if (ref.kind === 'pool') {
		return orchestrator.applyPool({...ref, kind: 'pool'}, patch as Patch<PoolSpec>, options);
	}

	if (ref.kind === 'secret') {
		certificates.admitSecret(ref, patch);
	}

	if (ref.kind !== 'service') {
		return orchestrator.applyStored({...ref, kind: ref.kind}, patch, options);
	}

	const service = {...ref, kind: 'service' as const};
	const spec = patch as Patch<ServiceSpec>;
	certificates.admitService(spec);
	return admitted(spec, service, publishedPorts =>
		orchestrator.applyService(service, spec, {...options, ...(publishedPorts && {publishedPorts})}),
	);
}

/** Only what has not ended can be reached. */
function findInstance({orchestrator}: ApiParts, id: string): Instance {
	const found = orchestrator.store.get('instance', id);
	if (!found) {
		throw new ClusterError('not-found', `There is no instance ${id}.`);
	}

	if (!holdsRoom(found.status.state)) {
		throw new ClusterError('conflict', `Instance ${found.name} does not run: its state is ${found.status.state}.`);
	}

	return found;
}

function hasUsage(kind: Kind): boolean {
	return kind === 'instance' || kind === 'node';
}

async function* logLines(lines: AsyncIterable<LogLine>): AsyncIterable<string> {
	for await (const line of lines) {
		yield JSON.stringify(line);
	}
}
