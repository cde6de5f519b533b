import type {Socket} from 'node:net';
import type {Home} from '../../backends/local/home.ts';
import {type MessageStream, messageStream} from '../../backends/local/message-stream.ts';
import type {DaemonToGateway, GatewayMessage} from '../../backends/local/protocol.ts';
import {type Program, startRole} from '../../backends/local/start-daemon.ts';
import {findRoleProcesses} from '../../backends/local/system/process-scan.ts';
import type {Clock} from '../../core/clock.ts';
import type {Balancer, BalancerEvents, RoutingTable} from '../../orchestrator/balancer.ts';
import {type HangWatch, watchForHang} from './hang-watch.ts';
import {type KeptProcess, keepProcess} from './kept-process.ts';

export type GatewayLinkParts = {
	readonly home: Home;
	readonly program: Program;
	readonly clock: Clock;
	readonly log: (message: string) => void;
	readonly events: () => BalancerEvents;
	/** Fresh figures by instance. */
	readonly traffic?: (instances: Traffic['instances']) => void;
	/** What a version of a secret holds, as text. */
	readonly secret?: (name: string, version: number) => string | undefined;
};

type Certificates = NonNullable<DaemonToGateway['certificates']>;

type Traffic = Omit<Extract<GatewayMessage, {type: 'stats'}>, 'type'>;

export type GatewayState = {
	readonly pid: number | undefined;
	readonly isConnected: boolean;
	/** How long nothing has been heard of it. */
	readonly silentMs: number;
	/** Ports that it could not open: a sentence each. */
	readonly failed: readonly string[];
	/** Open connections of all services. */
	readonly connections: number;
};

/** Keeps the gateway running and hands it each routing table. */
export class GatewayLink implements Balancer {
	readonly #parts: GatewayLinkParts;
	/** Added to each serial: the orchestrator counts from 1 in each process, the gateway outlives it. */
	#base: number;
	#table: RoutingTable | undefined;
	#process: KeptProcess | undefined;
	#hangWatch: HangWatch | undefined;
	#stream: MessageStream<DaemonToGateway> | undefined;
	/** Of the one that is connected: it may have the ports of one that still ends. */
	#pid: number | undefined;
	#failed: readonly string[] = [];
	#connections = 0;
	#traffic: Traffic = {services: {}, instances: {}};

	constructor(parts: GatewayLinkParts) {
		this.#parts = parts;
		this.#base = parts.clock.now();
	}

	start(): void {
		const {home, program, clock} = this.#parts;
		const log = (message: string) => this.#parts.log(`gateway: ${message}`);
		const find = () => findRoleProcesses(home.root, ['gateway'])[0];
		this.#process = keepProcess({
			clock,
			log,
			find,
			successor: find,
			start: () => startRole(home, program, ['gateway'], 'gateway'),
		});
		this.#hangWatch = watchForHang(clock, () => this.#process?.identity, log);
	}

	/** Starts it no more; what runs goes on. */
	letGo(): void {
		this.#process?.release();
		this.#hangWatch?.stop();
	}

	publish(table: RoutingTable): void {
		this.#table = table;
		this.#send();
	}

	accept(socket: Socket, head: Uint8Array): void {
		const stream: MessageStream<DaemonToGateway> = messageStream<GatewayMessage, DaemonToGateway>(socket, head, {
			message: message => {
				this.#hangWatch?.heard();
				if (message.type === 'hello') {
					this.#pid = message.pid;
					this.#hello(stream, message.serial);
				} else if (stream === this.#stream) {
					this.#take(message);
				}
			},
			ended: () => {
				if (stream === this.#stream) {
					this.#stream = undefined;
				}
			},
		});
	}

	/** As the gateway told it last. */
	get traffic(): Traffic {
		return this.#traffic;
	}

	get state(): GatewayState {
		return {
			pid: this.#stream ? this.#pid : this.#process?.identity?.pid,
			isConnected: this.#stream !== undefined,
			silentMs: this.#hangWatch?.silentMs ?? 0,
			failed: this.#failed,
			connections: this.#connections,
		};
	}

	#hello(stream: MessageStream<DaemonToGateway>, serial: number): void {
		this.#stream?.destroy();
		this.#stream = stream;
		// The clock was set back since: every table from now on must be later than the one that is in force.
		this.#base = Math.max(this.#base, serial + 1);
		this.#send();
	}

	#send(): void {
		if (this.#table) {
			const certificates = this.#certificates(this.#table);
			this.#stream?.send({
				type: 'table',
				table: {...this.#table, serial: this.#base + this.#table.serial},
				...(certificates.length > 0 && {certificates}),
			});
		}
	}

	#certificates({routes}: RoutingTable): Certificates {
		const named = new Map(routes.flatMap(({tls}) => (tls ? [[tls.secret, tls] as const] : [])));
		return [...named.values()].flatMap(({secret, version}) => {
			const pem = this.#parts.secret?.(secret, version);
			return pem === undefined ? [] : [{secret, version, pem}];
		});
	}

	#take(message: GatewayMessage): void {
		if (message.type === 'applied') {
			this.#failed = message.failed.map(port => `port ${port.published}: ${port.message}`);
			if (message.serial > this.#base) {
				this.#parts.events().routesApplied(message.serial - this.#base);
			}
		} else if (message.type === 'stats') {
			this.#connections = Object.values(message.services).reduce((sum, {connections}) => sum + connections, 0);
			this.#traffic = {services: message.services, instances: message.instances};
			this.#parts.traffic?.(message.instances);
		} else if (message.type === 'demand') {
			this.#parts.events().demanded?.(message.serviceId);
		}
	}
}
