import type {Random} from '../core/model/id.ts';
import type {Service} from '../core/model/index.ts';
import type {Orchestrator} from '../orchestrator/orchestrator.ts';
import {between, pick, type Range} from '../orchestrator/simulated/random.ts';
import type {DemoFleet} from './fleet.ts';
import {roles} from './roles.ts';
import type {Wheel} from './wheel.ts';

const second = 1000;
const minute = 60 * second;

/** How long it takes until something happens again. */
const paceMs = {
	deploy: [25 * second, 70 * second],
	scale: [15 * second, 45 * second],
	crash: [8 * second, 25 * second],
	illness: [30 * second, 90 * second],
	outage: [2 * minute, 4 * minute],
	cordon: [3 * minute, 6 * minute],
	job: [3 * minute, 5 * minute],
} as const satisfies Record<string, Range>;

type Happening = keyof typeof paceMs;

const outageMs: Range = [12 * second, 25 * second];
const cordonMs: Range = [40 * second, 80 * second];
/** Of more instances an update would take too long to watch. */
const deployable = 16;

/** With so many instances everything takes twice its time. */
const unhurried = 20_000;

export type HappeningsParts = {
	readonly wheel: Wheel;
	readonly fleet: DemoFleet;
	readonly orchestrator: Orchestrator;
	readonly random: Random;
	readonly spotNodeIds: readonly string[];
};

/** What people and machines do: updates, more or less load, crashes, nodes that go away. */
export class Happenings {
	readonly #parts: HappeningsParts;
	readonly #steady: ReadonlySet<string>;
	/** Replicas that a service had at first: scaled up and down around that. */
	readonly #replicas = new Map<string, number>();
	/** What changes a state has the scheduler look at every instance: with very many, less happens. */
	readonly #slowness: number;
	readonly #happen: Readonly<Record<Happening, () => void>> = {
		deploy: () => this.#deploy(),
		scale: () => this.#scale(),
		crash: () => this.#crash(),
		illness: () => this.#fallIll(),
		outage: () => this.#failNode(),
		cordon: () => this.#cordon(),
		job: () => this.#runJobs(),
	};

	constructor(parts: HappeningsParts) {
		this.#parts = parts;
		const special = new Set(roles.map(({name}) => name));
		this.#steady = new Set(this.#services().flatMap(({id, name}) => (special.has(name) ? [] : [id])));
		for (const {id, spec} of this.#services()) {
			this.#replicas.set(id, spec.replicas);
		}

		this.#slowness = 1 + parts.orchestrator.store.count('instance') / unhurried;
		for (const what of Object.keys(paceMs) as Happening[]) {
			this.#soon(what);
		}
	}

	#soon(what: Happening): void {
		const {wheel, random} = this.#parts;
		wheel.after(between(random, paceMs[what]) * this.#slowness, () => {
			this.#happen[what]();
			this.#soon(what);
		});
	}

	#deploy(): void {
		const idle = ({rollout, spec}: Service) => rollout?.state !== 'updating' && spec.replicas <= deployable;
		const service = this.#pickSteady(idle);
		if (service !== undefined) {
			const image = service.spec.template.image.replace(/\d+$/, minor => String(Number(minor) + 1));
			this.#apply(service, {template: {image}});
		}
	}

	#scale(): void {
		const service = this.#pickSteady(({spec}) => spec.mode === 'replicated');
		const usual = this.#replicas.get(service?.id ?? '') ?? 0;
		if (service !== undefined) {
			const share = between(this.#parts.random, [80, 120]) / 100;
			const nearby = service.spec.replicas + between(this.#parts.random, [-3, 3]);
			const wanted = Math.round(usual * share);
			this.#apply(service, {replicas: Math.max(1, wanted < nearby - 3 || wanted > nearby + 3 ? nearby : wanted)});
		}
	}

	#crash(): void {
		const instance = this.#pickInstance();
		const exitCode = pick(this.#parts.random, [1, 1, 2, 137, 139]) ?? 1;
		this.#parts.fleet.end(instance?.id ?? '', {exitCode, reason: `exit code ${exitCode}`});
	}

	#fallIll(): void {
		const instance = this.#pickInstance();
		if (instance?.status.health === 'healthy') {
			this.#parts.fleet.sicken(instance.id);
		}
	}

	#failNode(): void {
		const {random, fleet, spotNodeIds} = this.#parts;
		fleet.hang(pick(random, spotNodeIds) ?? '', between(random, outageMs));
	}

	#cordon(): void {
		const {orchestrator, random, wheel} = this.#parts;
		const nodes = [...orchestrator.store.all('node')].filter(({spec}) => spec.availability === 'active');
		const node = nodes.length > 2 ? pick(random, nodes) : undefined;
		if (node === undefined) {
			return;
		}

		const ref = {kind: 'node', id: node.id, name: node.name} as const;
		orchestrator.applyNode(ref, {availability: 'cordoned'}, {});
		wheel.after(between(random, cordonMs), () => {
			// Somebody may have drained or removed it meanwhile.
			if (orchestrator.store.get('node', node.id)?.spec.availability === 'cordoned') {
				orchestrator.applyNode(ref, {availability: 'active'}, {});
			}
		});
	}

	/** What is done once is done again. */
	#runJobs(): void {
		for (const service of this.#services()) {
			if (service.spec.mode === 'job' && service.status.completed === service.spec.replicas) {
				this.#apply(service, {forceUpdate: service.spec.forceUpdate + 1});
			}
		}
	}

	#apply(service: Service, patch: Parameters<Orchestrator['applyService']>[1]): void {
		if (!service.removing) {
			const {id, name} = service;
			this.#parts.orchestrator.applyService({kind: 'service', id, name}, patch, {});
		}
	}

	#pickSteady(isFit: (service: Service) => boolean): Service | undefined {
		return pick(
			this.#parts.random,
			this.#services().filter(service => this.#steady.has(service.id) && isFit(service)),
		);
	}

	#pickInstance() {
		const {orchestrator, random} = this.#parts;
		const service = this.#pickSteady(({spec}) => spec.replicas > 1);
		return pick(random, [...orchestrator.store.instancesOfService(service?.id ?? '')]);
	}

	#services(): readonly Service[] {
		return [...this.#parts.orchestrator.store.all('service')];
	}
}
