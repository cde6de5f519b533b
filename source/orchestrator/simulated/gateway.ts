import type {Clock} from '../../core/clock.ts';
import type {Balancer, BalancerEvents, RoutingTable} from '../balancer.ts';
import {between, type Range} from './random.ts';
import type {World} from './world.ts';

const pace = {
	underWayMs: [0, 30],
	applyMs: [0, 200],
	reconnectMs: [50, 500],
} as const satisfies Record<string, Range>;

/** The gateway's process: holds its last table in a file, and goes on while the daemon does not. */
export class SimulatedGateway {
	/** In force, or in the file while it is dead. */
	table: RoutingTable = {serial: 0, routes: []};
	/** The daemon that is there now. */
	balancer: SimulatedBalancer | undefined;
	readonly #world: World;
	/** Counted at each death and lost connection, so that what was under way then is lost. */
	#session = 0;
	#isAlive = true;
	#connected: SimulatedBalancer | undefined;

	constructor(world: World) {
		this.#world = world;
		this.#connect();
	}

	/** kill -9; it is started again after the time. */
	die(forMs: number): void {
		this.#world.observer.note?.(() => `gateway dies for ${forMs} ms`);
		this.#isAlive = false;
		this.disconnected();
		this.#world.clock.after(forMs, () => {
			this.#isAlive = true;
			this.#connect();
		});
	}

	disconnected(): void {
		this.#session++;
		this.#connected = undefined;
		this.#connect();
	}

	isConnectedTo(balancer: SimulatedBalancer): boolean {
		return this.#connected === balancer;
	}

	send(table: RoutingTable): void {
		this.#later('underWayMs', () => {
			if (table.serial >= this.table.serial) {
				this.#later('applyMs', () => this.#apply(table));
			}
		});
	}

	#apply(table: RoutingTable): void {
		if (table.serial >= this.table.serial) {
			this.table = table;
			const daemon = this.#connected;
			daemon?.clock.after(this.#take('underWayMs'), () => daemon.applied(table.serial));
		}
	}

	#connect(): void {
		this.#later('reconnectMs', () => {
			if (this.#connected === undefined && this.#isAlive) {
				this.#connected = this.balancer;
				this.#connected === undefined ? this.#connect() : this.#connected.hello(this.table.serial);
			}
		});
	}

	#later(pause: keyof typeof pace, run: () => void): void {
		const session = this.#session;
		this.#world.clock.after(this.#take(pause), () => {
			if (session === this.#session) {
				run();
			}
		});
	}

	#take(what: keyof typeof pace): number {
		return between(this.#world.random, pace[what]);
	}
}

/** The daemon's side of it: dies with the daemon. */
export class SimulatedBalancer implements Balancer {
	/** The daemon's. */
	readonly clock: Clock;
	readonly #gateway: SimulatedGateway;
	readonly #events: () => BalancerEvents;
	/** Added to each serial: the gateway has seen those of earlier daemons. */
	#base = 0;
	#table: RoutingTable | undefined;

	constructor(gateway: SimulatedGateway, clock: Clock, events: () => BalancerEvents) {
		this.#gateway = gateway;
		this.clock = clock;
		this.#events = events;
	}

	publish(table: RoutingTable): void {
		this.#table = table;
		this.#send();
	}

	hello(serial: number): void {
		this.clock.after(0, () => {
			this.#base = Math.max(this.#base, serial + 1);
			this.#send();
		});
	}

	applied(serial: number): void {
		if (serial > this.#base) {
			this.#events().routesApplied(serial - this.#base);
		}
	}

	#send(): void {
		if (this.#table !== undefined && this.#gateway.isConnectedTo(this)) {
			this.#gateway.send({...this.#table, serial: this.#base + this.#table.serial});
		}
	}
}
