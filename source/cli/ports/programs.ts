import {type ChildProcess, spawn} from 'node:child_process';
import {ClusterError} from '../../core/error.ts';
import type {Ended, Program} from '../../views/ports.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Runs a program with the terminal of this process, and waits for its end. Throws `not-found` where there is none. */
export async function runHere({argv, env}: Program, ownEnv: Env): Promise<Ended> {
	const [command = '', ...args] = argv;
	return ended(command, spawn(command, args, {stdio: 'inherit', env: {...ownEnv, ...env}}));
}

/** Of what a program writes that nobody sees, the end is kept. */
const keptBytes = 8192;

/** Runs a program that neither sees the terminal nor is ended with it. */
export async function runBehind({argv, env}: Program, ownEnv: Env): Promise<Ended & {readonly output: string}> {
	const [command = '', ...args] = argv;
	const child = spawn(command, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
		env: {...ownEnv, ...env},
	});
	let kept = Buffer.alloc(0);
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (data: Buffer) => {
			kept = Buffer.concat([kept, data]).subarray(-keptBytes);
		});
	}

	const how = await ended(command, child);
	return {...how, output: kept.toString('utf8')};
}

async function ended(command: string, child: ChildProcess): Promise<Ended> {
	return new Promise((resolve, reject) => {
		child.once('error', error => reject(cannotRun(command, error)));
		child.once('close', (code, signal) => {
			resolve({code: code ?? undefined, ...(signal === null ? {} : {signal})});
		});
	});
}

function cannotRun(command: string, cause: NodeJS.ErrnoException): ClusterError {
	const why = cause.code === 'ENOENT' ? 'there is no such program' : cause.message;
	return new ClusterError('not-found', `${command} cannot be run: ${why}`, {cause});
}
