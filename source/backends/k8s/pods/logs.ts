import type {Change, LogLine, LogQuery} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Instance} from '../../../core/model/index.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {objectPath} from '../reading/resources.ts';
import {lines} from '../watch.ts';
import {instantOf, type WirePod} from '../wire/wire.ts';

export type LogSource = {
	readonly client: KubeClient;
	instances(): Promise<{readonly items: readonly Instance[]; readonly revision: string}>;
	/** Those that come later. */
	watch(since: string, signal: AbortSignal): AsyncIterable<Change<'instance'>>;
};

type Place = {
	readonly instance: Instance;
	readonly container: string;
	readonly name: string;
	/** It has others besides. */
	readonly isOneOfSeveral: boolean;
};

/** So many lines are held of a log that others are waited for. */
const maxHeld = 10_000;

/** Merged by time: of what is there already in order, of what comes as it comes. */
export async function* readLogs(source: LogSource, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine> {
	const {items, revision} = await source.instances();
	const wanted = new Set(query.instanceIds);
	const asked = items.filter(({id, serviceId}) => wanted.has(id) || serviceId === query.serviceId);
	const queue = new LineQueue();
	const ending = new AbortController();
	const both = AbortSignal.any([signal, ending.signal]);
	const followed = new Set<string>();
	let open = 0;
	let hasAny = false;
	const start = async (instance: Instance) => {
		if (followed.has(instance.id)) return;
		followed.add(instance.id);
		open++;
		try {
			for (const place of await placesOf(source.client, instance, query)) {
				open++;
				hasAny = true;
				void follow(source.client, place, query, queue, both).finally(() => {
					open--;
					queue.wake();
				});
			}
		} catch (thrown) {
			// Of several, one may have gone since they were listed.
			if (asked.length === 1 || toClusterError(thrown).code !== 'not-found') queue.fail(thrown);
		} finally {
			open--;
			queue.wake();
		}
	};
	try {
		await Promise.all(asked.map(start));
		if (query.previous && !hasAny) queue.fail(new ClusterError('not-found', 'none of it has been started again'));
		if (query.follow && query.serviceId !== undefined) {
			open++;
			void join(source, revision, query.serviceId, both, start).catch(thrown => {
				if (!both.aborted) queue.fail(thrown);
			});
		}

		if (query.follow) {
			yield* queue.asTheyCome(() => open > 0 && !signal.aborted, signal);
		} else {
			yield* await queue.allInOrder(() => open > 0 && !signal.aborted);
		}
	} finally {
		ending.abort();
	}
}

async function join(
	source: LogSource,
	since: string,
	serviceId: string,
	signal: AbortSignal,
	start: (instance: Instance) => Promise<void>,
): Promise<void> {
	for await (const change of source.watch(since, signal)) {
		const isOne = change.type === 'put' && change.object.serviceId === serviceId;
		if (isOne && change.object.status.startedAt !== undefined) void start(change.object);
	}
}

/** One for each container that has something to say. */
async function placesOf(client: KubeClient, instance: Instance, {container, previous}: LogQuery): Promise<Place[]> {
	const path = objectPath(partResources.pods as never, instance.scope, instance.name);
	const {spec = {}, status = {}} = await client.json<WirePod>({path});
	const all = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
	const names = all.map(({name}) => name);
	if (container !== undefined && !names.includes(container)) {
		throw new ClusterError('not-found', `${instance.name} has no container ${container}: it has ${names.join(', ')}`);
	}

	const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
	const hasSomething = (name: string) => {
		const found = statuses.find(one => one.name === name);
		const wasRestarted = (found?.restartCount ?? 0) > 0;
		return previous ? wasRestarted : found === undefined || !found.state?.waiting || wasRestarted;
	};
	const chosen = container === undefined ? names.filter(hasSomething) : [container];
	return chosen.map(name => ({
		instance,
		container: name,
		name: names.length === 1 ? instance.name : `${instance.name}/${name}`,
		isOneOfSeveral: names.length > 1,
	}));
}

async function follow(
	client: KubeClient,
	{instance, container, name, isOneOfSeveral}: Place,
	query: LogQuery,
	queue: LineQueue,
	signal: AbortSignal,
): Promise<void> {
	const parameters = new URLSearchParams({container, timestamps: 'true'});
	if (query.follow) parameters.set('follow', 'true');
	if (query.previous) parameters.set('previous', 'true');
	if (query.tail !== undefined) parameters.set('tailLines', String(query.tail));
	if (query.sinceAt !== undefined) parameters.set('sinceTime', new Date(query.sinceAt).toISOString());
	const path = objectPath(partResources.pods as never, instance.scope, instance.name);
	const of = isOneOfSeveral ? {container} : {};
	try {
		const body = await client.open({path: `${path}/log?${parameters}`, signal, stream: query.follow});
		for await (const line of lines(withLastBreak(body))) {
			const [, time = '', text = line] = /^(\d{4}-\S+Z) ?([\s\S]*)$/.exec(line) ?? [];
			const at = instantOf(time) ?? 0;
			await queue.put({at, instanceId: instance.id, instanceName: name, ...of, stream: 'stdout', text}, time);
		}
	} catch (thrown) {
		const error = toClusterError(thrown);
		// It went while it was read, or has not begun yet.
		const isGone = error.code === 'not-found' || /waiting to start|not found/.test(error.message);
		if (!signal.aborted && (!isGone || query.previous)) queue.fail(error);
	}
}

async function* withLastBreak(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
	let last: Buffer | undefined;
	for await (const chunk of body) {
		last = chunk;
		yield chunk;
	}

	if (last && last.at(-1) !== 10) yield Buffer.from('\n');
}

class LineQueue {
	readonly #lines: Array<{readonly line: LogLine; readonly time: string}> = [];
	#error: unknown;
	#wake = () => {};
	#drained = () => {};

	async put(line: LogLine, time: string): Promise<void> {
		this.#lines.push({line, time});
		this.#wake();
		if (this.#lines.length > maxHeld) {
			await new Promise<void>(resolve => {
				this.#drained = resolve;
			});
		}
	}

	fail(error: unknown): void {
		this.#error ??= error;
		this.#wake();
	}

	wake(): void {
		this.#wake();
	}

	async *asTheyCome(isOpen: () => boolean, signal: AbortSignal): AsyncIterable<LogLine> {
		signal.addEventListener('abort', () => this.#wake(), {once: true});
		for (;;) {
			// What is here came at about the same time.
			const now = this.#take();
			for (const {line} of now) yield line;
			if (signal.aborted) return;
			if (this.#error !== undefined) throw this.#error;
			if (now.length === 0 && !isOpen()) return;
			if (this.#lines.length === 0) await this.#news();
		}
	}

	/** Nothing is added any more: the whole can be sorted. More than fits is told as it comes. */
	async allInOrder(isOpen: () => boolean): Promise<LogLine[]> {
		const all: Array<{readonly line: LogLine; readonly time: string}> = [];
		while (isOpen()) {
			all.push(...this.#take());
			if (this.#error !== undefined) throw this.#error;
			if (isOpen() && this.#lines.length === 0) await this.#news();
		}

		all.push(...this.#take());
		if (this.#error !== undefined) throw this.#error;
		return all.toSorted(byTime).map(({line}) => line);
	}

	#take() {
		const taken = this.#lines.splice(0).toSorted(byTime);
		this.#drained();
		return taken;
	}

	#news(): Promise<void> {
		return new Promise(resolve => {
			this.#wake = resolve;
		});
	}
}

/** To the nanosecond, as the kubelet writes them. */
function byTime(a: {readonly time: string}, b: {readonly time: string}): number {
	return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
