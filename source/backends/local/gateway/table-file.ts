import {readFileSync} from 'node:fs';
import {rename, writeFile} from 'node:fs/promises';
import type {Route, RouteTarget, RoutingTable} from '../../../orchestrator/balancer.ts';

/**
 * The last routing table, for a gateway that starts while there is no daemon. What cannot be written is told and costs
 * nothing else: the table in memory counts.
 */
export class TableFile {
	readonly #file: string;
	readonly #log: (message: string) => void;
	#last: RoutingTable | undefined;
	#writing: Promise<void> = Promise.resolve();
	#queued: Promise<void> | undefined;

	constructor(file: string, log: (message: string) => void) {
		this.#file = file;
		this.#log = log;
	}

	/** Undefined where there is none that can be read. */
	read(): RoutingTable | undefined {
		try {
			const found: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
			if (isTable(found)) {
				return found;
			}

			this.#log(`${this.#file} holds no routing table`);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
				this.#log(`${this.#file} cannot be read: ${(error as Error).message}`);
			}
		}

		return undefined;
	}

	/** Fulfilled when this table or a later one was written; of those that wait for their turn only the last is. */
	write(table: RoutingTable): Promise<void> {
		this.#last = table;
		this.#queued ??= this.#writing.then(() => {
			this.#queued = undefined;
			this.#writing = this.#writeLast();
			return this.#writing;
		});
		return this.#queued;
	}

	async #writeLast(): Promise<void> {
		try {
			await writeFile(`${this.#file}.new`, JSON.stringify(this.#last), {mode: 0o600});
			await rename(`${this.#file}.new`, this.#file);
		} catch (error) {
			this.#log(`${this.#file} cannot be written: ${(error as Error).message}`);
		}
	}
}

function isTable(value: unknown): value is RoutingTable {
	const {serial, routes} = (value ?? {}) as Partial<RoutingTable>;
	return Number.isSafeInteger(serial) && Array.isArray(routes) && routes.every(isRoute);
}

function isRoute(value: unknown): boolean {
	const {serviceId, host, published, targets} = (value ?? {}) as Partial<Route>;
	return (
		typeof serviceId === 'string' &&
		typeof host === 'string' &&
		isPort(published) &&
		Array.isArray(targets) &&
		targets.every(isTarget)
	);
}

function isTarget(value: unknown): boolean {
	const {instanceId, host, port} = (value ?? {}) as Partial<RouteTarget>;
	return typeof instanceId === 'string' && typeof host === 'string' && isPort(port);
}

function isPort(value: unknown): boolean {
	return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}
