import {existsSync} from 'node:fs';
import type {Socket} from 'node:net';
import {ClusterError} from '../../../../core/error.ts';
import type {ExecQuery} from '../../protocol.ts';
import type {AgentInstance} from '../instance/instance.ts';
import {enterView} from '../launch/isolation.ts';
import {visitorTarget} from '../launch/launch-plan.ts';
import {resolveExecutable} from '../launch/program.ts';
import {joinCommand} from '../shim.ts';
import type {Interactive} from './interactive.ts';
import {openInteractive} from './open-interactive.ts';
import {feed, sinkOf} from './session.ts';

/**
 * Runs a command within an instance: in its environment and its limits, as its user, with what it sees of files and processes,
 * until the command ends or the client goes. `accepted` is called when it runs, before anything of it is sent. Throws a ClusterError when it cannot be started.
 */
export async function openExec(
	instance: AgentInstance,
	query: ExecQuery,
	{socket, head}: {readonly socket: Socket; readonly head: Uint8Array},
	accepted: () => void,
): Promise<void> {
	const {environment, workdir, user, within, view} = targetOf(instance, query);
	const command = within
		? [...within, query.tty ? 'tty' : 'pipes', '--', ...query.command]
		: [...(view ?? []), ...resolve(query.command, environment.PATH ?? '')];
	const joinFiles = instance.run?.cgroup?.joinFiles ?? [];
	const sink = sinkOf(socket);
	let more = () => {};
	let running: Interactive | undefined;
	let isOver = false;
	// Not twice: later its number may be another's.
	const ended = () => {
		if (!isOver && running) {
			isOver = true;
			killGroup(running.pid);
		}
	};

	running = await openInteractive(
		{
			command: joinFiles.length > 0 ? joinCommand(command, joinFiles) : command,
			environment,
			workdir,
			// Only root goes into the view; the user is become in there.
			user: view ? undefined : user,
			tty: query.tty,
			stdin: query.stdin,
			size: query.size,
			ownGroup: true,
		},
		{
			output(stream, data) {
				sink.send({type: stream, data});
				if (!sink.isClear) {
					running?.pause();
				}
			},
			drained: () => more(),
			exit(code) {
				ended();
				sink.send({type: 'exit', code});
				sink.end();
			},
		},
	);
	if (socket.destroyed) {
		ended();
		return;
	}

	socket.on('drain', () => running?.resume());
	socket.once('close', ended);
	accepted();
	more = feed(socket, head, () => running);
}

function targetOf(instance: AgentInstance, {env, workdir, tty}: ExecQuery) {
	const {run, assignment} = instance;
	if (!run?.plan) {
		throw new ClusterError('conflict', `${assignment.instanceName} does not run: it is ${instance.status.state}`);
	}

	const target = visitorTarget(run.plan, run.note.endpoints);
	const folder = target.within ? target.workdir : (workdir ?? target.workdir);
	if (!existsSync(folder)) {
		throw new ClusterError('not-found', `no such folder: ${folder}`);
	}

	const {apart} = run.plan;
	const view = apart && enterView(run.note.pid, apart, {user: target.user, workdir, tty});
	return {
		...target,
		view,
		workdir: folder,
		environment: {...target.environment, ...env, ...pinned(target.environment)},
	};
}

/** By these what runs in an instance is found, whatever a client wishes. */
function pinned(environment: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('MUSTER_')));
}

function resolve([name = '', ...args]: readonly string[], searchPath: string): string[] {
	try {
		return [resolveExecutable(name, searchPath), ...args];
	} catch (error) {
		throw notFound(error as Error);
	}
}

function notFound(cause: Error): ClusterError {
	return new ClusterError('not-found', cause.message, {cause});
}

/** What it has started besides, as far as that stayed in its group, ends with it. */
function killGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// It is gone.
	}
}
