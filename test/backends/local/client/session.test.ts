import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {sessionOver} from '../../../../source/backends/local/client/session.ts';
import {encodeFrame} from '../../../../source/backends/local/session-frames.ts';

let root: string;
let server: Server;
let socket: Socket;

/** A client's connection to somebody who says `frames` and goes at once, without having read what was sent to him. */
async function whoLeaves(frames: readonly Uint8Array[]): Promise<void> {
	const {promise: gone, resolve} = Promise.withResolvers<void>();
	server = createServer({pauseOnConnect: true}, other => {
		other.on('error', () => {}).once('close', () => resolve());
		for (const frame of frames) {
			other.write(frame);
		}

		other.end(() => other.destroy());
	});
	server.listen(path.join(root, 's'));
	await once(server, 'listening');
	socket = connect(path.join(root, 's'));
	await once(socket, 'connect');
	socket.write('never read');
	await gone;
}

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-session-'));
});

afterEach(() => {
	socket.destroy();
	server.close();
	rmSync(root, {recursive: true});
});

const piece = (index: number) => encodeFrame({type: 'stdout', data: Buffer.alloc(4000, 65 + index)});

// A copied file lacked its tail now and then: what had arrived before the connection broke was thrown away.
test('all that was said before the connection broke is read, however slowly', async () => {
	await whoLeaves([...[0, 1, 2, 3, 4].map(piece), encodeFrame({type: 'exit', code: 3})]);
	const session = sessionOver({socket, head: new Uint8Array()});
	let bytes = 0;
	for await (const {data} of session.output) {
		bytes += data.length;
		for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
	}

	expect(bytes).toBe(20_000);
	expect(await session.exit).toBe(3);
});

test('nobody knows how it ended where no end was told', async () => {
	await whoLeaves([piece(0)]);
	const session = sessionOver({socket, head: new Uint8Array()});
	for await (const _ of session.output);
	expect(await session.exit).toBeUndefined();
});

test('nor where nobody listens', async () => {
	await whoLeaves([]);
	const session = sessionOver({socket, head: new Uint8Array()});
	socket.resume();
	expect(await session.exit).toBeUndefined();
});
