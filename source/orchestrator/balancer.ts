/** One instance that may take new connections. */
export type RouteTarget = {readonly instanceId: string; readonly host: string; readonly port: number};

/** One published port. */
export type Route = {
	readonly serviceId: string;
	readonly serviceName: string;
	/** Address to listen on: 127.0.0.1 unless the user published to another. */
	readonly host: string;
	readonly published: number;
	readonly targets: readonly RouteTarget[];
};

/** Always whole. `serial` grows with each table; a balancer that has a later one drops an earlier one. */
export type RoutingTable = {readonly serial: number; readonly routes: readonly Route[]};

/**
 * The load balancer as the orchestrator sees it. When a table is in force it tells `BalancerEvents.routesApplied`; the
 * orchestrator lets an instance be stopped only when a table without it is (or the balancer has been silent for 1 s).
 */
export type Balancer = {
	publish(table: RoutingTable): void;
};

export type BalancerEvents = {
	routesApplied(serial: number): void;
};
