import {realpathSync} from 'node:fs';
import path from 'node:path';
import {prepareFolder} from './system/folder.ts';

/** The environment, as far as it is asked. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where muster keeps its own files. All paths are absolute. */
export type Home = {
	/** `MUSTER_HOME` in the environment of every process that muster starts; names this home among all of the machine. */
	readonly root: string;
	readonly state: string;
	readonly config: string;
	readonly run: string;
	/** Short and private; for the sockets whose own path would be too long. */
	readonly shortRun: string;
	/** The API. */
	readonly socket: string;
	readonly store: string;
	readonly lock: string;
	/** There: `daemon stop` was asked, and nobody but the next command starts a daemon. */
	readonly stopped: string;
	readonly journal: string;
	/** {pid, startTime, bootId, version, protocol, socketPath} of the running daemon. */
	readonly daemonInfo: string;
	/** {pid, code, message, hint} of a daemon that could not start. */
	readonly daemonError: string;
	readonly gatewayTable: string;
	/** Which contexts the daemon has tended, and how. */
	readonly tended: string;
	/** What each tender says of itself. */
	readonly tend: string;
	readonly images: string;
	/** A folder for each volume. */
	readonly volumes: string;
	/** By which secrets are sealed in the store. */
	readonly secretKey: string;
	/** Who may come by TCP: the authority of their certificates, and their names. */
	readonly access: string;
	/** What came by TCP, as the journal has it. */
	readonly accessLog: string;
	/** {host, port} where figures are given to whoever asks on this machine. */
	readonly metricsListen: string;
	/** Daemons of other machines, and the certificates for them. */
	readonly contexts: string;
	readonly nodes: string;
	readonly logs: string;
};

/** The paths of one node. */
export type NodePaths = {
	readonly folder: string;
	/** {pid, startTime, bootId, generation} of the agent. */
	readonly agentInfo: string;
	/** Exec sessions. */
	readonly agentSocket: string;
	readonly instances: string;
};

/** The paths of one instance; `.1` is appended for what was rotated away. */
export type InstancePaths = {
	readonly folder: string;
	/** What is known of it, see instance-notes.ts. */
	readonly notes: string;
	/** How its process ended, where its user may not have a hand on the notes. */
	readonly exit: string;
	readonly stdout: string;
	readonly stderr: string;
	readonly attachSocket: string;
	/** Where an instance may answer beside its port; undefined: the path would be too long. */
	readonly socket: string | undefined;
	readonly work: string;
};

/** The kernel allows 107 bytes (macOS 103); some stay free for `.new` and the like. */
const maxSocketBytes = 100;

export type HomeContext = {
	readonly temporary: string;
	readonly cwd: string;
	/** A path without symbolic links: a home has one name, whichever way its user takes to it. */
	readonly real?: (file: string) => string;
};

/**
 * The home that an environment names: everything below MUSTER_HOME, or the XDG folders where it is not set (or names the
 * default, as it does for the processes that muster starts).
 */
export function homeOf(env: Env, {temporary, cwd, real = file => file}: HomeContext): Home {
	const userHome = env.HOME || '/';
	const xdg = (name: string, fallback: string) => {
		const value = env[name];
		return value && path.isAbsolute(value) ? path.join(value, 'muster') : fallback;
	};

	const byDefault = real(xdg('XDG_STATE_HOME', path.join(userHome, '.local/state/muster')));
	const root = env.MUSTER_HOME ? real(path.resolve(cwd, env.MUSTER_HOME)) : byDefault;
	const runParent = env.XDG_RUNTIME_DIR && path.isAbsolute(env.XDG_RUNTIME_DIR) ? env.XDG_RUNTIME_DIR : temporary;
	const shortRun = path.join(runParent, `muster-${homeHash(root)}`);
	if (root === byDefault) {
		const run = xdg('XDG_RUNTIME_DIR', shortRun);
		return paths(root, {
			state: byDefault,
			config: xdg('XDG_CONFIG_HOME', path.join(userHome, '.config/muster')),
			run,
			shortRun,
		});
	}

	return paths(root, {
		state: path.join(root, 'state'),
		config: path.join(root, 'config'),
		run: path.join(root, 'run'),
		shortRun,
	});
}

/** The home of this process's own environment: for the edges (cli.tsx, the roles), which hand it on. */
export function ownHome(): Home {
	const {tmpdir} = process.getBuiltinModule('node:os');
	return homeOf(process.env, {temporary: tmpdir(), cwd: process.cwd(), real: realPath});
}

/** Of what is not there yet: where it would be made. */
export function realPath(file: string): string {
	try {
		return realpathSync(file);
	} catch {
		const parent = path.dirname(file);
		return parent === file ? file : path.join(realPath(parent), path.basename(file));
	}
}

function paths(root: string, folders: Pick<Home, 'state' | 'config' | 'run' | 'shortRun'>): Home {
	const {state, run, shortRun} = folders;
	const inState = (name: string) => path.join(state, name);
	return {
		root,
		...folders,
		socket: socketPath(path.join(run, 'muster.sock'), path.join(shortRun, 'muster.sock')),
		store: inState('store.db'),
		lock: inState('daemon.lock'),
		stopped: inState('stopped'),
		journal: inState('journal.ndjson'),
		daemonInfo: inState('daemon.json'),
		daemonError: inState('daemon-error.json'),
		gatewayTable: inState('gateway.json'),
		tended: inState('tended.json'),
		tend: inState('tend'),
		images: inState('images'),
		volumes: inState('volumes'),
		secretKey: inState('secret.key'),
		access: inState('access'),
		metricsListen: inState('metrics-listen.json'),
		accessLog: inState('access.ndjson'),
		contexts: path.join(folders.config, 'contexts'),
		nodes: inState('nodes'),
		logs: inState('log'),
	};
}

export function nodePaths(home: Home, nodeName: string): NodePaths {
	const folder = path.join(home.nodes, nodeName);
	return {
		folder,
		agentInfo: path.join(folder, 'agent.json'),
		agentSocket: socketPath(path.join(folder, 'agent.sock'), path.join(home.shortRun, `agent-${nodeName}.sock`)),
		instances: path.join(folder, 'instances'),
	};
}

export function instancePaths(home: Home, nodeName: string, instanceId: string): InstancePaths {
	const folder = path.join(home.nodes, nodeName, 'instances', instanceId);
	return {
		folder,
		notes: path.join(folder, 'notes'),
		exit: path.join(folder, 'exit'),
		stdout: path.join(folder, 'stdout.log'),
		stderr: path.join(folder, 'stderr.log'),
		attachSocket: socketPath(path.join(folder, 'attach.sock'), path.join(home.shortRun, `attach-${instanceId}.sock`)),
		// Where its user may write, whoever that is.
		socket: shortEnough(path.join(folder, 'work/muster.sock')),
		work: path.join(folder, 'work'),
	};
}

/** `state/log/NAME.log`: daemon, gateway, agent-n1. */
export function logPath(home: Home, name: string): string {
	return path.join(home.logs, `${name}.log`);
}

function socketPath(natural: string, short: string): string {
	return shortEnough(natural) ?? short;
}

function shortEnough(file: string): string | undefined {
	return Buffer.byteLength(file) > maxSocketBytes ? undefined : file;
}

/** 12 hexadecimal digits that tell one home from another. Not by node:crypto: loading it takes as long as a whole command may. */
export function homeHash(root: string): string {
	const bytes = Buffer.from(root);
	return (fnv1a(bytes) + fnv1a(bytes.toReversed())).slice(-12);
}

function fnv1a(bytes: Uint8Array): string {
	const hash = bytes.reduce((value, byte) => Math.imul(value ^ byte, 0x01_00_01_93), 0x81_1c_9d_c5);
	return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Makes the folders, each for its owner only. Throws ClusterError `failed` that names the folder that cannot be made. */
export function prepareHome(home: Home): void {
	for (const folder of [home.state, home.config, home.images, home.nodes, home.logs]) {
		prepareFolder(folder);
	}

	prepareFolder(path.dirname(home.socket), {own: true});
}

/** Before the first socket at `file` is bound: makes its folder, which must be the user's own. */
export function prepareSocketFolder(file: string): void {
	prepareFolder(path.dirname(file), {own: true});
}
