import type {Usage} from '../../../core/model/index.ts';
import type {RawNode, RawTask} from '../api-types.ts';
import type {Source} from '../reading/source.ts';
import type {NodeAccess} from './node-access.ts';

/** What the engine of a node says once a second of each container. */
type RawStats = {
	readonly read?: string;
	readonly cpu_stats?: RawCpu;
	readonly precpu_stats?: RawCpu;
	readonly memory_stats?: {readonly usage?: number; readonly stats?: Readonly<Record<string, number>>};
};

type RawCpu = {
	readonly cpu_usage?: {readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null};
	readonly system_cpu_usage?: number;
	readonly online_cpus?: number;
};

/** A stream each: more are not measured at the same time. */
const maxStreams = 200;
/** Figures are told together. */
const tellMs = 1000;
/** A node whose engine cannot be reached is tried again after this. */
const retryMs = 60_000;

type Stream = {readonly stop: AbortController};

/** CPU and memory of running tasks, told by each node's own engine as a stream: a quiet swarm is asked nothing. */
export class UsageMeter {
	readonly #source: Source;
	readonly #access: NodeAccess;
	readonly #tell: (usage: Readonly<Record<string, Usage>>) => void;
	readonly #streams = new Map<string, Stream>();
	readonly #closedUntil = new Map<string, number>();
	#latest: Record<string, Usage> = {};
	#timer: NodeJS.Timeout | undefined;
	#hasEnded = false;

	constructor(source: Source, access: NodeAccess, tell: (usage: Readonly<Record<string, Usage>>) => void) {
		this.#source = source;
		this.#access = access;
		this.#tell = tell;
	}

	/** Measures what runs now, and no longer what does not. */
	follow(tasks: readonly RawTask[]): void {
		if (this.#hasEnded) return;
		const running = new Map(tasks.filter(({Status}) => Status.State === 'running').map(task => [task.ID, task]));
		for (const [id, {stop}] of this.#streams) if (!running.has(id)) stop.abort();
		for (const [id, task] of running) {
			if (this.#streams.size >= maxStreams) break;
			if (!this.#streams.has(id) && (this.#closedUntil.get(task.NodeID ?? '') ?? 0) < performance.now())
				this.#start(task);
		}
	}

	end(): void {
		this.#hasEnded = true;
		clearTimeout(this.#timer);
		for (const {stop} of this.#streams.values()) stop.abort();
	}

	#start(task: RawTask): void {
		const stop = new AbortController();
		this.#streams.set(task.ID, {stop});
		void this.#measure(task, stop.signal).finally(() => this.#streams.delete(task.ID));
	}

	/** Whatever goes wrong, there are no figures: that is shown as such. */
	async #measure(task: RawTask, signal: AbortSignal): Promise<void> {
		const node = this.#source.raw.nodes.find(({ID}) => ID === task.NodeID);
		const containerId = task.Status.ContainerStatus?.ContainerID;
		if (node === undefined || !containerId) return;
		try {
			const client = await this.#access.clientOf(node);
			for await (const stats of client.jsonStream<RawStats>(
				`/containers/${containerId}/stats`,
				{stream: true},
				signal,
			)) {
				const usage = usageOf(stats, Date.now());
				if (usage !== undefined) this.#note(task.ID, usage);
			}
		} catch {
			if (!signal.aborted) this.#closedUntil.set(node.ID, performance.now() + retryMs);
		}
	}

	#note(id: string, usage: Usage): void {
		this.#latest[id] = usage;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			const told = this.#latest;
			this.#latest = {};
			this.#tell(told);
		}, tellMs);
	}
}

/** For who looks once: of each running task as its node's engine says it after a second; of what cannot be reached nothing. */
export async function usageNow(
	tasks: readonly RawTask[],
	nodes: readonly RawNode[],
	access: NodeAccess,
): Promise<Readonly<Record<string, Usage>>> {
	const found: Record<string, Usage> = {};
	const running = tasks.filter(({Status}) => Status.State === 'running').slice(0, maxStreams);
	const measure = async ({ID, NodeID, Status}: RawTask) => {
		const node = nodes.find(one => one.ID === NodeID);
		const containerId = Status.ContainerStatus?.ContainerID;
		if (node === undefined || !containerId) return;
		const client = await access.clientOf(node);
		const signal = AbortSignal.timeout(onceMs);
		for await (const stats of client.jsonStream<RawStats>(
			`/containers/${containerId}/stats`,
			{stream: false},
			signal,
		)) {
			const usage = usageOf(stats, Date.now());
			if (usage !== undefined) found[ID] = usage;
		}
	};
	await Promise.allSettled(running.map(measure));
	return found;
}

const onceMs = 6000;

/** As docker computes it: the container's share of all processors' time since the second before; memory without the file cache. */
export function usageOf(
	{cpu_stats: now, precpu_stats: before, memory_stats: memory}: RawStats,
	at: number,
): Usage | undefined {
	const busy = (now?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0);
	const all = (now?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
	const count = now?.online_cpus || now?.cpu_usage?.percpu_usage?.length || 1;
	const hasCpu = before?.system_cpu_usage !== undefined && all > 0 && busy >= 0;
	if (memory?.usage === undefined) return hasCpu ? {cpus: (busy / all) * count, at} : undefined;
	const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
	const memoryBytes = memory.usage > cache ? memory.usage - cache : memory.usage;
	return {...(hasCpu && {cpus: (busy / all) * count}), memoryBytes, at};
}
