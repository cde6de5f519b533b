import {once} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import type {SecureContext} from 'node:tls';

const retryMs = 1000;
/** As many as wait to be accepted; the system may allow fewer. */
const backlog = 4096;
/** After this silence the system asks whether the other side still lives. */
const keepAliveMs = 60_000;

export type ListenerOptions = {
	readonly host: string;
	readonly port: number;
	/** A socket that listens there already: this one, as long as it does. */
	readonly fd?: number | undefined;
	readonly accept: (client: Socket) => void;
	/** Given: TLS ends here, for the host name that the client asks for by this. */
	readonly secure?: {
		readonly contextFor: (name: string) => SecureContext | undefined;
		/** Chain and key for clients that ask for no name, as those do that connect to an address. */
		readonly unnamed: () => string | undefined;
	};
	/** It could not be opened, or can now: `problem` tells. Not called for the first attempt. */
	readonly changed: () => void;
	/** A connection could not be accepted. */
	readonly lost: (error: Error) => void;
};

/** One published port. While somebody else has it, it is tried again every second. */
export class Listener {
	readonly #options: ListenerOptions;
	#server: Server | undefined;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;
	/** Why it is not open. */
	problem: string | undefined;
	/** Fulfilled when the first attempt has ended, well or not. */
	readonly tried: Promise<void>;

	constructor(options: ListenerOptions) {
		this.#options = options;
		const {host, port, fd} = options;
		this.tried = this.#open(fd === undefined ? {host, port} : {fd});
	}

	/** What listens, as long as it does. */
	get server(): Server | undefined {
		return this.#server?.listening ? this.#server : undefined;
	}

	/** Connections that were accepted go on. */
	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#server?.close();
	}

	/** Closes, and waits for the end of all that was accepted, handshakes too. */
	async leave(): Promise<void> {
		const {server} = this;
		this.close();
		if (server) {
			await once(server, 'close');
		}
	}

	#open(where: {readonly host: string; readonly port: number} | {readonly fd: number}): Promise<void> {
		const {accept, lost, secure} = this.#options;
		const {promise, resolve} = Promise.withResolvers<void>();
		const options = {allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs};
		const server = secure ? secureServer(options, secure, accept) : createServer(options, accept);
		server.on('error', error => {
			if (server.listening) {
				lost(error);
			} else {
				this.#failed(error);
				resolve();
			}
		});
		server.once('listening', () => {
			this.problem = undefined;
			resolve();
			// Closed while the address was looked up.
			if (this.#isClosed) {
				server.close();
			}
		});
		server.once('close', resolve);
		server.listen({...where, backlog});
		this.#server = server;
		return promise;
	}

	#failed(error: NodeJS.ErrnoException): void {
		this.problem = describe(error, this.#options.host);
		if (!this.#isClosed) {
			this.#timer = setTimeout(() => void this.#retry(), retryMs);
		}
	}

	async #retry(): Promise<void> {
		const {host, port} = this.#options;
		const before = this.problem;
		await this.#open({host, port});
		if (!this.#isClosed && this.problem !== before) {
			this.#options.changed();
		}
	}
}

/** A handshake that fails is the client's business: it is told by the alert. */
function secureServer(
	options: {readonly allowHalfOpen: boolean; readonly noDelay: boolean},
	{contextFor, unnamed}: NonNullable<ListenerOptions['secure']>,
	accept: (client: Socket) => void,
): Server {
	const tls = process.getBuiltinModule('node:tls');
	const server = tls.createServer({
		...options,
		handshakeTimeout: 10_000,
		ALPNProtocols: ['http/1.1'],
		SNICallback(name, answer) {
			const context = contextFor(name);
			answer(context ? null : new Error('no certificate'), context);
		},
	});
	let inForce: string | undefined;
	// Node asks by SNICallback only where the client sends a name.
	server.prependListener('connection', () => {
		const pem = unnamed();
		if (pem === inForce) {
			return;
		}

		try {
			server.setSecureContext(pem === undefined ? {} : {cert: pem, key: pem});
			inForce = pem;
		} catch {
			// It holds no certificate with its key: who asks by name is refused for that, and it is logged.
			server.setSecureContext({});
			inForce = undefined;
		}
	});
	server.on('secureConnection', accept);
	server.on('tlsClientError', (_error, socket) => socket.destroy());
	return server;
}

function describe({code, message}: NodeJS.ErrnoException, host: string): string {
	switch (code) {
		case 'EADDRINUSE':
			return 'in use by another program';
		case 'EACCES':
		case 'EPERM':
			return 'not allowed for this user';
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return `this machine has no address ${host}`;
		default:
			return message;
	}
}
