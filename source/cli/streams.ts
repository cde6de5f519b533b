import {once} from 'node:events';
import {writeSync} from 'node:fs';
import type {InputStream, Output} from '../commands/host.ts';

/**
 * An output of this process. Once nobody reads it any more, the process ends quietly. Written straight to the descriptor
 * while that takes all at once: making a stream of it takes a short command a tenth of its time.
 */
export function createOutput(descriptor: 1 | 2): Output {
	const open = () => {
		const stream = descriptor === 1 ? process.stdout : process.stderr;
		stream.on('error', leave);
		return stream;
	};
	let stream: NodeJS.WriteStream | undefined;
	const streamed = () => {
		stream ??= open();
		return stream;
	};
	return {
		write(data) {
			const rest = stream === undefined ? writeNow(descriptor, Buffer.from(data)) : Buffer.from(data);
			if (rest.length > 0) {
				streamed().write(rest);
			}
		},
		async drained() {
			if (stream?.writableNeedDrain) {
				await once(stream, 'drain');
			}
		},
		get isTTY() {
			return isTerminal(descriptor);
		},
		get columns() {
			return streamed().columns || 80;
		},
		get rows() {
			return streamed().rows || 24;
		},
		onResize(listener) {
			const resizing = streamed().on('resize', listener);
			return () => {
				resizing.off('resize', listener);
			};
		},
	};
}

/** Answers with what was not taken at once. */
function writeNow(descriptor: number, data: Buffer): Buffer {
	let written = 0;
	try {
		while (written < data.length) {
			written += writeSync(descriptor, data, written);
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
			leave(error as NodeJS.ErrnoException);
		}
	}

	return data.subarray(written);
}

function leave({code}: NodeJS.ErrnoException): never {
	process.exit(code === 'EPIPE' ? 0 : 1);
}

/** Not imported: it brings a good part of the network with it. */
function isTerminal(descriptor: number): boolean {
	return process.getBuiltinModule('node:tty').isatty(descriptor);
}

const endings = {SIGTERM: 143, SIGHUP: 129} as const;

/** The standard input. It is only touched when it is read; a terminal in raw mode is set back even by a signal. */
export function createInput(): InputStream {
	let isRaw = false;
	const restore = () => {
		if (isRaw) {
			isRaw = false;
			process.stdin.setRawMode(false);
		}
	};
	return {
		get isTTY() {
			return isTerminal(0);
		},
		setRaw(raw) {
			if (!raw || !process.stdin.isTTY) {
				restore();
				return;
			}

			isRaw = true;
			process.stdin.setRawMode(true);
			process.once('exit', restore);
			for (const [signal, code] of Object.entries(endings)) {
				process.once(signal, () => process.exit(code));
			}
		},
		onData(listener) {
			const {stdin} = process;
			const end = () => listener(undefined);
			stdin.on('data', listener);
			stdin.once('end', end);
			stdin.resume();
			return () => {
				stdin.off('data', listener);
				stdin.off('end', end);
				stdin.pause();
			};
		},
	};
}

/** Aborts at ctrl-c; who does not end by that is ended soon, or by the second one. */
export function createInterrupt(): AbortSignal {
	const controller = new AbortController();
	const graceMs = 500;
	process.on('SIGINT', () => {
		if (controller.signal.aborted) {
			process.exit(130);
		}

		controller.abort();
		setTimeout(() => process.exit(130), graceMs).unref();
	});
	return controller.signal;
}
