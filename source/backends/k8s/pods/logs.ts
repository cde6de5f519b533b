import type {Change, LogLine, LogMissed, LogQuery} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import {isFinal} from '../../../core/instance-state.ts';
import type {Instance} from '../../../core/model/index.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {objectPath} from '../reading/resources.ts';
import {isKubeletFailure} from '../translate-error.ts';
import {lines} from '../watch.ts';
import {instantOf, type WireContainerStatus, type WirePod} from '../wire/wire.ts';
import {LineQueue} from './line-queue.ts';

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
	/** How often it was started before. */
	readonly run: number;
};

type Containers = {
	/** Those that have something to say. */
	readonly places: readonly Place[];
	/** Of one that has not begun, and why: more is to come. */
	readonly waiting: string | undefined;
	readonly restarts: number;
};

/** What is known of a pod whose logs are read. */
type Followed = {
	/** By container: the newest of its runs that was read. */
	readonly runs: Map<string, number>;
	readonly open: Set<string>;
	/** Containers whose logs could not be read: again when something of the pod changes. */
	readonly missed: Set<string>;
	waiting: string | undefined;
	restarts: number;
};

/** Merged by time: of what is there already in order, of what comes as it comes. */
export async function* readLogs(
	source: LogSource,
	query: LogQuery,
	signal: AbortSignal,
	missed?: LogMissed,
	opened: () => void = () => {},
): AsyncIterable<LogLine> {
	const {items, revision} = await source.instances();
	const wanted = new Set(query.instanceIds);
	const asked = items.filter(({id, serviceId}) => wanted.has(id) || serviceId === query.serviceId);
	const ending = new AbortController();
	const isOfOne = asked.length === 1;
	const reading = new Reading(
		source,
		query,
		isOfOne,
		AbortSignal.any([signal, ending.signal]),
		isOfOne ? undefined : missed,
	);
	const {queue} = reading;
	try {
		await Promise.all(asked.map(instance => reading.look(instance)));
		opened();
		if (query.follow) {
			reading.goOn(revision, asked);
			yield* queue.asTheyCome(() => reading.isOpen && !signal.aborted, signal);
		} else {
			if (reading.isEmpty) queue.fail(nothingOf(query, reading));
			yield* await queue.allInOrder(() => reading.isOpen && !signal.aborted);
		}
	} finally {
		ending.abort();
	}
}

function nothingOf({previous}: LogQuery, {waiting}: Reading): ClusterError | undefined {
	if (previous) return new ClusterError('not-found', 'none of it has been started again');
	return waiting === undefined ? undefined : new ClusterError('conflict', waiting, {hint: '--follow waits for it'});
}

/** The logs of some pods: each container's from its start, and again from each later start of it. */
class Reading {
	readonly queue = new LineQueue();
	readonly #source: LogSource;
	readonly #isOfOne: boolean;
	readonly #signal: AbortSignal;
	readonly #missed: LogMissed | undefined;
	readonly #pods = new Map<string, Followed>();
	readonly #firstQuery: LogQuery;
	#query: LogQuery;
	#open = 0;

	constructor(
		source: LogSource,
		query: LogQuery,
		isOfOne: boolean,
		signal: AbortSignal,
		missed: LogMissed | undefined,
	) {
		this.#source = source;
		this.#firstQuery = query;
		this.#query = query;
		this.#isOfOne = isOfOne;
		this.#signal = signal;
		this.#missed = missed;
	}

	/** Something may come yet. */
	get isOpen(): boolean {
		return this.#open > 0;
	}

	/** Not one container had anything to read. */
	get isEmpty(): boolean {
		return [...this.#pods.values()].every(({runs, missed}) => runs.size + missed.size === 0);
	}

	/** Why one of them has not begun. */
	get waiting(): string | undefined {
		return [...this.#pods.values()].find(pod => pod.waiting !== undefined)?.waiting;
	}

	/** Reads what the pod's containers have begun to write since it was looked at last. */
	async look(instance: Instance): Promise<void> {
		const pod = this.#pods.get(instance.id) ?? newlyFollowed();
		this.#pods.set(instance.id, pod);
		this.#open++;
		try {
			const {places, waiting, restarts} = await containersOf(this.#source.client, instance, this.#query);
			pod.waiting = waiting;
			pod.restarts = restarts;
			for (const place of places) this.#read(pod, place);
		} catch (thrown) {
			// Of several, one may have gone since they were listed.
			const isGone = toClusterError(thrown).code === 'not-found';
			if (!this.#signal.aborted && !(isGone && (pod.runs.size > 0 || !this.#isOfOne))) this.queue.fail(thrown);
		} finally {
			this.#open--;
			this.queue.wake();
		}
	}

	#read(pod: Followed, place: Place): void {
		const {container, run, instance} = place;
		if (pod.open.has(container) || run <= (pod.runs.get(container) ?? -1)) return;
		pod.runs.set(container, run);
		pod.open.add(container);
		const query = pod.missed.delete(container) ? this.#firstQuery : this.#query;
		this.#open++;
		void follow(this.#source.client, place, query, this.queue, this.#signal)
			.catch((thrown: unknown) => this.#failed(pod, place, toClusterError(thrown)))
			.finally(() => {
				pod.open.delete(container);
				// While its end was read, it may have been started again.
				if (this.#query.follow && !pod.missed.has(container) && !this.#signal.aborted) void this.look(instance);
				this.#open--;
				this.queue.wake();
			});
	}

	/** What ends the whole, but where one of several is on a node that is silent. */
	#failed(pod: Followed, {instance, container}: Place, error: ClusterError): void {
		if (this.#missed === undefined || !isKubeletFailure(error)) {
			this.queue.fail(error);
			return;
		}

		pod.runs.delete(container);
		pod.missed.add(container);
		this.#missed(instance.name, error);
	}

	/** Reads what later comes of these, until none can run again; of a service, of others that join it, too. */
	goOn(since: string, asked: readonly Instance[]): void {
		const {tail, ...rest} = this.#query;
		// What begins from here on is read whole.
		this.#query = rest;
		const alive = new Set(asked.filter(({status}) => !isFinal(status.state)).map(({id}) => id));
		if (rest.previous || (alive.size === 0 && rest.serviceId === undefined)) return;
		this.#open++;
		void this.#join(since, alive)
			.catch(thrown => {
				if (!this.#signal.aborted) this.queue.fail(thrown);
			})
			.finally(() => {
				this.#open--;
				this.queue.wake();
			});
	}

	async #join(since: string, alive: Set<string>): Promise<void> {
		const {serviceId} = this.#query;
		for await (const change of this.#source.watch(since, this.#signal)) {
			if (change.type === 'put') {
				const {id, serviceId: of, status, restarts} = change.object;
				if (!alive.has(id) && (of !== serviceId || status.startedAt === undefined)) continue;
				const pod = this.#pods.get(id);
				const mayGoOn = pod === undefined || pod.waiting !== undefined || pod.missed.size > 0;
				if (mayGoOn || restarts > pod.restarts) void this.look(change.object);
				if (isFinal(status.state)) alive.delete(id);
			} else if (change.type === 'remove') {
				alive.delete(change.id);
			}

			if (alive.size === 0 && serviceId === undefined) return;
		}
	}
}

function newlyFollowed(): Followed {
	return {runs: new Map(), open: new Set(), missed: new Set(), waiting: undefined, restarts: 0};
}

async function containersOf(
	client: KubeClient,
	instance: Instance,
	{container, previous}: LogQuery,
): Promise<Containers> {
	const path = objectPath(partResources.pods as never, instance.scope, instance.name);
	const {spec = {}, status = {}} = await client.json<WirePod>({path});
	const debugging = (spec.ephemeralContainers ?? []).map(({name}) => name);
	const all = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({name}) => name);
	const names = [...all, ...debugging];
	if (container !== undefined && !names.includes(container)) {
		throw new ClusterError('not-found', `${instance.name} has no container ${container}: it has ${names.join(', ')}`);
	}

	const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
	const runOf = (name: string) => statuses.find(one => one.name === name)?.restartCount ?? 0;
	const hasBegun = (name: string) => {
		const state = statuses.find(one => one.name === name)?.state;
		return debugging.includes(name) || state?.running !== undefined || state?.terminated !== undefined;
	};
	const chosen = container === undefined ? names : [container];
	const late = previous ? undefined : chosen.find(name => !hasBegun(name) && runOf(name) === 0);
	return {
		places: chosen
			.filter(name => runOf(name) > 0 || (!previous && hasBegun(name)))
			.map(name => ({
				instance,
				container: name,
				name: names.length === 1 ? instance.name : `${instance.name}/${name}`,
				isOneOfSeveral: names.length > 1,
				run: runOf(name),
			})),
		waiting: late && waitingText(instance, names.length === 1 ? undefined : late, statuses),
		restarts: statuses.reduce((sum, {restartCount = 0}) => sum + restartCount, 0),
	};
}

/** `web-1 has not begun: ImagePullBackOff: …`. */
function waitingText(
	{name, status}: Instance,
	container: string | undefined,
	statuses: readonly WireContainerStatus[],
): string {
	const own = statuses.find(one => one.name === container)?.state?.waiting?.reason;
	const why = status.reason ?? own;
	return `${container === undefined ? '' : `container ${container} of `}${name} has not begun${why === undefined ? '' : `: ${why}`}`;
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
		if (!signal.aborted && (!isGone || query.previous)) throw error;
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
