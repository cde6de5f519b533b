import type {Kind} from '../../core/model/index.ts';
import type {RawEvent, RawNode, RawService, RawTask} from './api-types.ts';
import {taskEvent, toEvent} from './events.ts';
import type {Ask, Reader} from './request.ts';
import type {Store} from './store.ts';
import {currentOf, type InstanceCache, toInstances, toNodes, toServices, toServicesAsCounted} from './translate.ts';

/** What was read last of each of the engine's kinds. */
type Raw = {services: readonly RawService[]; tasks: readonly RawTask[]; nodes: readonly RawNode[]};

export type Part = keyof Raw;

const maxEvents = 1000;

/** Reads the engine's lists into the store. */
export class Source {
	readonly store: Store;
	readonly #reader: Reader;
	readonly #prefix: string;
	readonly #raw: Raw = {services: [], tasks: [], nodes: []};
	readonly #taken: Record<Part, number> = {services: 0, tasks: 0, nodes: 0};
	#begun = 0;
	readonly #cache: InstanceCache = new Map();
	/** Of services, also of removed ones. */
	readonly #names = new Map<string, string>();
	readonly #events = new Map<string, ReturnType<typeof toEvent> & object>();

	constructor(reader: Reader, version: string, store: Store) {
		this.#reader = reader;
		this.#prefix = `/${version}`;
		this.store = store;
	}

	get raw(): Readonly<Raw> {
		return this.#raw;
	}

	/** Reads these parts anew and tells the store what follows from them. */
	async refresh(parts: readonly Part[], ask?: Ask): Promise<void> {
		await Promise.all(parts.map(async part => this.#read(part, ask)));
		this.derive();
	}

	async #read(part: Part, ask: Ask | undefined): Promise<void> {
		await this.#take(part, async () => this.#reader.get<never>(`${this.#prefix}/${part}`, ask));
	}

	/** Of two reads that overtake each other the one that began later holds. */
	async #take<P extends Part>(part: P, read: () => Promise<Raw[P]>): Promise<void> {
		this.#begun++;
		const begun = this.#begun;
		const found = await read();
		if (begun < this.#taken[part]) return;
		this.#taken[part] = begun;
		this.#raw[part] = found;
		if (part === 'services') this.#noteNames();
	}

	#noteNames(): void {
		for (const {ID, Spec} of this.#raw.services) this.#names.set(ID, Spec.Name);
	}

	/** All kinds, from what was read last. */
	derive(): void {
		const {store} = this;
		const {services, tasks, nodes} = this.#raw;
		store.ingest('service', toServices(this.#raw), indexIn(services));
		store.ingest('node', toNodes(this.#raw), indexIn(nodes));
		this.#deriveInstances();
		this.#noteTaskEvents(tasks);
		store.ingest('event', [...this.#events.values()], () => 0);
	}

	#deriveInstances(): void {
		const {store} = this;
		store.ingest('instance', toInstances(this.#raw, this.#names, this.#cache), indexIn(this.#raw.tasks));
		store.setCurrent(currentOf(store.read<'instance'>('instance'), this.#raw.services));
	}

	/** One kind without the rest: what a short command needs. */
	async list(kind: Kind, ask?: Ask): Promise<void> {
		const {store} = this;
		if (kind === 'service') {
			await this.#listServices(ask);
		} else if (kind === 'node') {
			await this.#readAll(['nodes', 'tasks'], ask);
			store.ingest('node', toNodes(this.#raw), indexIn(this.#raw.nodes));
		} else if (kind === 'instance') {
			await this.#readAll(['services', 'tasks', 'nodes'], ask);
			this.#deriveInstances();
		} else if (kind === 'event') {
			await Promise.all([this.#readAll(['services', 'tasks', 'nodes'], ask), this.#readEvents(ask)]);
			this.#noteTaskEvents(this.#raw.tasks);
			store.ingest('event', [...this.#events.values()], () => 0);
		}
	}

	async #readAll(parts: readonly Part[], ask: Ask | undefined): Promise<void> {
		await Promise.all(parts.map(async part => this.#read(part, ask)));
	}

	/** As the engine counts them; of those that lack something, why. */
	async #listServices(ask: Ask | undefined): Promise<void> {
		const path = `${this.#prefix}/services?status=true`;
		await this.#take('services', async () => this.#reader.get<readonly RawService[]>(path, ask));
		const {services} = this.#raw;
		const lacking = services.filter(({ServiceStatus, UpdateStatus}) => {
			const {RunningTasks = 0, DesiredTasks = 0} = ServiceStatus ?? {};
			return RunningTasks < DesiredTasks || UpdateStatus?.State === 'updating' || ServiceStatus === undefined;
		});
		const troubled = lacking.length === 0 ? [] : await this.#tasksOf(lacking, ask);
		this.store.ingest('service', toServicesAsCounted(services, troubled), indexIn(services));
	}

	async #tasksOf(services: readonly RawService[], ask: Ask | undefined): Promise<readonly RawTask[]> {
		const filters = encodeURIComponent(JSON.stringify({service: services.map(({ID}) => ID)}));
		return this.#reader.get(`${this.#prefix}/tasks?filters=${filters}`, ask);
	}

	/** What the engine still remembers: some hundred events. */
	async #readEvents(ask: Ask | undefined): Promise<void> {
		const until = Math.ceil(Date.now() / 1000);
		const filters = encodeURIComponent(
			JSON.stringify({type: ['service', 'node', 'network', 'config', 'secret', 'volume']}),
		);
		const path = `${this.#prefix}/events?since=1&until=${until}&filters=${filters}`;
		const lines = await this.#reader.lines<RawEvent>(path, ask);
		for (const raw of lines) this.noteEvent(raw);
	}

	/** Remembers an event of the engine's; the store is told by `derive`. */
	noteEvent(raw: RawEvent): void {
		const event = toEvent(raw);
		if (event !== undefined) this.#remember(event);
	}

	#noteTaskEvents(tasks: readonly RawTask[]): void {
		const serviceOf = new Map(this.#raw.services.map(service => [service.ID, service]));
		const nodeOf = new Map(this.#raw.nodes.map(node => [node.ID, node]));
		for (const task of tasks) {
			const {ServiceID = '', NodeID = ''} = task;
			const event = taskEvent(task, {
				service: serviceOf.get(ServiceID),
				serviceName: this.#names.get(ServiceID),
				node: nodeOf.get(NodeID),
				restarts: 0,
			});
			if (event !== undefined && !this.#events.has(event.id)) this.#remember(event);
		}
	}

	#remember(event: ReturnType<typeof toEvent> & object): void {
		this.#events.set(event.id, event);
		if (this.#events.size > maxEvents) {
			const oldest = [...this.#events.values()].toSorted((a, b) => a.createdAt - b.createdAt).slice(0, maxEvents / 5);
			for (const {id} of oldest) this.#events.delete(id);
		}
	}

	/** Something is on its way: tasks that start or stop, an update, a drain. */
	get isConverging(): boolean {
		const {store} = this;
		const {tasks} = this.#raw;
		return (
			store.read<'service'>('service').some(({status, rollout, spec}) => {
				const short = spec.mode === 'job' ? status.completed < status.desired : status.running < status.desired;
				return short || rollout?.state === 'updating';
			}) ||
			store
				.read<'instance'>('instance')
				.some(({desired, status}) => desired === 'stopped' && status.state === 'running') ||
			tasks.some(({Status}) => ['assigned', 'accepted', 'preparing', 'ready', 'starting'].includes(Status.State)) ||
			store.read<'node'>('node').some(({availability}) => availability === 'draining')
		);
	}
}

function indexIn(
	raw: ReadonlyArray<{readonly ID: string; readonly Version: {readonly Index: number}}>,
): (id: string) => number {
	const indexes = new Map(raw.map(({ID, Version}) => [ID, Version.Index]));
	return id => indexes.get(id) ?? 0;
}
