import {readFileSync, rmSync} from 'node:fs';
import type {Server} from 'node:http';
import {isIPv4, isIPv6} from 'node:net';
import {writeWhole} from '../../backends/local/system/write-whole.ts';
import type {Listening} from '../../core/access.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {expositionType} from '../../core/exposition.ts';

type Where = {readonly host: string; readonly port: number};

const requestTimeoutMs = 10_000;
const maxConnections = 64;

/**
 * Figures by plain HTTP on a loopback address, for a Prometheus on this machine: `GET /metrics`, and nothing else. Nowhere
 * until it is asked for; whoever is on another machine comes by the API with a certificate.
 */
export class MetricsListener {
	readonly #file: string;
	readonly #text: () => string;
	readonly #log: (message: string) => void;
	#server: Server | undefined;
	#listening: Listening | undefined;

	constructor(file: string, text: () => string, log: (message: string) => void) {
		this.#file = file;
		this.#text = text;
		this.#log = log;
	}

	/** Where it listened before. */
	async start(): Promise<void> {
		const where = readWhere(this.#file);
		try {
			await (where && this.#open(where));
		} catch (error) {
			const failed = toClusterError(error).message;
			this.#listening = where && {...where, failed};
			this.#log(failed);
		}
	}

	get listening(): Listening | undefined {
		return this.#listening;
	}

	async listen(where: Where | undefined): Promise<Listening | undefined> {
		if (where && where.host === this.#listening?.host && where.port === this.#listening.port && this.#server) {
			return this.#listening;
		}

		if (where && !isLoopback(where.host)) {
			throw new ClusterError('usage', `metrics are given to loopback addresses only, found ${where.host}`, {
				hint: 'For other machines: muster daemon listen, and a viewer’s certificate; the path is /metrics there.',
			});
		}

		const before = this.#server;
		if (where) {
			await this.#open(where);
			writeWhole(this.#file, JSON.stringify(this.#listening));
		} else {
			this.#server = undefined;
			this.#listening = undefined;
			rmSync(this.#file, {force: true});
		}

		before?.close();
		before?.closeAllConnections();
		return this.#listening;
	}

	close(): void {
		this.#server?.close();
		this.#server?.closeAllConnections();
	}

	async #open({host, port}: Where): Promise<void> {
		const {createServer} = process.getBuiltinModule('node:http');
		const server = createServer(
			{requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs},
			(request, response) => {
				// A page in somebody's browser may ask for any address: it is not shown what it gets, nor is a name of its own taken.
				if (request.url !== '/metrics' || !isLoopback(hostName(request.headers.host))) {
					response.writeHead(404, {'content-type': 'text/plain'}).end('There is /metrics.\n');
				} else if (request.method === 'GET' || request.method === 'HEAD') {
					response.writeHead(200, {'content-type': expositionType}).end(this.#text());
				} else {
					response.writeHead(405, {allow: 'GET, HEAD'}).end();
				}
			},
		);
		server.maxConnections = maxConnections;
		await new Promise<void>((resolve, reject) => {
			server.once('error', error => reject(cannotListen(host, port, error)));
			server.listen({host, port}, resolve);
		});
		const address = server.address();
		this.#server = server;
		this.#listening = {host, port: typeof address === 'object' && address ? address.port : port};
	}
}

function hostName(header = ''): string {
	return header.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || (isIPv4(host) && host.startsWith('127.')) || (isIPv6(host) && host === '::1');
}

function readWhere(file: string): Where | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Where;
	} catch {
		return undefined;
	}
}

function cannotListen(host: string, port: number, cause: Error): ClusterError {
	return new ClusterError('conflict', `metrics cannot be given on ${host} port ${port}: ${cause.message}`, {cause});
}
