import {readFileSync, watchFile} from 'node:fs';
import type {Server} from 'node:net';
import type {NameTable, RoutingTable} from '../../../../orchestrator/balancer.ts';
import {relay} from '../../gateway/relay.ts';
import {TableFile} from '../../gateway/table-file.ts';
import {TargetPool} from '../../gateway/target-pool.ts';
import {type Door, doorKey, doorsOf, gatewayOf, type OpenDoor, rulesOf} from './container-doors.ts';
import {tellNames} from './container-names.ts';
import type {ContainerOrder} from './docker-order.ts';
import {type Opened, openWithin} from './open-within.ts';

type Network = NonNullable<ContainerOrder['network']> & {
	/** Who is asked for names that are none of muster's; absent: whom the machine asks. */
	readonly servers?: readonly string[] | undefined;
};

const lookEveryMs = 500;
const maxConnections = 1000;

/**
 * A container's part in muster's networks: within its own network the addresses of the services that it shares one with lead
 * here, and from here on to the gateway, as the machine's own processes go. Others lead nowhere. It follows the routing table.
 */
export class ContainerNetwork {
	readonly #pid: number;
	readonly #network: Network;
	readonly #log: (message: string) => void;
	readonly #file: TableFile;
	readonly #doors = new Map<string, OpenDoor & {readonly server: Server}>();
	#namesWithin: number | undefined;
	#tables: readonly NameTable[] = [];
	#work: Promise<void> = Promise.resolve();

	/** Of a process in the container, by its number here. */
	constructor(pid: number, network: Network, log: (message: string) => void) {
		this.#pid = pid;
		this.#network = network;
		this.#log = log;
		this.#file = new TableFile(network.tableFile, log);
	}

	/** Fulfilled when what is there can be reached, or cannot, which is logged. */
	async join(): Promise<void> {
		watchFile(this.#network.tableFile, {interval: lookEveryMs, persistent: false}, () => void this.#follow());
		await this.#follow();
	}

	#follow(): Promise<void> {
		this.#work = this.#work
			.then(() => this.#keepIn(this.#file.read() ?? {serial: 0, routes: []}))
			.catch(error => {
				this.#log(`services on its networks cannot be reached: ${(error as Error).message}`);
			});
		return this.#work;
	}

	async #keepIn(table: RoutingTable): Promise<void> {
		const {networks, nameServer} = this.#network;
		this.#tables = (table.names ?? []).filter(({network}) => networks.includes(network));
		const wanted = new Map(doorsOf(table, networks).map(door => [doorKey(door), door]));
		const fresh = [...wanted].filter(([key]) => !this.#doors.has(key)).map(([, door]) => door);
		const gone = [...this.#doors].filter(([key]) => !wanted.has(key));
		const isFirst = this.#namesWithin === undefined;
		if (fresh.length + gone.length === 0 && !isFirst) {
			return;
		}

		const staying = [...this.#doors.values()].filter(door => wanted.has(doorKey(door)));
		const opened = await openWithin(this.#pid, {doors: fresh.length, names: isFirst}, now => {
			// Before anything leads there: who came between would be let in, and hear nothing.
			this.#serve(now, fresh);
			return rulesOf(
				nameServer,
				[...staying, ...fresh.map((door, index) => ({...door, within: now.doors[index]?.within ?? 0}))],
				now.names?.within ?? this.#namesWithin ?? 0,
				{isFirst, gateway: gatewayOf(readFileSync(`/proc/${this.#pid}/net/route`, 'utf8'))},
			);
		});
		this.#keep(opened, fresh);
		for (const [key, {server}] of gone) {
			server.close();
			this.#doors.delete(key);
		}
	}

	#serve({doors, names}: Opened, fresh: readonly Door[]): void {
		for (const [index, door] of fresh.entries()) {
			const server = doors[index]?.server;
			if (server) {
				lead(server, door, this.#log);
			}
		}

		if (names) {
			tellNames(names.socket, () => this.#tables, this.#network.servers);
		}
	}

	#keep({doors, names}: Opened, fresh: readonly Door[]): void {
		for (const [index, door] of fresh.entries()) {
			const opened = doors[index];
			if (opened) {
				this.#doors.set(doorKey(door), {...door, ...opened});
			}
		}

		this.#namesWithin = names?.within ?? this.#namesWithin;
	}
}

/** Who comes by this door is led to the service's address on this machine. */
function lead(server: Server, {host, port}: Door, log: (message: string) => void): void {
	const pool = new TargetPool();
	pool.replace([{instanceId: '', host, port}]);
	// It was made elsewhere, without options.
	Object.assign(server, {allowHalfOpen: true, noDelay: true});
	server.maxConnections = maxConnections;
	server.on('connection', client => relay(client, pool, error => log(error.message)));
}
