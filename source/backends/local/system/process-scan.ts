import path from 'node:path';
import {
	identify,
	isRunning,
	listPids,
	type ProcessIdentity,
	readCommandLine,
	readEnvironment,
} from './process-identity.ts';

/**
 * The processes of instances of this home, found by what they inherited, whatever group, session or parent they have now.
 * `ids`: only of these instances. Those of another user cannot be seen.
 */
export function findInstanceProcesses(root: string, ids?: ReadonlySet<string>): ProcessIdentity[] {
	return findProcesses(pid => {
		const {MUSTER_HOME: home, MUSTER_INSTANCE: instance} = readEnvironment(pid) ?? {};
		return home === root && instance !== undefined && (ids === undefined || ids.has(instance));
	});
}

/** Muster's own other processes of this home with this role: `['agent', 'n1']`, `['gateway']`. */
export function findRoleProcesses(root: string, role: readonly string[]): ProcessIdentity[] {
	const asked = role.join('\0');
	return findProcesses(
		pid => roleOf(readCommandLine(pid))?.join('\0') === asked && readEnvironment(pid)?.MUSTER_HOME === root,
	);
}

/** All of them: daemon, gateway and every agent. */
export function findOwnProcesses(root: string): ProcessIdentity[] {
	return findProcesses(pid => roleOf(readCommandLine(pid)) !== undefined && readEnvironment(pid)?.MUSTER_HOME === root);
}

const roleLengths = new Map([
	['daemon', 1],
	['gateway', 1],
	['agent', 2],
	['tend', 2],
]);

/**
 * What stands last in `node /…/muster ROLE…`; undefined for any other command. The name of the program counts too: whoever
 * has MUSTER_HOME in his environment may well edit a file that is called daemon.
 */
export function roleOf(words: readonly string[]): readonly string[] | undefined {
	for (const length of roleLengths.values()) {
		const [script = '', ...role] = words.slice(-length - 1);
		const isOwn = script.includes('/') && path.basename(script).startsWith('muster');
		if (isOwn && roleLengths.get(role[0] ?? '') === role.length) {
			return role;
		}
	}

	return undefined;
}

/** A pid that ends and is used again between the two looks is not taken for the one that matched. */
function findProcesses(matches: (pid: number) => boolean): ProcessIdentity[] {
	return listPids()
		.filter(pid => pid !== process.pid && matches(pid))
		.flatMap(pid => {
			const found = identify(pid);
			return found && matches(pid) && isRunning(found) ? [found] : [];
		});
}
