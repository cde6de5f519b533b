import type {Usage} from '../../../../core/model/index.ts';
import type {ProcessUse} from '../../system/proc.ts';

/** An instance whose use is to be told. */
export type UsageSubject = {
	readonly id: string;
	/** Those that its processes are in: its shim leads one, a container has its own. */
	readonly sessions: Iterable<number>;
	/** Better than what its processes tell, where a control group counts it. */
	readonly memoryBytes?: number;
};

/** CPU time so far, and when that was. */
type Sample = {readonly cpuMs: number; readonly atMs: number};

/** What they use now, by id; of one without processes nothing. */
export type UsageSampler = (
	subjects: readonly UsageSubject[],
	processes: readonly ProcessUse[],
) => Record<string, Usage>;

/** CPU is the mean since the call before; so of a new one it is not known yet. */
export function createUsageSampler(monotonicMs = () => performance.now()): UsageSampler {
	let before = new Map<string, Sample>();
	return (subjects, processes) => {
		const sums = sumBySubject(subjects, processes);
		const atMs = monotonicMs();
		const samples = new Map<string, Sample>();
		const usage: Record<string, Usage> = {};
		for (const {id, memoryBytes} of subjects) {
			const sum = sums.get(id);
			if (sum) {
				usage[id] = {
					cpus: cpusSince(before.get(id), sum.cpuMs, atMs),
					memoryBytes: memoryBytes ?? sum.memoryBytes,
					at: Date.now(),
				};
				samples.set(id, {cpuMs: sum.cpuMs, atMs});
			}
		}

		before = samples;
		return usage;
	};
}

/** Processes belong to the instance whose session they are in, or to that of their parent. */
function sumBySubject(subjects: readonly UsageSubject[], processes: readonly ProcessUse[]) {
	const ids = new Map(subjects.flatMap(({id, sessions}) => [...sessions].map(session => [session, id] as const)));
	const byPid = new Map(processes.map(each => [each.pid, each]));
	const sums = new Map<string, {cpuMs: number; memoryBytes: number}>();
	for (const each of processes) {
		const id = ownerOf(each, ids, byPid);
		if (id !== undefined) {
			const sum = sums.get(id) ?? {cpuMs: 0, memoryBytes: 0};
			sum.cpuMs += each.cpuMs;
			sum.memoryBytes += each.memoryBytes;
			sums.set(id, sum);
		}
	}

	return sums;
}

function ownerOf(
	process: ProcessUse,
	ids: ReadonlyMap<number, string>,
	byPid: ReadonlyMap<number, ProcessUse>,
): string | undefined {
	for (let at: ProcessUse | undefined = process; at && at.pid > 1; at = byPid.get(at.parent)) {
		const id = ids.get(at.session);
		if (id !== undefined) {
			return id;
		}
	}

	return undefined;
}

/** In thousandths. A process that ended takes its time along; then there is no telling. */
function cpusSince(before: Sample | undefined, cpuMs: number, atMs: number): number | undefined {
	if (!before || atMs <= before.atMs || cpuMs < before.cpuMs) {
		return undefined;
	}

	return Math.round(((cpuMs - before.cpuMs) / (atMs - before.atMs)) * 1000) / 1000;
}
