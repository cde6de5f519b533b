import {once} from 'node:events';
import type {InputStream, Output} from '../../commands/host.ts';
import {joinSession} from '../../commands/running/session.ts';
import type {Session} from '../../core/backend.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Joined, SessionTerminal} from '../../views/ports.ts';

export type Streams = {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream};

/** What takes no longer than this and fails has said something that is to be read. */
const shortMs = 1500;
/** The shell's own word for ctrl-c. */
const interrupted = 130;

/**
 * Joins the terminal with a session. When it did not end as its user wanted (it was killed, or the connection broke), what is
 * being typed is for the session still: it is thrown away until enter is pressed.
 */
export async function joinTerminal(
	streams: Streams,
	session: Session,
	{title, ...options}: SessionTerminal,
): Promise<Joined> {
	const {stdout} = streams;
	stdout.write(`${stripControl(title)}\r\n`);
	const startedAtMs = performance.now();
	const output = outputOf(stdout);
	// Without a terminal on the other side ctrl-c is a signal, and leaves.
	const interrupt = new AbortController();
	const onInterrupt = () => interrupt.abort();
	process.on('SIGINT', onInterrupt);
	const host = {stdin: inputOf(streams.stdin), stdout: output, stderr: output, interrupted: interrupt.signal};
	const joined = await joinSession(host, session, options).catch((): Joined => ({isLeft: false, code: undefined}));
	process.off('SIGINT', onInterrupt);
	const {isLeft, code} = joined;
	const isBad = code === undefined || (code > 128 && code !== interrupted);
	const isShort = code !== 0 && performance.now() - startedAtMs < shortMs;
	if (!isLeft && (isBad || isShort)) {
		const how = code === undefined ? 'The connection broke' : `It ended with ${code}`;
		await pause(streams, `\r\n${how}.`);
	}

	return joined;
}

/** Waits for enter; whatever else is typed meanwhile is nobody's. */
export async function pause({stdin, stdout}: Streams, text: string): Promise<void> {
	stdout.write(`${text} Press enter to go back to muster.`);
	const input = inputOf(stdin);
	const pressed = Promise.withResolvers<void>();
	input.setRaw(true);
	const stop = input.onData(data => {
		if (data === undefined || data.some(byte => byte === 0x0d || byte === 0x0a || byte === 0x03)) {
			pressed.resolve();
		}
	});
	await pressed.promise;
	stop();
	input.setRaw(false);
	stdout.write('\r\n');
}

/** The same streams as Ink reads from and writes to, while it does not. Bytes go through as they are: latin1 keeps each. */
function inputOf(stdin: NodeJS.ReadStream): InputStream {
	return {
		isTTY: Boolean(stdin.isTTY),
		setRaw: raw => void stdin.setRawMode?.(raw),
		onData(listener) {
			const onText = (text: string) => listener(Buffer.from(text, 'latin1'));
			const onEnd = () => listener(undefined);
			stdin.setEncoding('latin1');
			stdin.on('data', onText);
			stdin.once('end', onEnd);
			stdin.once('close', onEnd);
			stdin.ref?.();
			stdin.resume();
			return () => {
				stdin.off('data', onText);
				stdin.off('end', onEnd);
				stdin.off('close', onEnd);
				stdin.pause();
			};
		},
	};
}

function outputOf(stdout: NodeJS.WriteStream): Output {
	return {
		write: data => void stdout.write(data),
		async drained() {
			if (stdout.writableNeedDrain) {
				await once(stdout, 'drain');
			}
		},
		isTTY: Boolean(stdout.isTTY),
		get columns() {
			return stdout.columns || 80;
		},
		get rows() {
			return stdout.rows || 24;
		},
		onResize(listener) {
			stdout.on('resize', listener);
			return () => void stdout.off('resize', listener);
		},
	};
}
