import {ClusterError} from '../../source/core/error.ts';
import {unconverged} from '../../source/core/invariants/converged.ts';
import {doubledSlots, type LiveProcess, slotKey, strayProcesses} from '../../source/core/invariants/processes.ts';
import type {Random} from '../../source/core/model/id.ts';
import type {Service, Usage} from '../../source/core/model/index.ts';
import {isHealthy} from '../../source/core/reconcile/slots.ts';
import {balancerSilenceMs} from '../../source/orchestrator/controllers/router.ts';
import {versionsOf} from '../../source/orchestrator/controllers/spec-versions.ts';
import {SimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import type {Effect} from '../../source/orchestrator/simulated/effects.ts';
import type {SimulatedProcess} from '../../source/orchestrator/simulated/process.ts';
import {between, seededRandom} from '../../source/orchestrator/simulated/random.ts';
import type {Store} from '../../source/orchestrator/store/store.ts';
import {createManualClock, type ManualClock} from '../helpers/manual-clock.ts';
import {Crashes, type CrashPlan} from './crashes.ts';
import {DeclaredObjects} from './declared.ts';
import {suffer} from './misfortune.ts';
import type {Step} from './operations.ts';
import {request} from './request.ts';
import {lostVolumes, wrongPools, wrongScales} from './rest.ts';
import {fileKinds, isHopeless} from './services.ts';
import {Watchdog} from './watchdog.ts';

/** A restart back-off of a minute, a node that is taken back, and room to spare. */
const patienceMs = 180_000;
const lookEveryMs = 500;
/** Two turns of the control loop. */
const stopSlackMs = 20;
const daemonBackMs = [200, 2500] as const;

export type SimulationOptions = {
	readonly seed: number;
	readonly steps: readonly Step[];
	/** Lets the daemon die at one certain write or effect, counted from the start. */
	readonly crash?: CrashPlan;
	/** A line of the transcript. */
	readonly print?: (line: string) => void;
};

export type Outcome = {
	/** What was broken; empty: nothing. */
	readonly problems: readonly string[];
	readonly writes: number;
	readonly effects: number;
	/** How long it took on the simulated clock until all had come to rest. */
	readonly elapsedMs: number;
};

/** One run: a cluster, what users and misfortune do to it, and who watches. */
export class Simulation {
	readonly clock: ManualClock = createManualClock();
	readonly crashes: Crashes;
	readonly cluster: SimulatedCluster;
	readonly declared = new DeclaredObjects();
	readonly random: Random;
	/** By service: requests a second for all its instances together. */
	readonly load = new Map<string, number>();
	readonly #options: SimulationOptions;
	readonly #watchdog: Watchdog;
	readonly #problems: string[] = [];
	/** Since when the daemon has been free to do its work. */
	#undisturbedSinceMs = 0;

	constructor(options: SimulationOptions) {
		this.#options = options;
		this.random = seededRandom(options.seed ^ 0x5e_ed);
		this.crashes = new Crashes(() => this.clock.after(0, () => this.daemonDies()));
		this.#watchdog = new Watchdog({
			machine: () => this.cluster.machine,
			monotonicMs: () => this.clock.monotonicMs(),
			report: problem => this.#report(problem),
			note: text => this.note(text),
		});
		this.cluster = new SimulatedCluster({
			seed: options.seed,
			clock: this.clock,
			machine: {cpus: 12, memoryBytes: 2 ** 34},
			persistence: this.crashes.disk,
			gate: (effect, run) => this.#gate(effect, run),
			usageOf: id => this.#usageOf(id),
			failed: thrown => this.#daemonThrew(thrown),
			observer: {
				note: text => this.note(text),
				processStarted: process => this.#processStarted(process),
				reported: report => this.#watchdog.reported(report),
			},
		});
	}

	run(): Outcome {
		this.crashes.plan(this.#options.crash);
		this.startDaemon();
		this.clock.advance(1000);
		for (const step of this.#options.steps) {
			this.clock.advance(step.afterMs);
			if (this.#problems.length > 0) {
				break;
			}

			this.note(() => `> ${JSON.stringify(step)}`);
			'request' in step
				? request(this, step.request.type, step.request)
				: suffer(this, step.misfortune.type, step.misfortune);
		}

		this.#settle();
		const {write: writes, effect: effects} = this.crashes.counts;
		return {problems: this.#problems, writes, effects, elapsedMs: this.clock.monotonicMs()};
	}

	note(text: () => string): void {
		const {print} = this.#options;
		if (print !== undefined) {
			print(`${String(this.clock.monotonicMs()).padStart(7)}  ${text()}`);
		}
	}

	/** A user can be answered. */
	get isServing(): boolean {
		return this.cluster.hasDaemon && !this.crashes.isCrashed;
	}

	startDaemon(): void {
		this.crashes.isCrashed = false;
		this.disturbed(this.clock.monotonicMs());
		this.note(() => 'daemon starts');
		try {
			this.cluster.startDaemon(store => this.#watchdog.attach(store));
			this.declared.settle(this.cluster.store);
		} catch (thrown) {
			this.#daemonThrew(thrown);
			this.daemonDies();
		}
	}

	/** Until then the daemon may be kept from its work. */
	disturbed(untilMs: number): void {
		this.#undisturbedSinceMs = Math.max(this.#undisturbedSinceMs, untilMs);
	}

	/** It is started again by whoever misses it. */
	daemonDies(): void {
		if (this.cluster.hasDaemon) {
			this.note(() => 'daemon is dead');
			this.cluster.killDaemon();
			this.clock.after(between(this.random, daemonBackMs), () => this.startDaemon());
		}
	}

	/** Who serves shares the load of its service. */
	#usageOf(instanceId: string): Usage | undefined {
		const {store} = this.cluster;
		const instance = store.get('instance', instanceId);
		if (instance === undefined) {
			return undefined;
		}

		const serving = [...store.instancesOfService(instance.serviceId)].filter(
			one => one.desired === 'running' && isHealthy(one),
		).length;
		return {at: this.clock.now(), requestsPerSecond: (this.load.get(instance.serviceId) ?? 0) / Math.max(1, serving)};
	}

	#gate(effect: Effect, run: () => void): void {
		if (!this.crashes.isCrashed) {
			this.note(() => `  ${describeEffect(effect)}`);
			this.#judgeStops(effect);
		}

		this.crashes.gate(effect, run);
	}

	/** No instance is stopped while the gateway may still send it connections, nor kept waiting for a silent one. */
	#judgeStops(effect: Effect): void {
		if (effect.type !== 'send') {
			return;
		}

		const {gateway, machine} = this.cluster;
		const node = machine.node(effect.nodeId);
		const targets = gateway.table.routes.flatMap(route => route.targets);
		// After a power cut an instance may have begun anew elsewhere; the table from before leads where nobody listens.
		const isReached = (id: string) =>
			node?.kept
				.get(id)
				?.status.endpoints.some(endpoint =>
					targets.some(({instanceId, port}) => instanceId === id && port === endpoint.port),
				);
		const soundForMs = node?.agent?.soundForMs ?? 0;
		const freeForMs = Math.min(soundForMs, this.clock.monotonicMs() - this.#undisturbedSinceMs);
		for (const {type, instanceId} of effect.commands.filter(command => command.type === 'stop')) {
			const sinceMs = this.#watchdog.stoppedForMs(instanceId) ?? balancerSilenceMs;
			if (isReached(instanceId) && sinceMs < balancerSilenceMs) {
				this.#report(`${instanceId} gets a ${type} while the gateway sends it connections`);
			}

			if (sinceMs > balancerSilenceMs + stopSlackMs && freeForMs > sinceMs) {
				this.#report(`${instanceId} waits ${sinceMs} ms for its ${type}`);
			}
		}
	}

	#processStarted({assignment, nodeId}: SimulatedProcess): void {
		const key = slotKey({...assignment, nodeId});
		const same = this.#liveProcesses().filter(process => slotKey(process) === key);
		for (const problem of doubledSlots(same, id => this.#watchdog.get('instance', id))) {
			this.#report(problem);
		}
	}

	#liveProcesses(): LiveProcess[] {
		return this.cluster.machine.processes().map(({assignment, nodeId}) => ({...assignment, nodeId}));
	}

	#daemonThrew(thrown: unknown): void {
		const isStorage = thrown instanceof ClusterError && thrown.code === 'storage';
		if (!this.crashes.isCrashed && !isStorage) {
			this.#report(`the daemon threw: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
		}
	}

	/** No more misfortune: now all must come to what was declared, and stay there. */
	#settle(): void {
		this.crashes.plan(undefined);
		this.crashes.isDiskFull = false;
		this.cluster.calm();
		this.note(() => 'no more misfortune from here on');
		const deadlineMs = this.clock.monotonicMs() + patienceMs;
		let left = this.#unconverged();
		while (left.length > 0 && this.clock.monotonicMs() < deadlineMs && this.#problems.length === 0) {
			this.clock.advance(lookEveryMs);
			left = this.#unconverged();
		}

		if (this.#problems.length > 0) {
			return;
		}

		for (const problem of left) {
			this.#report(problem);
		}

		if (this.cluster.hasDaemon) {
			this.#watchdog.compare(this.cluster.store);
		}
	}

	#unconverged(): string[] {
		if (!this.isServing) {
			return ['there is no daemon'];
		}

		const {store, gateway} = this.cluster;
		const instances = [...store.all('instance')];
		const state = {
			services: [...store.all('service')],
			nodes: [...store.all('node')],
			instances,
			now: this.clock.now(),
			reserveOf: (instance: (typeof instances)[number]) => this.#watchdog.reserveOf(instance),
		};
		const isExcused = (service: Service) => isHopeless(service, versionsOf(store, service.id));
		const excused = new Set(state.services.filter(isExcused).map(({id}) => id));
		const isCalm = (serviceId: string) => !excused.has(serviceId);
		return [
			...this.declared.problems(store),
			...unconverged(state, isExcused),
			...strayProcesses(
				this.#liveProcesses().filter(({serviceId}) => isCalm(serviceId)),
				instances.filter(({serviceId}) => isCalm(serviceId)),
			),
			...wrongRoutes(store, gateway.table.routes, isCalm),
			...wrongFiles(this.cluster, isCalm),
			...wrongScales(
				state.services.filter(({id}) => isCalm(id)),
				this.load,
			),
			...wrongPools(state, [...store.all('pool')]),
			...lostVolumes(store),
		];
	}

	#report(problem: string): void {
		this.note(() => `BROKEN ${problem}`);
		this.#problems.push(problem);
	}
}

/** What instances read against what they should: the version that their own version names, else the newest. */
function wrongFiles(cluster: SimulatedCluster, isCalm: (serviceId: string) => boolean): string[] {
	const {store} = cluster;
	const running = [...store.all('instance')].filter(
		({serviceId, desired, status}) => isCalm(serviceId) && desired === 'running' && status.state === 'running',
	);
	return running.flatMap(instance => {
		const spec = store.get('spec-version', `${instance.serviceId}.${instance.version}`)?.spec;
		const expected = fileKinds.flatMap(kind =>
			(spec?.template[kind === 'config' ? 'configs' : 'secrets'] ?? []).map(({source, version}) => {
				const owner = store.byName(kind, source);
				const wanted = version ?? owner?.version;
				const {data, sealed} = store.get('file-version', `${owner?.id}.${wanted}`) ?? {};
				return `${kind} ${source} ${wanted} ${sealed ?? Buffer.from(String(data)).toString('base64')}`;
			}),
		);
		const found = (cluster.filesOf(instance.id) ?? []).map(
			({kind, source, version, base64}) => `${kind} ${source} ${version} ${base64}`,
		);
		return JSON.stringify(found) === JSON.stringify(expected)
			? []
			: [`${instance.name} reads ${found.join('; ')} instead of ${expected.join('; ')}`];
	});
}

/** What the gateway has in force against what should be there. */
function wrongRoutes(
	store: Store,
	routes: SimulatedCluster['gateway']['table']['routes'],
	isCalm: (serviceId: string) => boolean,
): string[] {
	const expected = [...store.all('service')]
		.filter(({id}) => isCalm(id))
		.flatMap(({id, name, status}) => {
			const running = [...store.instancesOfService(id)].filter(
				instance =>
					instance.desired === 'running' &&
					instance.status.state === 'running' &&
					['none', 'healthy'].includes(instance.status.health),
			);
			return status.ports.map(port => `${name} ${port.published} ${running.map(instance => instance.id).sort()}`);
		});
	const found = routes
		.filter(({serviceId}) => isCalm(serviceId))
		.map(
			({serviceName, published, targets}) =>
				`${serviceName} ${published} ${targets.map(target => target.instanceId).sort()}`,
		);
	return JSON.stringify(expected.sort()) === JSON.stringify(found.sort())
		? []
		: [`the gateway has ${found.join('; ')} instead of ${expected.join('; ')}`];
}

function describeEffect(effect: Effect): string {
	if (effect.type === 'send') {
		const commands = effect.commands.map(command =>
			command.type === 'run' ? `run ${command.assignment.instanceName}` : `${command.type} ${command.instanceId}`,
		);
		return `send ${effect.nodeId}: ${commands.join(', ')}`;
	}

	return effect.type === 'publish' ? `publish ${effect.table.serial}` : `${effect.type} ${effect.nodeId}`;
}
