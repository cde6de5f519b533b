import type {Kind, Service} from '../../../core/model/index.ts';
import type {NodeVolume, RawEvent, RawFile, RawNetwork, RawNode, RawService, RawTask} from '../api-types.ts';
import type {Ask} from '../connection/request.ts';
import type {Reads} from '../connection/route.ts';
import type {Names} from '../translate/attachments.ts';
import {namesIn} from '../translate/names.ts';
import {toConfigs, toNetwork, toSecrets, toVolume, usersIn} from '../translate/translate-resources.ts';
import {
	currentOf,
	type InstanceCache,
	toInstances,
	toNodes,
	toServices,
	toServicesAsCounted,
	type Unversioned,
} from '../translate.ts';
import {EventKeeper} from './event-keeper.ts';
import type {NodeVolumes} from './node-volumes.ts';
import type {Store} from './store.ts';

/** What was read last of each of the engine's kinds. */
export type Raw = {
	services: readonly RawService[];
	tasks: readonly RawTask[];
	nodes: readonly RawNode[];
	networks: readonly RawNetwork[];
	volumes: readonly NodeVolume[];
	configs: readonly RawFile[];
	secrets: readonly RawFile[];
};

export type Part = keyof Raw;

export const allParts = ['services', 'tasks', 'nodes', 'networks', 'volumes', 'configs', 'secrets'] as const;

/** Which lists the objects of a kind are made from. */
const partsOf: Readonly<Record<Kind, readonly Part[]>> = {
	service: [],
	instance: ['services', 'tasks', 'nodes'],
	node: ['nodes', 'tasks'],
	network: ['networks', 'services'],
	volume: ['volumes', 'services'],
	config: ['configs', 'services'],
	secret: ['secrets', 'services'],
	event: ['services', 'tasks', 'nodes'],
	image: [],
	pool: [],
	resource: [],
};

/** Reads the engine's lists into the store. */
export class Source {
	readonly store: Store;
	readonly events = new EventKeeper();
	readonly #route: Reads & {noteNodes(nodes: readonly RawNode[]): void};
	readonly #raw: Raw = {services: [], tasks: [], nodes: [], networks: [], volumes: [], configs: [], secrets: []};
	readonly #nodeVolumes: Pick<NodeVolumes, 'read' | 'gaps'>;
	readonly #cache: InstanceCache = new Map();
	readonly #taken = new Map<Part, number>();
	#begun = 0;
	/** What is asked for in this moment. */
	#round:
		| {readonly kinds: Set<Kind>; readonly signal: AbortSignal | undefined; readonly done: Promise<void>}
		| undefined;
	/** Names of services, also of removed ones. */
	readonly #serviceNames = new Map<string, string>();

	constructor(
		route: Reads & {noteNodes(nodes: readonly RawNode[]): void},
		store: Store,
		nodeVolumes: Pick<NodeVolumes, 'read' | 'gaps'>,
	) {
		this.#route = route;
		this.store = store;
		this.#nodeVolumes = nodeVolumes;
	}

	get raw(): Readonly<Raw> {
		return this.#raw;
	}

	get names(): Names {
		return namesIn(this.#raw);
	}

	/** Reads these parts anew and tells the store what follows from all. */
	async refresh(parts: readonly Part[], ask?: Ask): Promise<void> {
		await this.read(parts, ask);
		this.#derive();
	}

	async read(parts: readonly Part[], ask?: Ask): Promise<void> {
		await Promise.all(parts.map(async part => this.#read(part, `/${part}`, ask)));
	}

	/** Of two reads that overtake each other the one that began later holds. */
	async #read<P extends Part>(part: P, path: string, ask: Ask | undefined): Promise<Raw[P]> {
		this.#begun++;
		const begun = this.#begun;
		const found = (await (part === 'volumes' ? this.#volumes(ask) : this.#route.get<unknown>(path, ask))) as Raw[P];
		if (begun < (this.#taken.get(part) ?? 0)) return found;
		this.#taken.set(part, begun);
		this.#raw[part] = found as never;
		if (part === 'nodes') this.#route.noteNodes(this.#raw.nodes);
		if (part === 'services') {
			for (const {ID, Spec} of this.#raw.services) this.#serviceNames.set(ID, Spec.Name);
		}

		return found;
	}

	/** Each node is asked, so they must be known. */
	async #volumes(ask: Ask | undefined): Promise<readonly NodeVolume[]> {
		return this.#nodeVolumes.read(await this.#read('nodes', '/nodes', ask));
	}

	/** Why a list of this kind is not whole. */
	gaps(kind: Kind): readonly string[] {
		return kind === 'volume' ? this.#nodeVolumes.gaps : [];
	}

	#derive(): void {
		this.store.ingest('service', toServices(this.#raw, this.names), indexIn(this.#raw.services));
		for (const kind of ['instance', 'node', 'network', 'volume', 'config', 'secret', 'event'] as const)
			this.#tell(kind);
	}

	/** Tells the store one kind, from what was read last. */
	#tell(kind: Exclude<Kind, 'service' | 'image'>): void {
		const {store} = this;
		const raw = this.#raw;
		const users = usersIn(raw.services);
		switch (kind) {
			case 'instance':
				store.ingest('instance', toInstances(raw, this.#serviceNames, this.#cache), indexIn(raw.tasks));
				store.setCurrent(currentOf(store.read<'instance'>('instance'), raw.services));
				break;
			case 'node':
				store.ingest('node', toNodes(raw), indexIn(raw.nodes));
				break;
			case 'network':
				store.ingest(
					'network',
					raw.networks.map(one => toNetwork(one, users)),
					() => 0,
				);
				break;
			case 'volume':
				store.ingest(
					'volume',
					raw.volumes.map(one => toVolume(one, users)),
					() => 0,
				);
				break;
			case 'config':
				store.ingest('config', toConfigs(raw.configs, users), indexIn(raw.configs));
				break;
			case 'secret':
				store.ingest('secret', toSecrets(raw.secrets, users), indexIn(raw.secrets));
				break;
			case 'event':
				this.events.noteTasks(raw, this.#serviceNames);
				store.ingest('event', this.events.all, () => 0);
				break;
		}
	}

	/** One kind without the rest: what a short command needs. Who asks for several at once has them from the same lists. */
	async list(kind: Kind, ask?: Ask): Promise<void> {
		let round = this.#round;
		if (round === undefined || round.signal !== ask?.signal) {
			const kinds = new Set<Kind>();
			const done = Promise.resolve().then(async () => {
				if (this.#round?.kinds === kinds) this.#round = undefined;
				await this.#listAll(kinds, ask);
			});
			round = {kinds, signal: ask?.signal, done};
			this.#round = round;
		}

		round.kinds.add(kind);
		await round.done;
	}

	async #listAll(kinds: ReadonlySet<Kind>, ask: Ask | undefined): Promise<void> {
		const parts = new Set([...kinds].flatMap(kind => partsOf[kind]));
		const areTasksRead = parts.has('services') && parts.has('tasks') && parts.has('nodes');
		await Promise.all([
			this.read([...parts], ask),
			kinds.has('event') ? this.#readEvents(ask) : undefined,
			kinds.has('service') && !areTasksRead ? this.#listServices(ask) : undefined,
		]);
		if (kinds.has('service') && areTasksRead) {
			await this.read(neededNames(this.#raw.services), ask);
			this.store.ingest('service', toServices(this.#raw, this.names), indexIn(this.#raw.services));
		}

		for (const kind of kinds) if (kind !== 'service' && kind !== 'image') this.#tell(kind);
	}

	/** As the engine counts them, whatever is read meanwhile without its counts; of those that lack something, why. */
	async #listServices(ask: Ask | undefined): Promise<void> {
		const services = await this.#read('services', '/services?status=true', ask);
		const lacking = services.filter(({ServiceStatus, UpdateStatus}) => {
			const {RunningTasks = 0, DesiredTasks = 0} = ServiceStatus ?? {};
			return RunningTasks < DesiredTasks || /^(updating|rollback_started|.*paused)$/.test(UpdateStatus?.State ?? '');
		});
		const needed = neededNames(services);
		const [troubled] = await Promise.all([
			lacking.length === 0 ? [] : this.#tasksOf(lacking, ask),
			this.read(needed, ask),
		]);
		this.store.ingest('service', toServicesAsCounted(services, troubled, this.names), indexIn(services));
	}

	/** One service anew, and nothing else: what a short command tells of that which it has changed. */
	async readService(id: string): Promise<Service> {
		const raw = await this.#route.get<RawService>(`/services/${id}`);
		const known = this.store.get('service', id);
		// Who watches may have read it anew meanwhile.
		if (known !== undefined && Number.parseInt(known.revision, 10) > raw.Version.Index) return known;
		const [service] = toServices({...this.#raw, services: [raw]}, this.names);
		return this.store.put<'service'>('service', service as Unversioned<Service>, raw.Version.Index);
	}

	async #tasksOf(services: readonly RawService[], ask: Ask | undefined): Promise<readonly RawTask[]> {
		const filters = encodeURIComponent(JSON.stringify({service: services.map(({ID}) => ID)}));
		return this.#route.get(`/tasks?filters=${filters}`, ask);
	}

	/** What the engine still remembers: some hundred events. */
	async #readEvents(ask: Ask | undefined): Promise<void> {
		const until = Math.ceil(Date.now() / 1000);
		const types = ['service', 'node', 'network', 'config', 'secret', 'volume'];
		const filters = encodeURIComponent(JSON.stringify({type: types}));
		const path = `/events?since=1&until=${until}&filters=${filters}`;
		for (const raw of await this.#route.lines<RawEvent>(path, ask)) this.events.note(raw);
	}

	/** Something is on its way: tasks that start or stop, an update, a drain. */
	get isConverging(): boolean {
		const {store} = this;
		return (
			store.read<'service'>('service').some(({status, rollout, spec}) => {
				const isShort = spec.mode === 'job' ? status.completed < status.desired : status.running < status.desired;
				return isShort || rollout?.state === 'updating' || rollout?.state === 'rolling-back';
			}) ||
			store
				.read<'instance'>('instance')
				.some(({desired, status}) => desired === 'stopped' && status.state === 'running') ||
			this.#raw.tasks.some(({Status}) => onTheWay.has(Status.State)) ||
			store.read<'node'>('node').some(({availability}) => availability === 'draining') ||
			this.hasManagersOnTheWay
		);
	}

	/** Whether a manager takes part, and can be reached, is told by no event. */
	get hasManagersOnTheWay(): boolean {
		return this.#raw.nodes.some(({Spec, Status, ManagerStatus}) =>
			Spec.Role === 'manager'
				? Status.State !== 'ready' || ManagerStatus?.Reachability !== 'reachable'
				: ManagerStatus !== undefined,
		);
	}
}

const onTheWay = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting']);

/** Only where a service has something that is told by its id, or in versions. */
export function neededNames(services: readonly RawService[]): Part[] {
	const specs = services.map(({Spec}) => Spec.TaskTemplate);
	const isVersion = (name = '') => /\.v\d+$/.test(name);
	return [
		...(specs.some(({Networks}) => Networks?.length) ? (['networks'] as const) : []),
		...(specs.some(({ContainerSpec}) => ContainerSpec?.Configs?.some(({ConfigName}) => isVersion(ConfigName)))
			? (['configs'] as const)
			: []),
		...(specs.some(({ContainerSpec}) => ContainerSpec?.Secrets?.some(({SecretName}) => isVersion(SecretName)))
			? (['secrets'] as const)
			: []),
	];
}

function indexIn(
	raw: ReadonlyArray<{readonly ID: string; readonly Version: {readonly Index: number}}>,
): (id: string) => number {
	const indexes = new Map(raw.map(({ID, Version}) => [ID, Version.Index]));
	return id => indexes.get(id) ?? 0;
}
