import {childrenOf} from '../../system/proc.ts';
import {readCommandLine} from '../../system/process-identity.ts';
import {shimName} from '../shim.ts';

/** No shell can take these for its own. */
const immediate = new Set<NodeJS.Signals>(['SIGKILL', 'SIGSTOP', 'SIGCONT']);
const lookMs = 5;
/** A shim that has started nothing by then hangs, or the system does not tell. */
const maxWaitMs = 2000;

/**
 * Sends a signal, once, to the process group of a shim as soon as its command runs: the shell outlives what comes before, and
 * nobody else would ever hear of it. `mayHear`: it is there still, and may be sent signals; if not, the answer is false.
 */
export function deliver(signal: NodeJS.Signals, shimPid: number, mayHear: () => boolean): boolean {
	const deadlineMs = performance.now() + maxWaitMs;
	const attempt = (): boolean => {
		if (!mayHear()) {
			return false;
		}

		if (immediate.has(signal) || hasStartedCommand(shimPid) || performance.now() >= deadlineMs) {
			return signalGroup(shimPid, signal);
		}

		setTimeout(attempt, lookMs);
		return true;
	};

	return attempt();
}

/** A child that is still called like its shim has yet to become the command. */
function hasStartedCommand(shimPid: number): boolean {
	const [child] = childrenOf(shimPid);
	return child !== undefined && !readCommandLine(child).includes(shimName);
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(-pid, signal);
		return true;
	} catch {
		return false;
	}
}
