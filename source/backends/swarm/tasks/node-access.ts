import {setTimeout} from 'node:timers/promises';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {RawInfo, RawNode} from '../api-types.ts';
import {type Connection, connect as connectTo} from '../connection/connection.ts';
import {endpointText} from '../connection/endpoint.ts';
import {nameOf, nodeEndpoint, nodesHint} from '../connection/node-endpoint.ts';
import type {Route} from '../connection/route.ts';
import type {DockerClient} from '../docker.ts';

/** The Docker API of each node of the swarm: what runs on a node only its own engine can reach. */
export type NodeAccess = {
	/** Throws `unsupported` where no way is known, and names the setting that would open one; `unreachable`. */
	clientOf(node: RawNode): Promise<DockerClient>;
	/** The same, for what is only read. */
	connectionOf(node: RawNode): Promise<Connection>;
	/** The ids of those whose engines do not answer in time; of those to which no way is known nothing can be said. */
	silent(nodes: readonly RawNode[]): Promise<ReadonlySet<string>>;
	/** Which node the engine that is talked to is. */
	ownId(): Promise<string | undefined>;
	close(): void;
};

export type AccessOptions = {
	readonly route: Route;
	/** `tcp://{address}:2376`, `ssh://{name}`, `unix:///run/{name}.sock`: how other nodes are reached. */
	readonly template: string | undefined;
};

/** An engine that does not answer within this is silent. */
const silentMs = 2500;

export function nodeAccess({route, template}: AccessOptions): NodeAccess {
	const others = new Map<string, Promise<Connection>>();
	const connections: Connection[] = [];
	/** Which node the manager itself is: asked once, and again where it did not answer. */
	const own = new WeakMap<Connection, Promise<string | undefined>>();

	async function ownIdOf(connection: Connection): Promise<string | undefined> {
		const asked = own.get(connection) ?? nodeIdOf(connection);
		own.set(connection, asked);
		try {
			return await asked;
		} catch (error) {
			own.delete(connection);
			throw error;
		}
	}

	async function connect(node: RawNode): Promise<Connection> {
		const endpoint = nodeEndpoint(node, {endpoint: route.connection.endpoint, template});
		const where = endpointText(endpoint);
		const other = await connectTo(endpoint, {timeoutMs: 10_000});
		connections.push(other);
		if ((await nodeIdOf(other)) !== node.ID) {
			throw new ClusterError('unreachable', `At ${where} there is another engine than that of ${nameOf(node)}.`, {
				hint: nodesHint,
			});
		}

		return other;
	}

	async function connectionOf(node: RawNode): Promise<Connection> {
		const {connection} = route;
		if ((await ownIdOf(connection)) === node.ID) return connection;
		const known = others.get(node.ID) ?? connect(node);
		others.set(node.ID, known);
		try {
			return await known;
		} catch (error) {
			// It may be there the next time.
			others.delete(node.ID);
			throw error;
		}
	}

	async function isSilent(node: RawNode): Promise<boolean> {
		try {
			const {read} = await connectionOf(node);
			await read.get('/version', {timeoutMs: silentMs});
			return false;
		} catch (thrown) {
			return toClusterError(thrown).code !== 'unsupported';
		}
	}

	return {
		connectionOf,
		async silent(nodes) {
			const asked = nodes.map(async node => Promise.race([isSilent(node), setTimeout(silentMs, true, {ref: false})]));
			const answers = await Promise.all(asked);
			return new Set(nodes.filter((_, index) => answers[index]).map(({ID}) => ID));
		},
		ownId: () => ownIdOf(route.connection),
		async clientOf(node) {
			const connection = await connectionOf(node);
			return connection.docker();
		},
		close() {
			for (const connection of connections) connection.close();
		},
	};
}

async function nodeIdOf({read, version}: Connection): Promise<string | undefined> {
	const {Swarm} = await read.get<RawInfo>(`/${version}/info`, {timeoutMs: 10_000});
	return Swarm?.NodeID;
}
