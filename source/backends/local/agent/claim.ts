import {mkdirSync} from 'node:fs';
import {identify, isRunning, type ProcessIdentity, signalProcess} from '../system/process-identity.ts';
import {readNote, writeNote} from './instance/instance-files.ts';

/** agent.json: who runs a node. */
export type AgentNote = ProcessIdentity & {readonly generation: number};

export type Claim = {
	/** False: the node belongs to another agent by now, or was fenced. Then nothing here may be touched any more. */
	holds(): boolean;
};

/**
 * Takes a node's folder for this process and generation. Throws a sentence when it belongs to a later generation, or to
 * another agent that runs. One of an earlier generation that still runs is ended: it has been fenced, and must not act.
 */
export function claimNode({folder, agentInfo}: {folder: string; agentInfo: string}, generation: number): Claim {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const before = readNote(agentInfo) as AgentNote | undefined;
	if (before && before.generation > generation) {
		throw new Error(`generation ${before.generation} has begun, this is ${generation}`);
	}

	if (before && before.pid !== process.pid && isRunning(before)) {
		if (before.generation === generation) {
			throw new Error(`process ${before.pid} is the agent of this node`);
		}

		signalProcess(before, 'SIGKILL');
	}

	const identity = identify(process.pid);
	// Over what is there: a full disk has no room for another file.
	writeNote(agentInfo, {...identity, generation});
	return {
		holds() {
			const now = readNote(agentInfo) as AgentNote | undefined;
			return now?.pid === identity?.pid && now?.startTime === identity?.startTime;
		},
	};
}
