import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

/** A server on a free port of 127.0.0.1 (or on `port`), gone with its connections when the test has finished. */
export async function listen(
	accept: (socket: Socket) => void,
	port = 0,
): Promise<{server: Server; port: number; sockets: Set<Socket>}> {
	const sockets = new Set<Socket>();
	const server = createServer({allowHalfOpen: true}, socket => {
		sockets.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => sockets.delete(socket));
		accept(socket);
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	return {server, port: (server.address() as AddressInfo).port, sockets};
}

/** Says its name to whoever connects, then echoes. */
export async function listenAs(name: string): Promise<{port: number; sockets: Set<Socket>}> {
	return listen(socket => {
		socket.write(name);
		socket.pipe(socket);
	});
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** A client's side of a connection. */
export class Dialed {
	readonly socket: Socket;
	received = '';
	ended = false;
	/** The code of the error that broke it. */
	error: string | undefined;

	constructor(port: number) {
		this.socket = connect({port, host: '127.0.0.1', allowHalfOpen: true});
		this.socket.setEncoding('latin1');
		this.socket.on('data', data => {
			this.received += data;
		});
		this.socket.on('end', () => {
			this.ended = true;
		});
		this.socket.on('error', ({code}: NodeJS.ErrnoException) => {
			this.error = code;
		});
		onTestFinished(() => void this.socket.destroy());
	}

	/** Waits until so many characters have come; the answer is all that came. */
	async read(length = 1): Promise<string> {
		await until(() => this.received.length >= length || this.socket.destroyed);
		return this.received;
	}

	/** Waits until it is over: how. */
	async over(): Promise<string> {
		await until(() => this.ended || this.socket.destroyed);
		return this.error ?? 'ended';
	}
}

/** Connects, and answers with who took the connection. */
export async function dial(port: number): Promise<Dialed> {
	const dialed = new Dialed(port);
	await dialed.read();
	return dialed;
}

/** Waits for a condition; fails when it does not come true in time. */
export async function until(isTrue: () => boolean | Promise<boolean>, what = isTrue.toString()): Promise<void> {
	const deadline = performance.now() + 10_000;
	while (!(await isTrue())) {
		if (performance.now() > deadline) {
			throw new Error(`Not true in time: ${what}`);
		}

		await new Promise(resolve => setTimeout(resolve, 5));
	}
}
