import {createSocket} from 'node:dgram';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import type {Home} from '../../backends/local/home.ts';
import {homeHash} from '../../backends/local/home.ts';
import type {VirtualNet} from '../../orchestrator/virtual-addresses.ts';

/** 127.0.x.y is everybody's, and 127.0.0.1 what programs listen on. */
const firstSecond = 1;
const seconds = 254;
/** Held at 127.H.0.1 by the daemon whose addresses these are. */
const claimPort = 5299;
/** Held by its gateway, where that may. */
const namePort = 53;

/**
 * Addresses of this home alone: 127.H.x.y, H from its hash, the next one where another home has it. What was chosen once
 * stays, for services keep their addresses. Undefined where the machine has no such addresses (macOS).
 */
export async function findVirtualNet({root, state}: Pick<Home, 'root' | 'state'>): Promise<VirtualNet | undefined> {
	const file = path.join(state, 'virtual-net.json');
	const known = read(file);
	if (known !== undefined) {
		await claim(known);
		return netOf(known);
	}

	const first = Number.parseInt(homeHash(root).slice(-6), 16) % seconds;
	for (let tried = 0; tried < seconds; tried++) {
		const second = firstSecond + ((first + tried) % seconds);
		const answer = (await isNameServer(`127.${second}.0.2`)) ? 'taken' : await claim(second);
		if (answer === 'no such address') {
			return undefined;
		}

		if (answer === 'free') {
			writeFileSync(file, JSON.stringify({second}), {mode: 0o600});
			return netOf(second);
		}
	}

	return undefined;
}

async function netOf(second: number): Promise<VirtualNet> {
	const prefix = `127.${second}`;
	return {prefix, lowPorts: (await canListen(`${prefix}.0.1`, 1)) === 'free'};
}

function read(file: string): number | undefined {
	try {
		const {second} = JSON.parse(readFileSync(file, 'utf8')) as {second?: number};
		return Number.isInteger(second) ? second : undefined;
	} catch {
		return undefined;
	}
}

type Answer = 'free' | 'taken' | 'not allowed' | 'no such address';

/** Somebody's gateway tells names there. */
function isNameServer(address: string): Promise<boolean> {
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const socket = createSocket('udp4');
	socket.once('error', ({code}: NodeJS.ErrnoException) => {
		socket.close();
		resolve(code === 'EADDRINUSE');
	});
	socket.bind({address, port: namePort, exclusive: true}, () => socket.close(() => resolve(false)));
	return promise;
}

/** As long as this process lives. */
function claim(second: number): Promise<Answer> {
	return canListen(`127.${second}.0.1`, claimPort, {keep: true});
}

function canListen(host: string, port: number, {keep = false} = {}): Promise<Answer> {
	const {promise, resolve} = Promise.withResolvers<Answer>();
	const server = createServer(socket => socket.destroy());
	server.once('error', ({code}: NodeJS.ErrnoException) => {
		const answers: Readonly<Record<string, Answer>> = {
			EADDRINUSE: 'taken',
			EACCES: 'not allowed',
			EPERM: 'not allowed',
		};
		resolve(answers[code ?? ''] ?? 'no such address');
	});
	server.listen({host, port}, () => {
		if (keep) {
			server.unref();
			resolve('free');
		} else {
			server.close(() => resolve('free'));
		}
	});
	return promise;
}
