import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import type {ProcessEnd} from '../../../../core/instance-step.ts';
import type {InstancePaths} from '../../home.ts';
import {openExitFile} from '../../instance-notes.ts';
import {bootId, isRunning, type ProcessIdentity, readProcess} from '../../system/process-identity.ts';
import {deliver} from '../launch/deliver.ts';
import type {Environment} from '../launch/environment.ts';
import type {User} from '../launch/user.ts';
import {readExit, shimArguments} from '../shim.ts';
import type {AdoptedWatch} from '../watch/adopted-watch.ts';

export type Launch = {
	/** The first word is the path of an executable. */
	readonly command: readonly string[];
	readonly environment: Environment;
	readonly workdir: string;
	readonly user?: User;
	readonly paths: Pick<InstancePaths, 'stdout' | 'stderr'>;
	/** What the shim reports to. */
	readonly exit: string;
	/** Of control groups, see shim.ts. */
	readonly joinFiles: readonly string[];
	/** Asked before each signal. */
	readonly mayAct: () => boolean;
};

/** A command behind its shim. */
export type Supervised = {
	/** The shim: it leads session and process group. */
	readonly identity: ProcessIdentity;
	/** To its whole process group, once the command runs; false when the shim is gone. */
	signal(signal: NodeJS.Signals): boolean;
};

/** Starts a command in a session of its own. Throws when no process can be made; `ended` is called once. */
export function launch(options: Launch, ended: (end: ProcessEnd) => void): Promise<Supervised> {
	const {promise, resolve, reject} = Promise.withResolvers<Supervised>();
	const child = spawnShim(options);
	const {pid} = child;
	if (pid === undefined) {
		child.once('error', reject);
		return promise;
	}

	let hasEnded = false;
	child.once('exit', code => {
		hasEnded = true;
		const byCode: ProcessEnd = code === null ? {type: 'unsupervised'} : {type: 'exited', code};
		ended(readExit(options.exit) ?? byCode);
	});
	child.unref();
	// Its own child keeps its pid until it is told of the end.
	const identity = {pid, startTime: readProcess(pid)?.startTime ?? 0, bootId: bootId()};
	resolve({identity, signal: signal => deliver(signal, pid, () => !hasEnded && options.mayAct())});
	return promise;
}

function spawnShim({command, environment, workdir, user, paths, exit, joinFiles}: Launch): ChildProcess {
	const open: number[] = [];
	try {
		open.push(openSync(paths.stdout, 'a', 0o600), openSync(paths.stderr, 'a', 0o600), openExitFile(exit));
		return spawn('/bin/sh', shimArguments(command, joinFiles), {
			cwd: workdir,
			detached: true,
			env: environment,
			stdio: ['ignore', ...open],
			...(user && {uid: user.uid, gid: user.gid}),
		});
	} finally {
		for (const descriptor of open) {
			closeSync(descriptor);
		}
	}
}

/** Goes on with what an earlier agent started. */
export function adopt(
	identity: ProcessIdentity,
	{exit, mayAct}: Pick<Launch, 'exit' | 'mayAct'>,
	watch: AdoptedWatch,
	ended: (end: ProcessEnd) => void,
): Supervised {
	watch.watch(identity, () => ended(readExit(exit) ?? {type: 'unsupervised'}));
	return {identity, signal: signal => deliver(signal, identity.pid, () => isRunning(identity) && mayAct())};
}
