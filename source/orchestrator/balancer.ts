import type {HttpRules} from '../core/model/index.ts';

export type {HttpRules} from '../core/model/index.ts';

/** One instance that may take new connections. */
export type RouteTarget = {
	readonly instanceId: string;
	readonly host: string;
	readonly port: number;
	/** A unix socket where it answers, too. */
	readonly socket?: string;
};

/** One published port. */
export type Route = {
	readonly serviceId: string;
	readonly serviceName: string;
	/** Address to listen on: 127.0.0.1 unless the user published to another. */
	readonly host: string;
	readonly published: number;
	readonly targets: readonly RouteTarget[];
	/** Absent: bytes are passed on as they come. Several routes may listen on one port by different rules. */
	readonly http?: HttpRules;
	/** The secret that ends TLS, and which version of it. */
	readonly tls?: {readonly secret: string; readonly version: number};
	readonly proxyProtocol?: boolean;
	/** Who comes while there is no target waits for one, and is told of by `demanded`. */
	readonly holds?: boolean;
};

/** The names on one network, and where they are asked for. */
export type NameTable = {
	readonly network: string;
	readonly address: string;
	/** Name → IPv4 address. */
	readonly names: Readonly<Record<string, string>>;
};

/** Always whole. `serial` grows with each table; a balancer that has a later one drops an earlier one. */
export type RoutingTable = {
	readonly serial: number;
	readonly routes: readonly Route[];
	/** Absent: no names are told. */
	readonly names?: readonly NameTable[];
};

/**
 * The load balancer as the orchestrator sees it. When a table is in force it tells `BalancerEvents.routesApplied`; the
 * orchestrator lets an instance be stopped only when a table without it is (or the balancer has been silent for 1 s).
 */
export type Balancer = {
	publish(table: RoutingTable): void;
};

export type BalancerEvents = {
	routesApplied(serial: number): void;
	/** Somebody waits for a service that has nobody to answer. Told again about each second, as long as it is so. */
	demanded?(serviceId: string): void;
};
