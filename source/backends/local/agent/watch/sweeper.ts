import {eachMember} from '../../system/proc.ts';
import {bootId, type ProcessIdentity, readProcess} from '../../system/process-identity.ts';

/**
 * Ends what instances leave behind when their command has ended: processes of their group, and those that left it but
 * carry their id. Looking through all processes costs a few milliseconds, so all that ask within a moment share a look.
 */
export type Sweeper = {
	/** `some`: found and killed some (or was not allowed to), ask again. `leader`: the shim, where there was one. */
	sweep(instanceId: string, leader: ProcessIdentity | undefined): Promise<'some' | 'none'>;
};

type Request = {
	readonly instanceId: string;
	readonly leader: ProcessIdentity | undefined;
	readonly answer: (found: 'some' | 'none') => void;
};

const gatherMs = 2;
const minPauseMs = 20;
/** The share of the time that may be spent with looking is one in this and one. */
const pauseFactor = 4;

/** `mayAct`: asked right before each kill. */
export function createSweeper(root: string, mayAct: () => boolean): Sweeper {
	let waiting: Request[] = [];
	let isBusy = false;

	async function look(): Promise<void> {
		const requests = waiting;
		waiting = [];
		const startedMs = performance.now();
		const killed = await killRemains(root, requests, mayAct);
		for (const {instanceId, answer} of requests) {
			answer(killed.has(instanceId) ? 'some' : 'none');
		}

		const pauseMs = Math.max(minPauseMs, (performance.now() - startedMs) * pauseFactor);
		setTimeout(() => {
			isBusy = false;
			schedule();
		}, pauseMs);
	}

	function schedule(): void {
		if (!isBusy && waiting.length > 0) {
			isBusy = true;
			setTimeout(() => void look(), gatherMs);
		}
	}

	return {
		sweep(instanceId, leader) {
			const {promise, resolve} = Promise.withResolvers<'some' | 'none'>();
			waiting.push({instanceId, leader, answer: resolve});
			schedule();
			return promise;
		},
	};
}

/** The instances of which something was alive; it is killed. */
async function killRemains(root: string, requests: readonly Request[], mayAct: () => boolean): Promise<Set<string>> {
	const alive = new Set<string>();
	const groups = new Map<number, string>();
	for (const {instanceId, leader} of requests) {
		if (leader && mayAct() && killGroup(leader)) {
			groups.set(leader.pid, instanceId);
		}
	}

	const instanceIds = new Set(requests.map(({instanceId}) => instanceId));
	await eachMember({root, instanceIds, groups}, ({pid, instanceId}) => {
		alive.add(instanceId);
		if (mayAct()) {
			kill(pid);
		}
	});
	return mayAct() ? alive : instanceIds;
}

/** False when it is empty. While a group has members its number is given to nobody else. */
function killGroup({pid, startTime, bootId: boot}: ProcessIdentity): boolean {
	const found = readProcess(pid);
	const isAnother = boot !== bootId() || (found !== undefined && found.startTime !== startTime);
	return !isAnother && kill(-pid);
}

function kill(pid: number): boolean {
	try {
		process.kill(pid, 'SIGKILL');
		return true;
	} catch {
		return false;
	}
}
