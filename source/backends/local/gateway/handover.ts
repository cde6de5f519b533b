import type {ChildProcess} from 'node:child_process';
import type {Server} from 'node:net';
import type {Home} from '../home.ts';
import {lastProgram, ownProgram, startRole} from '../start-daemon.ts';

const startTimeoutMs = 10_000;
/** The descriptors that a process is handed begin after its own three. */
const firstFd = 3;
const variable = 'MUSTER_GATEWAY_PORTS';

export type Listening = {readonly key: string; readonly server: Server};

/**
 * Starts the gateway that takes this one's place, and hands it the sockets that listen: who comes meanwhile waits in their
 * queues, which both have, and nobody is refused. Fulfilled when the new one serves by them: it takes all the rest over when
 * the channel ends. Rejected where it does not come so far: then it is gone, and this one goes on.
 */
export async function startSuccessor(home: Home, listening: readonly Listening[]): Promise<ChildProcess> {
	const keys = JSON.stringify(listening.map(({key}) => key));
	const fds = listening.map(({server}) => (server as unknown as {readonly _handle: {readonly fd: number}})._handle.fd);
	const program = lastProgram(home) ?? ownProgram();
	const child = startRole(home, program, ['gateway'], 'gateway', {[variable]: keys}, [...fds, 'ipc']);
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const timer = setTimeout(
		() => reject(new Error(`it does not serve within ${startTimeoutMs / 1000} s`)),
		startTimeoutMs,
	);
	child.once('message', () => resolve());
	child.once('error', reject);
	child.once('exit', (code, signal) =>
		reject(new Error(`it ended as it started (${signal ?? `exit status ${code}`})`)),
	);
	try {
		await promise;
		return child;
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

/** What this process was handed by the one before it: descriptors by the keys of ports. */
export function handedSockets(): Map<string, number> {
	const keys = JSON.parse(process.env[variable] ?? '[]') as readonly string[];
	return new Map(keys.map((key, index) => [key, firstFd + index]));
}

/** Tells the one before that this one serves; fulfilled when that one has let go of the rest, or is gone. */
export async function takeOver(): Promise<void> {
	if (process.send && process.connected) {
		const {promise, resolve} = Promise.withResolvers<void>();
		process.once('disconnect', resolve);
		process.send('serving', () => {});
		await promise;
	}
}
