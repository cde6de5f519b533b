import {spawn} from 'node:child_process';
import {connect, type Socket} from 'node:net';
import type {HealthAnswer} from '../../../../core/health.ts';
import type {Endpoint, HealthCheck} from '../../../../core/model/index.ts';
import {listeningPorts} from '../../system/proc.ts';
import type {Environment} from '../launch/environment.ts';
import {instanceHost} from '../launch/ports.ts';
import {resolveExecutable} from '../launch/program.ts';
import type {User} from '../launch/user.ts';

/** What an instance is asked through. */
export type ProbeTarget = {
	readonly endpoints: readonly Endpoint[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	/** A command is put behind these words, and is none of this machine's files. */
	readonly within?: readonly string[];
};

/** Enough for a status line, or to tell what a command complained about. */
const maxAnswerBytes = 4096;

/** Asks an instance for its health once; comes back within the check's timeout. Never throws. */
export async function probe(check: HealthCheck, target: ProbeTarget): Promise<HealthAnswer> {
	try {
		if (check.test.type === 'command') {
			return await askCommand(check.test.command, target, check.timeoutMs);
		}

		const port = portOf(check.test.port, target.endpoints);
		return check.test.type === 'tcp'
			? await askTcp(port, check.timeoutMs)
			: await askHttp(port, check.test.path, check.timeoutMs);
	} catch (error) {
		return {ok: false, message: (error as Error).message};
	}
}

/**
 * The answer of one that starts, where it is known without asking: a look at who listens serves all that start at the same
 * time, and costs less than to be refused by each.
 */
export function knownAnswer(check: HealthCheck, {endpoints}: ProbeTarget): HealthAnswer | undefined {
	try {
		if (check.test.type === 'command' || isListening(portOf(check.test.port, endpoints))) {
			return undefined;
		}

		return {ok: false, message: connectSentences.ECONNREFUSED ?? ''};
	} catch {
		return undefined;
	}
}

/** A look is good for so long; on a machine with many who listen for longer, so that it takes a small part of the time. */
const minLookMs = 40;
const maxLookMs = 250;
const lookCostFactor = 20;
let look: {readonly untilMs: number; readonly ports: ReadonlySet<number> | undefined} | undefined;

/** True also where nobody knows. */
function isListening(port: number): boolean {
	if (!look || performance.now() > look.untilMs) {
		// By the processor's time: while a hundred start, a look may be held up for longer than it takes.
		const before = process.cpuUsage();
		const ports = listeningPorts();
		const {user, system} = process.cpuUsage(before);
		look = {untilMs: performance.now() + lookGoodForMs((user + system) / 1000), ports};
	}

	return look.ports?.has(port) ?? true;
}

/** How long a look that took so much of the processor's time is believed: one that begins to listen waits for the next. */
export function lookGoodForMs(costMs: number): number {
	return Math.min(maxLookMs, Math.max(minLookMs, costMs * lookCostFactor));
}

/** The port that the check's target port became; one that is no target is meant as it stands. */
function portOf(target: number | undefined, endpoints: readonly Endpoint[]): number {
	const endpoint = target === undefined ? endpoints[0] : endpoints.find(each => each.target === target);
	const port = endpoint?.port ?? target;
	if (port === undefined) {
		throw new Error('the health check has no port to ask: publish one, or name it');
	}

	return port;
}

function askTcp(port: number, timeoutMs: number): Promise<HealthAnswer> {
	return withConnection(port, timeoutMs, (_socket, answer) => answer({ok: true}));
}

function askHttp(port: number, path: string, timeoutMs: number): Promise<HealthAnswer> {
	const target = path.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
	const request = `GET ${target} HTTP/1.1\r\nHost: ${instanceHost}:${port}\r\nUser-Agent: muster-health\r\nConnection: close\r\n\r\n`;
	return withConnection(port, timeoutMs, (socket, answer) => {
		let head = '';
		const judge = () => answer(judgeStatus(head));
		socket.on('data', data => {
			head += data.toString('latin1');
			if (head.includes('\n') || head.length > maxAnswerBytes) {
				judge();
			}
		});
		socket.on('end', judge);
		socket.write(request);
	});
}

function judgeStatus(head: string): HealthAnswer {
	const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
	if (Number.isNaN(status)) {
		return {ok: false, message: head === '' ? 'the connection was closed without an answer' : 'the answer is not HTTP'};
	}

	return status < 400 ? {ok: true} : {ok: false, message: `status ${status}`};
}

const connectSentences: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
};

function withConnection(
	port: number,
	timeoutMs: number,
	ask: (socket: Socket, answer: (answer: HealthAnswer) => void) => void,
): Promise<HealthAnswer> {
	const {promise, resolve} = Promise.withResolvers<HealthAnswer>();
	const socket = connect({host: instanceHost, port});
	const answer = (given: HealthAnswer) => {
		clearTimeout(timer);
		socket.destroy();
		resolve(given);
	};

	const timer = setTimeout(() => answer({ok: false, message: `no answer within ${timeoutMs} ms`}), timeoutMs);
	socket.once('connect', () => ask(socket, answer));
	socket.on('error', (error: NodeJS.ErrnoException) =>
		answer({ok: false, message: connectSentences[error.code ?? ''] ?? error.message}),
	);
	return promise;
}

function askCommand(
	[name = '', ...args]: readonly string[],
	target: ProbeTarget,
	timeoutMs: number,
): Promise<HealthAnswer> {
	const {promise, resolve} = Promise.withResolvers<HealthAnswer>();
	const [file = '', ...words] = target.within
		? [...target.within, 'pipes', '--', name, ...args]
		: [resolveExecutable(name, target.environment.PATH ?? ''), ...args];
	const child = spawn(file, words, {
		cwd: target.workdir,
		env: target.environment,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		...(target.user && {uid: target.user.uid, gid: target.user.gid}),
	});
	let output = '';
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		killGroup(child.pid);
	}, timeoutMs);
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(0, maxAnswerBytes);
		});
	}

	child.once('error', error => {
		clearTimeout(timer);
		resolve({ok: false, message: error.message});
	});
	child.once('exit', (code, signal) => {
		clearTimeout(timer);
		// What it left running may hold its output open; nobody waits for that.
		killGroup(child.pid);
		setImmediate(() => resolve(isLate ? late(timeoutMs) : judgeExit(code, signal, output)));
	});
	return promise;
}

const late = (timeoutMs: number): HealthAnswer => ({ok: false, message: `not done within ${timeoutMs} ms`});

function judgeExit(code: number | null, signal: string | null, output: string): HealthAnswer {
	const said = output.trim().slice(0, 200);
	const how = signal ? `killed by ${signal}` : `exit code ${code}`;
	return code === 0 ? {ok: true} : {ok: false, message: said === '' ? how : `${how}: ${said}`};
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) {
			process.kill(-pid, 'SIGKILL');
		}
	} catch {
		// It is gone.
	}
}
