import {createServer} from 'node:net';
import type {Endpoint} from '../../../../core/model/index.ts';
import {homeHash} from '../../home.ts';

export const instanceHost = '127.0.0.1';
const firstPort = 20_000;
const portCount = 10_000;

export type Ports = {
	/** A free port for each target. Throws when there are not enough. */
	allocate(targets: readonly number[]): Promise<Endpoint[]>;
	/** Those of an instance that was found running. */
	claim(endpoints: readonly Endpoint[]): void;
	release(endpoints: readonly Endpoint[]): void;
};

/** The ports of one node's instances. Each node begins to look elsewhere, so that two seldom try for the same one. */
export function createPorts(seed: string): Ports {
	let cursor = Number.parseInt(homeHash(seed), 16) % portCount;
	const taken = new Set<number>();

	async function next(): Promise<number> {
		for (let tries = 0; tries < portCount; tries++) {
			const port = firstPort + cursor;
			cursor = (cursor + 1) % portCount;
			if (!taken.has(port)) {
				taken.add(port);
				if (await isFree(port)) {
					return port;
				}

				taken.delete(port);
			}
		}

		throw new Error(`no port between ${firstPort} and ${firstPort + portCount - 1} is free`);
	}

	return {
		async allocate(targets) {
			const endpoints: Endpoint[] = [];
			for (const target of targets) {
				endpoints.push({target, host: instanceHost, port: await next()});
			}

			return endpoints;
		},
		claim(endpoints) {
			for (const {port} of endpoints) {
				taken.add(port);
			}
		},
		release(endpoints) {
			for (const {port} of endpoints) {
				taken.delete(port);
			}
		},
	};
}

/** Whether one could listen there now. */
export function isFree(port: number): Promise<boolean> {
	return new Promise(resolve => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen({port, host: instanceHost, exclusive: true}, () => server.close(() => resolve(true)));
	});
}
