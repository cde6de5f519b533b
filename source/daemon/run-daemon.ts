import {existsSync, rmSync, writeFileSync} from 'node:fs';
import {type Home, prepareHome} from '../backends/local/home.ts';
import {ownProgram, type Program} from '../backends/local/start-daemon.ts';
import {errorCodes, toClusterError} from '../core/error.ts';
import {wireError} from './api/answer.ts';
import {startDaemonParts} from './daemon-parts.ts';
import {takeLock} from './lock.ts';
import {log} from './log.ts';

export type DaemonOptions = {
	readonly home: Home;
	readonly version: string;
	/** How agents and gateway are started; default: as this process was. */
	readonly program?: Program;
};

/** EX_SOFTWARE: an error that nothing caught. The agents start a new daemon, which goes on where this one was. */
const uncaughtExit = 70;

/** The daemon, from its lock to its end; the answer is its exit status. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
	const {home} = options;
	// Its terminal may go while it stays.
	process.stderr.on('error', () => {});
	process.on('uncaughtException', error => {
		log(`ends by an error: ${error.stack ?? error.message}`);
		process.exit(uncaughtExit);
	});
	try {
		prepareHome(home);
		return await runAlone(options);
	} catch (thrown) {
		const error = toClusterError(thrown);
		log(`cannot run: ${error.message}`);
		recordError(home, error);
		return errorCodes[error.code].exit;
	}
}

async function runAlone(options: DaemonOptions): Promise<number> {
	const {home} = options;
	// Set by an upgrade: what is stopped stays so for everybody else until this daemon runs.
	const isWanted = process.env.MUSTER_UPGRADE === '1';
	if (existsSync(home.stopped) && !isWanted) {
		log('does not start: it was stopped on purpose');
		return 0;
	}

	const lock = takeLock(home.lock);
	if (!lock) {
		log('does not start: another daemon runs');
		return 0;
	}

	try {
		const parts = await startDaemonParts({...options, program: options.program ?? ownProgram()});
		rmSync(home.daemonError, {force: true});
		if (isWanted) {
			rmSync(home.stopped, {force: true});
		}

		log(`runs as process ${process.pid}`);
		log(`ends: ${await firstSignal(parts.ending)}`);
		await parts.close();
	} finally {
		lock.release();
	}

	return 0;
}

/** Ends when the daemon is asked to, by its API or by a signal; says by what. */
function firstSignal(ending: Promise<string>): Promise<string> {
	const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
	const bySignal = signals.map(
		signal =>
			new Promise<string>(resolve => {
				process.once(signal, () => resolve(signal));
			}),
	);
	return Promise.race([ending, ...bySignal]);
}

/** For whoever started it and waits. */
function recordError(home: Home, error: ReturnType<typeof toClusterError>): void {
	try {
		writeFileSync(home.daemonError, JSON.stringify({pid: process.pid, ...wireError(error)}), {mode: 0o600});
	} catch {
		// The home cannot be written, which is the very error: it stands in the log, or on the terminal.
	}
}
