import type {Session} from '../../core/backend.ts';
import type {Host} from '../host.ts';

type SessionHost = Pick<Host, 'stdin' | 'stdout' | 'stderr' | 'interrupted'>;

export type SessionOptions = {
	/** What is typed goes over key by key, and control sequences come back: a terminal on both sides. */
	readonly tty: boolean;
	readonly stdin: boolean;
	/** The ctrl-p ctrl-q that leaves the other side running. */
	readonly detachable: boolean;
};

/** How it ended: left by its keys, while the other side goes on; else with a code, where one is known. */
export type Joined = {readonly isLeft: boolean; readonly code: number | undefined};

const ctrlP = 0x10;
const ctrlQ = 0x11;

/**
 * Joins the terminal, or what stands in for it, with a session, until it ends or is left; whatever happens, the terminal is
 * as before.
 */
export async function joinSession(host: SessionHost, session: Session, options: SessionOptions): Promise<Joined> {
	const {stdin, stdout, stderr, interrupted} = host;
	const raw = options.tty && stdin.isTTY;
	const left = Promise.withResolvers<Joined>();
	const leave = () => left.resolve({isLeft: true, code: undefined});
	const filter = options.detachable && raw ? detachKeys(leave) : (data: Uint8Array) => data;
	let endReading = () => {};
	let endResizing = () => {};
	try {
		stdin.setRaw(raw);
		if (!raw) {
			interrupted.addEventListener('abort', leave);
		}

		if (options.stdin) {
			endReading = stdin.onData(data => {
				if (data === undefined) {
					session.end();
				} else {
					session.write(filter(data));
				}
			});
		}

		if (options.tty && stdout.isTTY) {
			endResizing = stdout.onResize(() => session.resize(stdout.columns, stdout.rows));
		}

		return await Promise.race([copyOut(session, stdout, stderr), left.promise]);
	} finally {
		interrupted.removeEventListener('abort', leave);
		endReading();
		endResizing();
		stdin.setRaw(false);
		session.close();
	}
}

async function copyOut(session: Session, stdout: Host['stdout'], stderr: Host['stderr']): Promise<Joined> {
	for await (const {stream, data} of session.output) {
		const output = stream === 'stderr' ? stderr : stdout;
		output.write(data);
		await output.drained();
	}

	return {isLeft: false, code: await session.exit};
}

/** Passes everything on but ctrl-p ctrl-q; a ctrl-p is held back until it is known what follows. */
export function detachKeys(detach: () => void): (data: Uint8Array) => Uint8Array {
	let held = false;
	return data => {
		const passed: number[] = [];
		for (const byte of data) {
			if (held && byte === ctrlQ) {
				detach();
				return Uint8Array.from(passed);
			}

			if (held) {
				passed.push(ctrlP);
			}

			held = byte === ctrlP;
			if (!held) {
				passed.push(byte);
			}
		}

		return Uint8Array.from(passed);
	};
}
