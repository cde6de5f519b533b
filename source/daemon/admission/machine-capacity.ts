import {readFileSync} from 'node:fs';
import {availableParallelism, totalmem} from 'node:os';
import type {MachineCapacity} from '../../core/model/index.ts';

/** What an instance takes at the very least: a shell and a command, with what the system keeps for both. */
const leastBytes = 4 * 2 ** 20;
/** Of the processes that the system allows; each instance takes two, and may start more. */
const processesEach = 4;
const processLimits = ['/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max', '/sys/fs/cgroup/pids.max'];

/**
 * What all nodes share; in a container what that was given. So many instances that a number typed wrong does not take memory
 * or processes from everybody else.
 */
export function machineCapacity(readText: (file: string) => string | undefined = readIfThere): MachineCapacity {
	const allowed = process.constrainedMemory();
	const memoryBytes = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
	const processes = processLimits.map(file => Number(readText(file) || Number.NaN)).filter(limit => limit > 0);
	const instances = Math.floor(Math.min(memoryBytes / leastBytes, ...processes.map(limit => limit / processesEach)));
	return {cpus: availableParallelism(), memoryBytes, instances};
}

function readIfThere(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
