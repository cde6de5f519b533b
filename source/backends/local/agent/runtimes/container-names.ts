import {createSocket, type Socket} from 'node:dgram';
import {readFileSync} from 'node:fs';
import type {NameTable} from '../../../../orchestrator/balancer.ts';
import {answerQuery, readQuestion} from '../../gateway/name-server.ts';

const timeoutMs = 4000;
const maxWaiting = 200;
const nameError = 3;
const nobody: NameTable = {network: '', address: '', names: {}};

/** The answer to a container's query by the tables of its networks; `elsewhere`: the name is none of muster's. */
export function answerWithin(query: Buffer, tables: readonly NameTable[]): Buffer | 'elsewhere' | undefined {
	const question = readQuestion(query);
	const answers = [...tables, nobody].map(table => answerQuery(query, table));
	const known = answers.find(answer => answer && ((answer[3] ?? 0) & 0x0f) !== nameError);
	if (known || !question) {
		return known;
	}

	const isOwn = !question.name.includes('.') || question.name.endsWith('.muster');
	return isOwn ? answers.at(-1) : 'elsewhere';
}

/** Tells a container names: those of its networks, and of all others what the first of `servers` says, or this machine's own. */
export function tellNames(socket: Socket, tables: () => readonly NameTable[], [first]: readonly string[] = []): void {
	let waiting = 0;
	socket.on('message', (query, {port, address}) => {
		const answer = answerWithin(query, tables());
		if (answer === 'elsewhere') {
			if (waiting < maxWaiting) {
				waiting++;
				ask(query, first ?? nameServerOf(readText('/etc/resolv.conf')), found => {
					waiting--;
					if (found) {
						socket.send(found, port, address, () => {});
					}
				});
			}
		} else if (answer) {
			socket.send(answer, port, address, () => {});
		}
	});
	// Nothing more can be told; what is open goes on.
	socket.on('error', () => {});
}

/** Once: undefined where nobody answers. */
function ask(query: Buffer, server: string | undefined, done: (answer: Buffer | undefined) => void): void {
	const socket = createSocket(server?.includes(':') ? 'udp6' : 'udp4');
	const end = (answer?: Buffer) => {
		clearTimeout(timer);
		socket.close();
		done(answer);
	};

	const timer = setTimeout(() => end(), timeoutMs);
	socket.once('error', () => end());
	socket.once('message', message => end(message));
	if (server === undefined) {
		end();
	} else {
		socket.send(query, 53, server);
	}
}

/** The first that a resolv.conf names. */
export function nameServerOf(text: string): string | undefined {
	return /^nameserver\s+([\d.a-f:]+)/m.exec(text)?.[1];
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
