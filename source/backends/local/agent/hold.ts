import {chmodSync, rmSync, writeSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {prepareSocketFolder} from '../home.ts';
import type {Interactive} from './sessions/interactive.ts';
import {openInteractive} from './sessions/open-interactive.ts';
import {createReplay} from './sessions/replay.ts';
import {feed, type Sink, sinkOf} from './sessions/session.ts';

/** What the holder of a terminal passes on to the command in it; one in pipes is in the same group and gets them itself. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
const maxAttached = 32;
/** What was sent last goes out before the process ends. */
const lingerMs = 200;

/**
 * `hold SOCKET tty|pipes UID:GID|- -- COMMAND…`, behind an instance's shim: holds the terminal or the pipes of the command,
 * writes its output to the own, and lets clients attach: any number, each gets what came last, and all may type. Ends with
 * the command, and as that did.
 */
export async function runHolder(args: readonly string[]): Promise<never> {
	const [socketPath = '', mode, asUser = '-', , ...command] = args;
	const attached = new Map<Socket, Sink>();
	const more = new Set<() => void>();
	const replay = createReplay();
	const early: NodeJS.Signals[] = [];
	for (const signal of signals) {
		process.on(signal, () => (held ? passOn(held, mode, signal) : early.push(signal)));
	}

	let held: Interactive | undefined;
	held = await openInteractive(
		{
			command,
			environment: definedOnly(process.env),
			workdir: process.cwd(),
			user: parseUser(asUser),
			tty: mode === 'tty',
			stdin: true,
			ownGroup: false,
		},
		{
			output(stream, data) {
				writeAll(stream === 'stdout' ? 1 : 2, data);
				replay.add(stream, data);
				for (const sink of attached.values()) {
					sink.send({type: stream, data});
				}
			},
			drained() {
				for (const resume of more) {
					resume();
				}
			},
			exit(code) {
				rmSync(socketPath, {force: true});
				for (const sink of attached.values()) {
					sink.send({type: 'exit', code});
					sink.end();
				}

				setTimeout(() => process.exit(code), attached.size > 0 ? lingerMs : 0);
			},
		},
	);
	for (const signal of early) {
		send(mode === 'tty' ? -held.pid : held.pid, signal);
	}

	const server = createServer(socket => {
		const sink = sinkOf(socket);
		for (const frame of replay.frames()) {
			sink.send(frame);
		}

		attached.set(socket, sink);
		const resume = feed(socket, new Uint8Array(), () => held);
		more.add(resume);
		socket.on('error', () => socket.destroy());
		socket.once('close', () => {
			attached.delete(socket);
			more.delete(resume);
		});
	});
	server.maxConnections = maxAttached;
	prepareSocketFolder(socketPath);
	rmSync(socketPath, {force: true});
	server.listen(socketPath, () => chmodSync(socketPath, 0o600));
	return new Promise(() => {});
}

function passOn(held: Interactive, mode: string | undefined, signal: NodeJS.Signals): void {
	if (mode === 'tty') {
		send(-held.pid, signal);
	}
}

function send(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It has ended.
	}
}

/** A log on a full disk takes nothing; whoever is attached sees it all the same. */
function writeAll(descriptor: number, data: Uint8Array): void {
	try {
		for (let written = 0; written < data.length; ) {
			written += writeSync(descriptor, data, written);
		}
	} catch {
		// See above.
	}
}

function parseUser(text: string) {
	const [uid, gid] = text.split(':').map(Number);
	return uid === undefined || gid === undefined ? undefined : {uid, gid};
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
	return Object.fromEntries(
		Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
	);
}
