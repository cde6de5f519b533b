import {ClusterError, toClusterError} from '../../../core/error.ts';
import {RequestRate} from '../../../core/request-rate.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawInfo, RawNode} from '../api-types.ts';
import type {DockerClient} from '../docker.ts';
import {type Connection, connect} from './connection.ts';
import {type Endpoint, endpointText} from './endpoint.ts';
import {nodeEndpoint} from './node-endpoint.ts';
import type {Ask} from './request.ts';
import type {SwarmCalls} from './swarm-calls.ts';

/** What a list is read with; the version of the API goes before each path by itself. */
export type Reads = {
	get<T>(path: string, ask?: Ask): Promise<T>;
	/** An answer of one JSON text a line. */
	lines<T>(path: string, ask?: Ask): Promise<readonly T[]>;
};

export type RouteOptions = {
	/** The one that the context names, and others that may stand in for it. */
	readonly endpoints: readonly [Endpoint, ...Endpoint[]];
	/** How other nodes are reached: see node-access.ts. */
	readonly template: string | undefined;
};

/** Whether another manager is there is asked of all at once, and this long. */
const lookMs = 4000;

/** The way into a swarm: through one manager, and when that is gone, or was never one, through another. */
export class Route implements Reads {
	readonly #options: RouteOptions;
	#connection: Connection;
	/** As the nodes were told last. */
	#managers: readonly RawNode[] = [];
	#moving: Promise<boolean> | undefined;
	readonly #rate: RequestRate;

	private constructor(connection: Connection, options: RouteOptions, rate: RequestRate) {
		this.#connection = connection;
		this.#options = options;
		this.#rate = rate;
	}

	/** Through the first that answers; throws why the first does not. */
	static async open(options: RouteOptions): Promise<Route> {
		const [first, ...others] = options.endpoints;
		const rate = new RequestRate();
		const onRequest = noteIn(rate);
		try {
			return new Route(await connect(first, {}, onRequest), options, rate);
		} catch (error) {
			for (const endpoint of others) {
				const connection = await connect(endpoint, {timeoutMs: lookMs}, onRequest).catch(() => undefined);
				if (connection !== undefined) return new Route(connection, options, rate);
			}

			throw error;
		}
	}

	get connection(): Connection {
		return this.#connection;
	}

	/** How other nodes are reached, where a setting says it. */
	get template(): string | undefined {
		return this.#options.template;
	}

	/** Their addresses, as the engine that is talked to knows them by itself; none where it does not answer. */
	async managers(): Promise<readonly string[]> {
		return managersOf(this.#connection).catch(() => []);
	}

	/** Requests to managers within the last minute. */
	get requestRate(): number {
		return this.#rate.inLastMinute(performance.now());
	}

	/** Changes of services and nodes. */
	get calls(): SwarmCalls {
		return this.#connection.calls;
	}

	docker(): Promise<DockerClient> {
		return this.#connection.docker();
	}

	noteNodes(nodes: readonly RawNode[]): void {
		this.#managers = nodes.filter(({ManagerStatus}) => ManagerStatus !== undefined);
	}

	async get<T>(path: string, ask?: Ask): Promise<T> {
		return this.#through(({read, version}) => read.get<T>(`/${version}${path}`, ask), ask);
	}

	async lines<T>(path: string, ask?: Ask): Promise<readonly T[]> {
		return this.#through(({read, version}) => read.lines<T>(`/${version}${path}`, ask), ask);
	}

	close(): void {
		this.#connection.close();
	}

	async #through<T>(read: (connection: Connection) => Promise<T>, ask: Ask | undefined): Promise<T> {
		const connection = this.#connection;
		try {
			return await read(connection);
		} catch (thrown) {
			const error = toClusterError(thrown);
			const isLost = error.code === 'unreachable' || /worker of its swarm/.test(error.message);
			if (!isLost || ask?.signal?.aborted) throw thrown;
			if (connection === this.#connection) {
				this.#moving ??= this.#move(connection, error.code === 'unsupported').finally(() => {
					this.#moving = undefined;
				});
				if (!(await this.#moving)) throw await this.#explained(error, connection);
			}

			return read(this.#connection);
		}
	}

	/** To the first other manager that answers for the whole swarm. */
	async #move(from: Connection, isWorker: boolean): Promise<boolean> {
		const candidates = await this.#candidates(from, isWorker);
		const asked = candidates.map(async endpoint => {
			const connection = await connect(endpoint, {timeoutMs: lookMs}, noteIn(this.#rate));
			try {
				// Only who has a leader knows the nodes.
				await connection.read.get(`/${connection.version}/nodes`, {timeoutMs: lookMs});
				return connection;
			} catch (error) {
				connection.close();
				throw error;
			}
		});
		const found = await Promise.any(asked).catch(() => undefined);
		if (found === undefined) return false;
		this.#connection = found;
		from.close();
		for (const one of await Promise.allSettled(asked)) {
			if (one.status === 'fulfilled' && one.value !== found) one.value.close();
		}

		return true;
	}

	async #candidates(from: Connection, isWorker: boolean): Promise<Endpoint[]> {
		const addresses = [
			...this.#managers.map(node => ({node})),
			...(isWorker ? await managersOf(from).catch(() => []) : []).map(address => ({node: asNode(address)})),
		];
		const derived = addresses.flatMap(({node}) => {
			try {
				return [nodeEndpoint(node, {endpoint: from.endpoint, template: this.#options.template})];
			} catch {
				return [];
			}
		});
		const known = endpointText(from.endpoint);
		const byText = new Map([...this.#options.endpoints, ...derived].map(one => [endpointText(one), one]));
		byText.delete(known);
		return [...byText.values()];
	}

	/** A worker names the managers: somebody may know the way. */
	async #explained(error: ClusterError, connection: Connection): Promise<ClusterError> {
		if (error.code !== 'unsupported') return error;
		const managers = (await managersOf(connection).catch(() => [])).map(one => stripControl(one));
		return new ClusterError(
			'unsupported',
			`${error.message.replace(/\.$/, '')}: ${managers.join(', ') || 'none is known'}.`,
			{
				cause: error,
				hint: 'None of them could be reached from here. Name one as context, or set MUSTER_SWARM_NODES to how nodes are reached.',
			},
		);
	}
}

function noteIn(rate: RequestRate): () => void {
	return () => rate.note(performance.now());
}

/** The addresses of the managers, without the port at which they speak to each other. */
async function managersOf({read, version}: Connection): Promise<string[]> {
	const {Swarm} = await read.get<RawInfo>(`/${version}/info`, {timeoutMs: lookMs});
	return (Swarm?.RemoteManagers ?? []).map(({Addr}) => Addr.replace(/:\d+$/, ''));
}

function asNode(address: string): RawNode {
	return {ID: '', Description: {}, Status: {State: 'unknown', Addr: address}} as unknown as RawNode;
}
