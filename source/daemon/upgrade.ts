import {copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {httpClient} from '../backends/local/client/http-client.ts';
import type {Home} from '../backends/local/home.ts';
import {type DaemonVersion, protocolVersion} from '../backends/local/protocol.ts';
import {type Program, startDaemon} from '../backends/local/start-daemon.ts';
import {
	identify,
	isRunning,
	type ProcessIdentity,
	readCommandLine,
	signalProcess,
} from '../backends/local/system/process-identity.ts';
import {findRoleProcesses} from '../backends/local/system/process-scan.ts';
import type {ComponentHealth} from '../core/backend.ts';
import {ClusterError, toClusterError} from '../core/error.ts';

export type RunningVersion = {
	readonly pid: number;
	readonly version: string;
	readonly protocol: string;
	/** How it was started. */
	readonly program: Program;
};

export type UpgradeOptions = {
	readonly version: string;
	readonly program: Program;
	/** Also where the same version runs. */
	readonly force: boolean;
	/** The agents too: each new one takes over what its node runs, within its lease. */
	readonly agents: boolean;
	/** The gateway too: it hands over its ports, and whoever is connected through it has a few seconds to end. */
	readonly gateway: boolean;
	readonly say: (sentence: string) => void;
	/** How long it may take until every part is well. */
	readonly timeoutMs?: number;
};

export type Upgraded = {readonly from: string; readonly to: string};

const endTimeoutMs = 10_000;
/** The new one's start, and what clients have begun. */
const handOverTimeoutMs = 20_000;
const soundTimeoutMs = 30_000;
const pollMs = 25;

/** The daemon that runs, whatever protocol it speaks: by what it wrote down of itself. */
export function runningVersion(home: Home): RunningVersion | undefined {
	try {
		const found = JSON.parse(readFileSync(home.daemonInfo, 'utf8')) as Partial<ProcessIdentity & RunningVersion>;
		const {pid = 0, startTime = '', bootId = '', version = '?', protocol = '?'} = found;
		if (!isRunning({pid, startTime, bootId} as ProcessIdentity)) {
			return undefined;
		}

		const [command = '', ...words] = readCommandLine(pid);
		return {pid, version, protocol, program: {command, args: words.slice(0, -1)}};
	} catch {
		return undefined;
	}
}

/**
 * Another version's daemon in the place of the one that runs: instances, agents and gateway go on, untouched. Agents and gateway of
 * another protocol are replaced. Where the new daemon does not become sound, the old one is started again, on the store as it was.
 * Undefined: that version runs already.
 */
export async function upgradeDaemon(home: Home, options: UpgradeOptions): Promise<Upgraded | undefined> {
	const {version, program, force, say} = options;
	const before = runningVersion(home);
	if (!before) {
		throw new ClusterError('conflict', 'no daemon runs: the next command starts the new version', {
			hint: 'muster daemon start',
		});
	}

	if (before.version === version && !force) {
		return undefined;
	}

	const kept = `${home.store}.before-upgrade`;
	await endDaemon(home, before.pid);
	copyStore(home.store, kept);
	try {
		await startDaemon(home, {byUser: true, upgrade: true, program});
		await whenSound(home, options);
	} catch (error) {
		say(`The new version does not run: ${toClusterError(error).message}`);
		await goBack(home, before, kept);
		throw backAgain(before, error);
	}

	await replaceOthers(home, options, before);
	rmSync(kept, {force: true});
	return {from: before.version, to: version};
}

/** By a signal, which any version understands; nobody starts it again meanwhile. */
async function endDaemon(home: Home, pid: number): Promise<void> {
	const identity = identify(pid);
	writeFileSync(home.stopped, '', {mode: 0o600});
	if (identity) {
		signalProcess(identity, 'SIGTERM');
		if (!(await until(() => !isRunning(identity), endTimeoutMs))) {
			rmSync(home.stopped, {force: true});
			throw new ClusterError('timeout', `the daemon, process ${pid}, does not end: nothing was changed`);
		}
	}
}

/** The new version may bring it into a format that the old one does not know. */
function copyStore(store: string, kept: string): void {
	copyFileSync(store, kept);
	if (existsSync(`${store}-wal`)) {
		copyFileSync(`${store}-wal`, `${kept}-wal`);
	}
}

async function goBack(home: Home, {program}: RunningVersion, kept: string): Promise<void> {
	// Agents and gateway would start the new one again: it is the one that ran last.
	writeFileSync(home.stopped, '', {mode: 0o600});
	for (const one of findRoleProcesses(home.root, ['daemon'])) {
		signalProcess(one, 'SIGKILL');
		await until(() => !isRunning(one), endTimeoutMs);
	}

	rmSync(home.daemonInfo, {force: true});
	rmSync(`${home.store}-wal`, {force: true});
	renameSync(kept, home.store);
	if (existsSync(`${kept}-wal`)) {
		renameSync(`${kept}-wal`, `${home.store}-wal`);
	}

	await startDaemon(home, {byUser: true, program});
	// It listens a moment before it has written down that it runs.
	await until(() => runningVersion(home) !== undefined, endTimeoutMs);
}

function backAgain({version}: RunningVersion, cause: unknown): ClusterError {
	const {message} = toClusterError(cause);
	return new ClusterError('failed', `the upgrade was taken back, and ${version} runs again: ${message}`, {
		hint: 'Instances and gateway went on all the time. See daemon.log for more.',
		cause,
	});
}

/** It is the new one that answers, and store and nodes are well. */
async function whenSound(home: Home, {version, timeoutMs = soundTimeoutMs}: UpgradeOptions): Promise<void> {
	const client = httpClient(home.socket);
	let last = 'it does not answer';
	try {
		const isSound = await until(async () => {
			try {
				const running = await client.call<DaemonVersion>('GET', '/v1/version');
				const health = await client.call<readonly ComponentHealth[]>('GET', '/v1/health');
				const ill = health.find(({name, state}) => /^(daemon|store)$/.test(name) && state === 'failed');
				last = running.version === version ? (ill ? `${ill.name}: ${ill.message}` : '') : `${running.version} answers`;
			} catch (error) {
				last = toClusterError(error).message;
			}

			return last === '';
		}, timeoutMs);
		if (!isSound) {
			throw new ClusterError('failed', last);
		}
	} finally {
		client.close();
	}
}

/** One after the other. Of another protocol, they are not understood any more. */
async function replaceOthers(home: Home, options: UpgradeOptions, before: RunningVersion): Promise<void> {
	const {say, agents, gateway, timeoutMs = soundTimeoutMs} = options;
	const isForeign = before.protocol !== protocolVersion;
	const client = httpClient(home.socket);
	try {
		const {items} = await client.call<{items: ReadonlyArray<{name: string}>}>(
			'GET',
			`/v1/list?query=${encodeURIComponent('{"kind":"node"}')}`,
		);
		for (const {name} of agents || isForeign ? items : []) {
			for (const old of findRoleProcesses(home.root, ['agent', name])) {
				signalProcess(old, 'SIGTERM');
				await until(() => !isRunning(old), endTimeoutMs);
			}

			const isBack = await until(async () => isWell(client, `agent ${name}`), timeoutMs);
			say(isBack ? `The agent of ${name} is replaced.` : `The agent of ${name} is not back yet: see muster health.`);
		}

		if (gateway || isForeign) {
			const old = findRoleProcesses(home.root, ['gateway']);
			for (const one of old) {
				// It starts the new one and hands it its ports. An older version knows no such signal, and ends.
				signalProcess(one, 'SIGUSR2');
			}

			const isReplaced = await until(() => !old.some(isRunning), handOverTimeoutMs);
			await until(async () => isWell(client, 'gateway'), timeoutMs);
			say(isReplaced ? 'The gateway is replaced.' : 'The old gateway goes on: see gateway.log.');
		}
	} finally {
		client.close();
	}
}

async function isWell(client: ReturnType<typeof httpClient>, component: string): Promise<boolean> {
	const health = await client.call<readonly ComponentHealth[]>('GET', '/v1/health').catch(() => []);
	return health.some(({name, state}) => name === component && state === 'ok');
}

async function until(isTrue: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
	const deadlineMs = performance.now() + timeoutMs;
	while (!(await isTrue())) {
		if (performance.now() > deadlineMs) {
			return false;
		}

		await new Promise(resolve => setTimeout(resolve, pollMs));
	}

	return true;
}
