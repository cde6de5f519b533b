import type {ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {
	type Home,
	homeOf,
	type InstancePaths,
	instancePaths,
	logPath,
	prepareHome,
} from '../../source/backends/local/home.ts';
import {type InstanceNotes, readNotes} from '../../source/backends/local/instance-notes.ts';
import {startRole} from '../../source/backends/local/start-daemon.ts';
import {
	identify,
	isRunning,
	type ProcessIdentity,
	signalProcess,
} from '../../source/backends/local/system/process-identity.ts';
import {
	findInstanceProcesses,
	findOwnProcesses,
	findRoleProcesses,
} from '../../source/backends/local/system/process-scan.ts';
import {removeSecrets} from '../../source/backends/local/system/secret-folder.ts';
import {isFinal} from '../../source/core/instance-state.ts';
import type {InstanceStatus, InstanceTemplate} from '../../source/core/model/index.ts';
import type {Assignment, DeliveredFile} from '../../source/orchestrator/fleet.ts';
import {plainTemplate} from './assignment.ts';
import {type FakeDaemon, fakeDaemon} from './fake-daemon.ts';
import {sourceProgram, until} from './local-engine.ts';

export {until};

/** One real agent, the node n1, under a fake daemon in a home of its own. */
export type AgentRig = {
	readonly home: Home;
	/** The present one. */
	readonly daemon: FakeDaemon;
	/** A new daemon after one that was closed; it waits for the agent. */
	nextDaemon(): Promise<void>;
	/** Starts an agent and waits for its welcome. */
	start(generation?: number): Promise<ProcessIdentity>;
	/** Starts one and waits for nothing. */
	spawn(generation: number): ChildProcess;
	/** An agent has started a daemon (not a real one). */
	readonly hasStartedDaemon: boolean;
	/** What agents have logged. */
	log(): string;
	/** Orders an instance; answers its id. */
	run(words: readonly string[], change?: Change, given?: Given): string;
	stop(id: string, reason?: string): void;
	/** Its last report, as soon as that is right. */
	status(id: string, isRight: (status: InstanceStatus) => boolean): Promise<InstanceStatus>;
	running(id: string): Promise<InstanceStatus>;
	ended(id: string): Promise<InstanceStatus>;
	paths(id: string): InstancePaths;
	/** What the agent has noted of it. */
	notes(id: string): InstanceNotes;
	/** The shim. */
	shim(id: string): ProcessIdentity;
	stdout(id: string): string;
	/** All living processes of an instance. */
	processes(id: string): ProcessIdentity[];
	agents(): ProcessIdentity[];
	end(): Promise<void>;
};

/** What the daemon sends with it. */
export type Given = {readonly files?: readonly DeliveredFile[]} & Partial<
	Pick<Assignment, 'volumes' | 'peers' | 'nameServer' | 'networks'>
>;

export type Change = Omit<Partial<InstanceTemplate>, 'image'> &
	Partial<Pick<Assignment, 'targets' | 'image' | 'nodeGeneration'>>;

/** `patienceMs`: how long a report is waited for. */
export async function agentRig(
	env: Readonly<Record<string, string>> = {},
	{patienceMs}: {readonly patienceMs?: number} = {},
): Promise<AgentRig> {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-agent-'));
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	prepareHome(home);
	let daemon = await fakeDaemon(home);
	const mark = path.join(root, 'daemon-was-started');
	let count = 0;

	const status: AgentRig['status'] = (id, isRight) =>
		until(
			() => daemon.status(id),
			found => found !== undefined && isRight(found),
			patienceMs,
		) as Promise<InstanceStatus>;
	const paths = (id: string) => instancePaths(home, 'n1', id);
	const processes = (id: string) => findInstanceProcesses(root, new Set([id]));
	return {
		home,
		get daemon() {
			return daemon;
		},
		async nextDaemon() {
			const {generation} = daemon;
			daemon = await fakeDaemon(home);
			daemon.generation = generation;
			await until(() => daemon.isLinked);
		},
		paths,
		status,
		processes,
		spawn,
		log,
		get hasStartedDaemon() {
			return existsSync(mark);
		},
		async start(generation = 1) {
			daemon.generation = generation;
			const {pid} = spawn(generation);
			const isOwn = () => daemon.isLinked && daemon.hellos.at(-1)?.pid === pid;
			await until(isOwn).catch(error => {
				throw new Error(`${error.message}\n${log()}`);
			});
			return identify(pid!)!;
		},
		run(
			[first = '', ...words],
			{targets = [], image, nodeGeneration = daemon.generation, ...change} = {},
			{files, ...given} = {},
		) {
			const id = `i${++count}`;
			daemon.send({
				type: 'run',
				assignment: {
					instanceId: id,
					instanceName: `web.${count}`,
					serviceId: 's1',
					serviceName: 'web',
					slot: count,
					version: 1,
					nodeGeneration,
					template: {...plainTemplate, ...(image ? {image: image.name} : {image: first}), command: words, ...change},
					image,
					targets,
					...given,
				},
				...(files && {files}),
			});
			return id;
		},
		stop(id, reason = 'scaled down') {
			daemon.send({type: 'stop', instanceId: id, reason});
		},
		running: id => status(id, ({state, pid}) => state === 'running' && pid !== undefined),
		ended: id => status(id, ({state}) => isFinal(state)),
		notes: id => readNotes(paths(id).notes),
		shim: id => readNotes(paths(id).notes).process!,
		stdout: id => readFileSync(paths(id).stdout, 'utf8'),
		agents: () => findRoleProcesses(root, ['agent', 'n1']),
		async end() {
			await daemon.close();
			for (let left = all(); left.length > 0; left = all()) {
				for (const one of left) signalProcess(one, 'SIGKILL');
				await until(() => !left.some(one => isRunning(one)));
			}

			rmSync(root, {recursive: true, force: true});
			rmSync(home.shortRun, {recursive: true, force: true});
			removeSecrets(home);
		},
	};

	function spawn(generation: number): ChildProcess {
		return startRole(home, sourceProgram, ['agent', 'n1'], 'agent-n1', {
			MUSTER_NODE_ID: 'node1',
			MUSTER_NODE_GENERATION: String(generation),
			MUSTER_TEST_DAEMON: mark,
			...env,
		});
	}

	function log(): string {
		return readFileSync(logPath(home, 'agent-n1'), 'utf8');
	}

	function all(): ProcessIdentity[] {
		return [...findOwnProcesses(root), ...findInstanceProcesses(root)];
	}
}

/** Kills by SIGKILL and waits until the process is gone. */
export async function killHard(identity: ProcessIdentity): Promise<void> {
	signalProcess(identity, 'SIGKILL');
	await until(() => !isRunning(identity));
}
