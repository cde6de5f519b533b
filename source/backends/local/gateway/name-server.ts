import {createSocket, type Socket} from 'node:dgram';
import type {NameTable} from '../../../orchestrator/balancer.ts';

const headBytes = 12;
const typeA = 1;
const typeAaaa = 28;
const typeAny = 255;
const classIn = 1;
/** Names change with every service: nobody should remember them for long. */
const ttlSeconds = 5;
const nameError = 3;
const notImplemented = 4;

type Question = {readonly name: string; readonly type: number; readonly end: number};

/** Reads the one question of a query; undefined where it is none. */
export function readQuestion(query: Buffer): Question | undefined {
	const isQuery = query.length > headBytes && ((query[2] ?? 0x80) & 0x80) === 0;
	if (!isQuery || query.readUInt16BE(4) !== 1) {
		return undefined;
	}

	const labels: string[] = [];
	let at = headBytes;
	for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
		if (length > 63 || at + 1 + length >= query.length) {
			return undefined;
		}

		labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
		at += 1 + length;
	}

	return at + 5 <= query.length && query.readUInt16BE(at + 3) === classIn
		? {name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5}
		: undefined;
}

/** The answer to a query: `db`, `db.NETWORK`, `db.muster` and `db.NETWORK.muster` are all the same. */
export function answerQuery(query: Buffer, {network, names}: NameTable): Buffer | undefined {
	const question = readQuestion(query);
	if (!question) {
		return undefined;
	}

	const plain = question.name.replace(/\.muster$/, '');
	const name = plain.endsWith(`.${network}`) ? plain.slice(0, -network.length - 1) : plain;
	const address = Object.hasOwn(names, name) ? names[name] : undefined;
	const hasAnswer = address !== undefined && (question.type === typeA || question.type === typeAny);
	const isAsked = question.type === typeA || question.type === typeAaaa || question.type === typeAny;
	const code = address === undefined ? nameError : hasAnswer || isAsked ? 0 : notImplemented;
	const head = Buffer.from(query.subarray(0, headBytes));
	// An answer, by authority; recursion as it was asked.
	head[2] = 0x84 | ((head[2] ?? 0) & 0x79);
	head[3] = code;
	head.writeUInt16BE(1, 4);
	head.writeUInt16BE(hasAnswer ? 1 : 0, 6);
	head.writeUInt32BE(0, 8);
	const asked = query.subarray(headBytes, question.end);
	return Buffer.concat(hasAnswer ? [head, asked, record(address)] : [head, asked]);
}

function record(address: string): Buffer {
	const bytes = Buffer.alloc(16);
	// The name stands at the beginning of the question.
	bytes.writeUInt16BE(0xc0_00 | headBytes, 0);
	bytes.writeUInt16BE(typeA, 2);
	bytes.writeUInt16BE(classIn, 4);
	bytes.writeUInt32BE(ttlSeconds, 6);
	bytes.writeUInt16BE(4, 10);
	bytes.set(address.split('.').map(Number), 12);
	return bytes;
}

/** A small name server for each network, each at its own address. */
export class NameServers {
	readonly #servers = new Map<string, {table: NameTable; readonly socket: Socket}>();
	readonly #log: (message: string) => void;
	readonly #port: number;

	constructor(port: number, log: (message: string) => void) {
		this.#port = port;
		this.#log = log;
	}

	/** Fulfilled when every name that can be told is. */
	async apply(tables: readonly NameTable[]): Promise<void> {
		const wanted = new Map(tables.map(table => [table.address, table]));
		for (const [address, {socket}] of this.#servers) {
			if (!wanted.has(address)) {
				socket.close();
				this.#servers.delete(address);
			}
		}

		const opening: Array<Promise<void>> = [];
		for (const [address, table] of wanted) {
			const server = this.#servers.get(address);
			if (server) {
				server.table = table;
			} else {
				opening.push(this.#open(address, table));
			}
		}

		await Promise.all(opening);
	}

	close(): void {
		void this.apply([]);
	}

	#open(address: string, table: NameTable): Promise<void> {
		// Two gateways have it while one takes over from the other: who asks meanwhile is told by either.
		const socket = createSocket({type: 'udp4', reusePort: process.platform === 'linux'});
		const {promise, resolve} = Promise.withResolvers<void>();
		const server = {table, socket};
		this.#servers.set(address, server);
		socket.on('message', (query, {port, address: from}) => {
			const answer = answerQuery(query, server.table);
			if (answer) {
				socket.send(answer, port, from, () => {});
			}
		});
		socket.on('error', error => {
			this.#log(`names of ${table.network} are not told at ${address}:${this.#port}: ${error.message}`);
			socket.close();
			this.#servers.delete(address);
			resolve();
		});
		socket.bind({address, port: this.#port, exclusive: true}, resolve);
		return promise;
	}
}
