import {closeSync} from 'node:fs';
import type {Socket} from 'node:net';
import type {Route, RoutingTable} from '../../../orchestrator/balancer.ts';
import type {GatewayMessage} from '../protocol.ts';
import {maxConnections} from './connection-limit.ts';
import type {Listening} from './handover.ts';
import type {InstanceStats, ServiceStats} from './metrics.ts';
import {type Front, PublishedPort} from './published-port.ts';
import {reset} from './reset.ts';
import {type Certificate, Certificates} from './tls-contexts.ts';
import {TrafficWindow} from './traffic-window.ts';

/** Losing connections happens as often as clients come: one line for all of this time. */
const complaintEveryMs = 10_000;

export type FailedPorts = Extract<GatewayMessage, {type: 'applied'}>['failed'];

type Counts = {connections: number; opened: number};

export type GatewayOptions = {
	readonly log: (message: string) => void;
	/** A port that could not be opened can be now, or fails otherwise: `failed` tells. */
	readonly failedChanged: () => void;
	/** Somebody waits for a service that has no targets. */
	readonly demanded?: (serviceId: string) => void;
	/** Open connections of clients, of all services together. */
	readonly maxConnections?: number;
	/** Sockets that listen already, by key: for the first table; those that it has no use for are closed. */
	readonly handed?: Map<string, number>;
};

/** Everything that listens, by the routing table. Connections outlive the table that they came by. */
export class Gateway {
	readonly #options: GatewayOptions;
	readonly #ports = new Map<string, PublishedPort>();
	readonly #counts = new Map<string, Counts>();
	readonly #clients = new Set<Socket>();
	readonly #window = new TrafficWindow();
	readonly #certificates: Certificates;
	#complainedMs = Number.NEGATIVE_INFINITY;
	#isLeaving = false;

	constructor(options: GatewayOptions) {
		this.#options = options;
		this.#certificates = new Certificates(options.log);
	}

	/** Nobody who is not in the table is chosen from now on; fulfilled when every port was opened or has failed to. */
	async apply({routes}: RoutingTable, certificates: readonly Certificate[] = []): Promise<void> {
		this.#certificates.replace(certificates);
		const wanted = Map.groupBy(routes, keyOf);
		for (const [key, port] of this.#ports) {
			const isSecure = wanted.get(key)?.[0]?.tls !== undefined;
			if (!wanted.has(key) || isSecure !== port.isSecure) {
				port.close();
				this.#ports.delete(key);
			}
		}

		for (const [key, list] of wanted) {
			this.#publish(key, list);
		}

		this.#closeHanded();
		this.#forgetCounts();
		await Promise.all([...this.#ports.values()].map(({listener}) => listener.tried));
	}

	get failed(): FailedPorts {
		return [...this.#ports.values()].flatMap(({fronts, listener: {problem: message}}) =>
			message === undefined ? [] : fronts.slice(0, 1).map(({route: {published}}) => ({published, message})),
		);
	}

	/** By service: open connections, and how many there were since the start of this process; of HTTP requests besides. */
	get stats(): ServiceStats {
		const services = [...this.#counts].map(([serviceId, counts]) => {
			const requests = this.#fronts.filter(({route, http}) => http && route.serviceId === serviceId);
			return [serviceId, {...counts, ...this.#window.service(requests)}];
		});
		return Object.fromEntries(services);
	}

	/** By instance, of those that have connections or had requests a moment ago. */
	get instanceStats(): InstanceStats {
		return this.#window.instances(this.#fronts);
	}

	/** Once a second: what the figures of a moment ago are. */
	tick(): void {
		for (const {pool} of this.#fronts) {
			for (const {idle} of pool.targets) {
				idle?.tidy();
			}
		}

		this.#window.tick(this.#fronts);
		for (const port of this.#ports.values()) {
			for (const serviceId of port.demanded) {
				this.#options.demanded?.(serviceId);
			}
		}
	}

	/** By the key of its port: what another process can listen on, too. */
	get listening(): readonly Listening[] {
		return [...this.#ports].flatMap(([key, {listener}]) => (listener.server ? [{key, server: listener.server}] : []));
	}

	/** Nobody new comes from now on. Fulfilled when the last client has gone; those of HTTP are sent away with their next answer. */
	async leave(): Promise<void> {
		this.#isLeaving = true;
		await Promise.all([...this.#ports.values()].map(({listener}) => listener.leave()));
	}

	/** Somebody waits for a service to start. */
	get isHolding(): boolean {
		return [...this.#ports.values()].some(port => [...port.demanded].length > 0);
	}

	/** For who is still here after `leave`: the targets by a later table; ports are its successor's. */
	follow({routes}: RoutingTable): void {
		for (const [key, list] of Map.groupBy(routes, keyOf)) {
			this.#ports.get(key)?.replace(list);
		}
	}

	/** Ends everything at once. */
	close(): void {
		for (const port of this.#ports.values()) {
			port.close();
		}

		for (const client of this.#clients) {
			reset(client);
		}
	}

	get #fronts(): readonly Front[] {
		return [...this.#ports.values()].flatMap(({fronts}) => fronts);
	}

	#publish(key: string, routes: readonly Route[]): void {
		const port = this.#ports.get(key);
		if (port) {
			port.replace(routes);
			return;
		}

		this.#ports.set(
			key,
			new PublishedPort(routes, {
				admit: (client, front) => this.#admit(client, front),
				counted: (client, front) => this.#count(client, front),
				demanded: serviceId => this.#options.demanded?.(serviceId),
				changed: this.#options.failedChanged,
				lost: (published, why) => this.#lost(published, why),
				certificates: this.#certificates,
				fd: this.#takeHanded(key),
				isLeaving: () => this.#isLeaving,
			}),
		);
	}

	#admit(client: Socket, front: Front | undefined): boolean {
		const {maxConnections: most = maxConnections} = this.#options;
		if (this.#clients.size >= most) {
			this.#lost(front?.route.published ?? 0, `${most} are open, which is as many as this process may hold`);
			return false;
		}

		this.#clients.add(client);
		client.once('close', () => this.#clients.delete(client));
		return true;
	}

	#count(client: Socket, {route}: Front): void {
		const counts = this.#countsOf(route.serviceId);
		counts.connections++;
		counts.opened++;
		client.once('close', () => {
			counts.connections--;
		});
	}

	#lost(published: number, why: string): void {
		const nowMs = performance.now();
		if (nowMs - this.#complainedMs >= complaintEveryMs) {
			this.#complainedMs = nowMs;
			this.#options.log(`port ${published}: a connection was lost: ${why}`);
		}
	}

	#takeHanded(key: string): number | undefined {
		const fd = this.#options.handed?.get(key);
		this.#options.handed?.delete(key);
		return fd;
	}

	#closeHanded(): void {
		for (const fd of this.#options.handed?.values() ?? []) {
			closeSync(fd);
		}

		this.#options.handed?.clear();
	}

	#countsOf(serviceId: string): Counts {
		const counts = this.#counts.get(serviceId) ?? {connections: 0, opened: 0};
		this.#counts.set(serviceId, counts);
		return counts;
	}

	/** Of services that are published no more. */
	#forgetCounts(): void {
		const services = new Set(this.#fronts.map(({route}) => route.serviceId));
		for (const [serviceId, {connections}] of this.#counts) {
			if (connections === 0 && !services.has(serviceId)) {
				this.#counts.delete(serviceId);
			}
		}
	}
}

function keyOf({host, published}: Route): string {
	return `${host} ${published}`;
}
