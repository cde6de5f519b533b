import type {Socket} from 'node:net';
import type {Route, RoutingTable} from '../../../orchestrator/balancer.ts';
import type {GatewayMessage} from '../protocol.ts';
import {Listener} from './listener.ts';
import {relay} from './relay.ts';
import {TargetPool} from './target-pool.ts';

/** Of all services together; who comes beyond that is reset. Each needs two of the process's files. */
export const maxConnections = 10_000;

/** Losing connections happens as often as clients come: one line for all of this time. */
const complaintEveryMs = 10_000;

export type FailedPorts = Extract<GatewayMessage, {type: 'applied'}>['failed'];
export type ServiceStats = Extract<GatewayMessage, {type: 'stats'}>['services'];

type Published = {route: Route; readonly pool: TargetPool; readonly listener: Listener};
type Counts = {connections: number; opened: number};

export type GatewayOptions = {
	readonly log: (message: string) => void;
	/** A port that could not be opened can be now, or fails otherwise: `failed` tells. */
	readonly failedChanged: () => void;
};

/** Everything that listens, by the routing table. Connections outlive the table that they came by. */
export class Gateway {
	readonly #options: GatewayOptions;
	readonly #published = new Map<string, Published>();
	readonly #counts = new Map<string, Counts>();
	readonly #clients = new Set<Socket>();
	#complainedMs = Number.NEGATIVE_INFINITY;

	constructor(options: GatewayOptions) {
		this.#options = options;
	}

	/** Nobody who is not in the table is chosen from now on; fulfilled when every port was opened or has failed to. */
	async apply({routes}: RoutingTable): Promise<void> {
		const wanted = new Map(routes.map(route => [`${route.host} ${route.published}`, route]));
		for (const [key, {listener}] of this.#published) {
			if (!wanted.has(key)) {
				listener.close();
				this.#published.delete(key);
			}
		}

		for (const [key, route] of wanted) {
			this.#publish(key, route);
		}

		this.#forgetCounts();
		await Promise.all([...this.#published.values()].map(({listener}) => listener.tried));
	}

	get failed(): FailedPorts {
		return [...this.#published.values()].flatMap(({route: {published}, listener: {problem: message}}) =>
			message === undefined ? [] : [{published, message}],
		);
	}

	/** By service: open connections, and how many there were since the start of this process. */
	get stats(): ServiceStats {
		return Object.fromEntries([...this.#counts].map(([serviceId, counts]) => [serviceId, {...counts}]));
	}

	/** Ends everything at once. */
	close(): void {
		for (const {listener} of this.#published.values()) {
			listener.close();
		}

		for (const client of this.#clients) {
			client.resetAndDestroy();
		}
	}

	#publish(key: string, route: Route): void {
		const published = this.#published.get(key) ?? this.#open(route);
		published.route = route;
		published.pool.replace(route.targets);
		this.#published.set(key, published);
	}

	#open(route: Route): Published {
		const published: Published = {
			route,
			pool: new TargetPool(),
			listener: new Listener({
				host: route.host,
				port: route.published,
				accept: client => this.#accept(client, published),
				changed: this.#options.failedChanged,
				lost: error => this.#lost(route, error.message),
			}),
		};
		return published;
	}

	#accept(client: Socket, {route, pool}: Published): void {
		if (this.#clients.size >= maxConnections) {
			client.resetAndDestroy();
			this.#lost(route, `${maxConnections} are open`);
			return;
		}

		const counts = this.#countsOf(route.serviceId);
		counts.connections++;
		counts.opened++;
		this.#clients.add(client);
		client.once('close', () => {
			counts.connections--;
			this.#clients.delete(client);
		});
		relay(client, pool, error => this.#lost(route, error.message));
	}

	#lost({published}: Route, why: string): void {
		const nowMs = performance.now();
		if (nowMs - this.#complainedMs >= complaintEveryMs) {
			this.#complainedMs = nowMs;
			this.#options.log(`port ${published}: a connection was lost: ${why}`);
		}
	}

	#countsOf(serviceId: string): Counts {
		const counts = this.#counts.get(serviceId) ?? {connections: 0, opened: 0};
		this.#counts.set(serviceId, counts);
		return counts;
	}

	/** Of services that are published no more. */
	#forgetCounts(): void {
		const services = new Set([...this.#published.values()].map(({route}) => route.serviceId));
		for (const [serviceId, {connections}] of this.#counts) {
			if (connections === 0 && !services.has(serviceId)) {
				this.#counts.delete(serviceId);
			}
		}
	}
}
