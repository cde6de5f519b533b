import type {Socket} from 'node:net';
import type {IPty} from '@lydell/node-pty';
import {ClusterError} from '../../../../core/error.ts';
import type {Interactive, InteractiveEvents, InteractiveOptions} from './interactive.ts';

/** The driver sends this much on without being waited for; then what is typed has to wait. */
const maxWaitingBytes = 256 * 2 ** 10;
/** End of transmission: what ctrl-d types. */
const endOfInput = Buffer.from([4]);
const defaultSize = {columns: 80, rows: 24};

/** Throws ClusterError `unsupported` where there is no driver for terminals. */
export async function openTerminal(options: InteractiveOptions, events: InteractiveEvents): Promise<Interactive> {
	const {spawn} = await loadDriver();
	const {command, environment, workdir, user, size = defaultSize} = options;
	const [file = '', ...args] = command;
	const pty: unknown = spawn(file, args, {
		name: environment.TERM ?? 'xterm-256color',
		cols: size.columns,
		rows: size.rows,
		cwd: workdir,
		env: environment,
		encoding: null,
		...(user && {uid: user.uid, gid: user.gid}),
	});
	return over(pty as RawTerminal, events);
}

function over(pty: RawTerminal, events: InteractiveEvents): Interactive {
	const {_socket: stream} = pty;
	stream.on('drain', events.drained);
	pty.onData(data => events.output('stdout', data));
	pty.onExit(({exitCode, signal}) => events.exit(signal ? 128 + signal : exitCode));
	return {
		pid: pty.pid,
		write(data) {
			pty.write(data);
			return stream.writableLength < maxWaitingBytes;
		},
		end: () => pty.write(endOfInput),
		resize(columns, rows) {
			try {
				pty.resize(columns, rows);
			} catch {
				// It has ended.
			}
		},
		pause: () => pty.pause(),
		resume: () => pty.resume(),
	};
}

/** What the driver is with bytes instead of text; it has no word for back-pressure, only the stream that it writes to. */
type RawTerminal = Omit<IPty, 'onData' | 'write'> & {
	onData(listener: (data: Buffer) => void): void;
	write(data: Uint8Array): void;
	readonly _socket: Socket;
};

async function loadDriver(): Promise<typeof import('@lydell/node-pty')> {
	try {
		return await import('@lydell/node-pty');
	} catch (error) {
		throw noDriver(error);
	}
}

function noDriver(cause: unknown): ClusterError {
	return new ClusterError('unsupported', 'no terminals on this platform: @lydell/node-pty is not installed', {
		hint: 'Leave out -t, or install muster again with its optional packages.',
		cause,
	});
}
