import type {ExecOptions, Session} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {connectionError, inSentence} from '../translate-error.ts';
import type {WireStatus} from '../wire/wire.ts';
import {byteQueue} from './byte-queue.ts';

export type PodPlace = {readonly scope: string; readonly pod: string; readonly container: string | undefined};

type Size = {readonly columns: number; readonly rows: number};
type Output = {readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array};

const channels = {stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255} as const;

/** A command in a container, or the container's own streams. The library speaks the protocol; it is loaded here. */
export async function openExec(client: KubeClient, place: PodPlace, options: ExecOptions): Promise<Session> {
	const {command, tty, stdin, size} = options;
	const query = queryOf(place, {tty, stdin});
	for (const word of withSurroundings(options, command)) query.append('command', word);
	return openSession(client, `${podPath(place)}/exec?${query}`, tty ? size : undefined);
}

export async function openAttach(
	client: KubeClient,
	place: PodPlace,
	{tty, stdin}: {readonly tty: boolean; readonly stdin: boolean},
	size: Size | undefined,
): Promise<Session> {
	return openSession(client, `${podPath(place)}/attach?${queryOf(place, {tty, stdin})}`, tty ? size : undefined);
}

/** The API knows neither environment nor folder: a shell of the container's own sets them. */
function withSurroundings({env = {}, workdir}: ExecOptions, command: readonly string[]): readonly string[] {
	const sets = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const inEnv = sets.length === 0 ? command : ['env', ...sets, ...command];
	return workdir === undefined ? inEnv : ['sh', '-c', 'cd "$0" && exec "$@"', workdir, ...inEnv];
}

export function podPath({scope, pod}: Pick<PodPlace, 'scope' | 'pod'>): string {
	return `/api/v1/namespaces/${encodeURIComponent(scope)}/pods/${encodeURIComponent(pod)}`;
}

function queryOf({container}: PodPlace, {tty, stdin}: {tty: boolean; stdin: boolean}): URLSearchParams {
	return new URLSearchParams({
		stdout: 'true',
		// A terminal has one stream only.
		stderr: String(!tty),
		stdin: String(stdin || tty),
		tty: String(tty),
		...(container === undefined ? {} : {container}),
	});
}

async function openSession(client: KubeClient, path: string, size: Size | undefined): Promise<Session> {
	const output = byteQueue<Output>(
		{pause: () => socket.pause(), resume: () => socket.resume()},
		({data}) => data.length,
	);
	let isOver = false;
	const exit = Promise.withResolvers<number | undefined>();
	exit.promise.catch(() => {});
	const over = (status: WireStatus | undefined) => {
		if (isOver) return;
		isOver = true;
		const code = exitCodeOf(status);
		if (code instanceof ClusterError) exit.reject(code);
		else exit.resolve(code);
		output.end();
	};
	const socket = await connectSocket(client, path, (channel, data) => {
		if (channel === channels.status) {
			over(JSON.parse(data.toString('utf8')) as WireStatus);
			return false;
		}

		if (channel === channels.stdout || channel === channels.stderr) {
			output.add({stream: channel === channels.stdout ? 'stdout' : 'stderr', data});
		}

		return true;
	});
	socket.onclose = () => over(undefined);
	const send = (channel: number, data: Uint8Array) => {
		if (!isOver) socket.send(Buffer.concat([Buffer.from([channel]), data]));
	};
	const resize = (columns: number, rows: number) =>
		send(channels.resize, Buffer.from(JSON.stringify({Width: columns, Height: rows})));
	if (size) resize(size.columns, size.rows);
	return {
		output: output.all(),
		write: data => send(channels.stdin, data),
		drained: () => socket.drained(),
		end: () => send(channels.close, Buffer.from([channels.stdin])),
		resize,
		exit: exit.promise,
		close: () => socket.close(),
	};
}

/** 0 of a success, the command's own code, or why it did not run at all. */
export function exitCodeOf(status: WireStatus | undefined): number | undefined | ClusterError {
	if (status === undefined) return undefined;
	if ((status as {status?: string}).status === 'Success') return 0;
	const code = status.details?.causes?.find(({reason}) => reason === 'ExitCode')?.message;
	const [, silent] = unasked.exec(status.message ?? '') ?? [];
	if (silent !== undefined) return silentKubelet(silent);
	return code === undefined
		? new ClusterError('failed', inSentence(stripControl(whyNotRun(status.message))))
		: Number(code);
}

/** The API server has taken the session, and found nobody on the other side. */
const unasked = /^(?:Internal error occurred: )?error sending request: \w+ "[^"]*": (.*)$/s;

function silentKubelet(why: string, cause?: unknown): ClusterError {
	const text = `the API server cannot reach the kubelet of its node: ${stripControl(why)}`;
	return new ClusterError('unreachable', text, {cause});
}

/** The layers that it came through have each said that they could not. */
function whyNotRun(message = 'the command could not be run'): string {
	return message.replace(/^(?:Internal error occurred: |error executing command in container: )+(?=.)/, '');
}

export type KubeSocket = {
	/** Once it has ended, nothing happens. */
	send(data: Buffer): void;
	/** When what was sent has left, but for a little. */
	drained(): Promise<void>;
	/** Nothing is read until `resume`. */
	pause(): void;
	resume(): void;
	close(): void;
	onclose: (() => void) | null;
};

/** What `ws` has of its own beyond the sockets of browsers. */
type RawSocket = Pick<KubeSocket, 'pause' | 'resume' | 'close' | 'onclose'> & {
	readonly readyState: number;
	readonly bufferedAmount: number;
	send(data: Buffer, sent: () => void): void;
};

/** So much may be on its way. */
const highBytes = 2 ** 20;

function paced(raw: RawSocket): KubeSocket {
	let wake = () => {};
	let closed: (() => void) | null = null;
	raw.onclose = () => {
		wake();
		closed?.();
	};
	return {
		send(data) {
			if (raw.readyState === 1) raw.send(data, () => wake());
		},
		async drained() {
			while (raw.readyState === 1 && raw.bufferedAmount > highBytes) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		},
		pause: () => raw.pause(),
		resume: () => raw.resume(),
		close: () => raw.close(),
		get onclose() {
			return closed;
		},
		set onclose(listener) {
			closed = listener;
			if (raw.readyState > 1) listener?.();
		},
	};
}

/** `receive` answers whether the connection goes on. */
export async function connectSocket(
	client: KubeClient,
	path: string,
	receive: (channel: number, data: Buffer) => boolean,
): Promise<KubeSocket> {
	const {WebSocketHandler} = await import('@kubernetes/client-node/dist/web-socket-handler.js');
	const config = {
		getCurrentCluster: () => ({server: client.server}),
		async applyToHTTPSOptions(options: object) {
			const {tls, headers, agent} = await client.source.get();
			Object.assign(options, tls, {headers}, agent && {agent});
		},
	};
	const handler = new WebSocketHandler(config as never);
	try {
		return paced((await handler.connect(path, null, receive)) as unknown as RawSocket);
	} catch (event) {
		const {error, message} = event as {error?: Error; message?: string};
		const status = Number(/Unexpected server response: (\d+)/.exec(message ?? '')?.[1]);
		if (!status) throw connectionError(error ?? event, client.server);
		// The refusal's text is not to be had from the library: the same is asked for plainly.
		const said = await client.text({method: 'POST', path}).then(() => undefined, toClusterError);
		if (said !== undefined && !/upgrade request required/i.test(said.message)) throw said;
		throw status >= 500 ? silentKubelet(`status ${status}`, event) : refused(status, event);
	}
}

function refused(status: number, cause: unknown): ClusterError {
	return new ClusterError('failed', `the API server answered with ${status}`, {cause});
}
