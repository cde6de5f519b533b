import {newId, type Random} from '../core/model/id.ts';
import type {ClusterEvent, Image, Instance, Instant, Meta, Node, Service, ServiceSpec} from '../core/model/index.ts';
import {addResources, noResources} from '../core/model/resources.ts';
import {machineName} from '../orchestrator/controllers/node-controller.ts';
import {specVersionId} from '../orchestrator/controllers/spec-versions.ts';
import {behaviorVariable} from '../orchestrator/simulated/behavior.ts';
import {between} from '../orchestrator/simulated/random.ts';
import type {Stored, StoredKind} from '../orchestrator/store/store.ts';
import {castOf, type Part} from './cast.ts';
import type {DemoOptions} from './options.ts';
import {type Site, sitesFor} from './site.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const firstPort = 20_000;

/** All that is there when the curtain rises: a cluster that has been running for weeks. */
export type Stage = {
	readonly objects: ReadonlyArray<Stored[StoredKind]>;
	/** Nodes that go down now and then. */
	readonly spotNodeIds: readonly string[];
	/** What all nodes have together. */
	readonly machine: Site['capacity'];
};

export function setStage(options: DemoOptions, now: Instant, random: Random): Stage {
	const cast = castOf(options);
	const sites = sitesFor(options.nodes, cast, random);
	const machine = sites.reduce((sum, {capacity}) => addResources(sum, capacity), noResources);
	return new StageBuilder(now, random, machine).build(cast, sites);
}

type Placed = {node: Node; readonly site: Site};

class StageBuilder {
	readonly #now: Instant;
	readonly #random: Random;
	readonly #machine: Site['capacity'];
	readonly #objects: Array<Stored[StoredKind]> = [];
	#port = firstPort;
	/** Where the next instance goes: nodes as often as their weight says. */
	#turns: readonly Placed[] = [];
	#turn = 0;

	constructor(now: Instant, random: Random, machine: Site['capacity']) {
		this.#now = now;
		this.#random = random;
		this.#machine = machine;
	}

	build(cast: readonly Part[], sites: readonly Site[]): Stage {
		const placed = sites.map(site => ({site, node: this.#node(site)}));
		this.#turns = turnsOf(placed);
		for (const part of cast) {
			this.#service(part, placed);
		}

		for (const image of imagesOf(cast)) {
			this.#objects.push(this.#image(image));
		}

		this.#objects.push(...placed.map(({node}) => node));
		return {
			objects: this.#objects,
			spotNodeIds: placed.filter(({site}) => site.isSpot).map(({node}) => node.id),
			machine: this.#machine,
		};
	}

	#meta(name: string, ageMs: number): Meta {
		const at = this.#now - ageMs;
		return {id: newId(this.#random), name, revision: '1', createdAt: at, updatedAt: at};
	}

	#node(site: Site): Node {
		const meta = this.#meta(site.name, between(this.#random, site.isSpot ? [day / 4, day] : [30 * day, 90 * day]));
		return {
			...meta,
			kind: 'node',
			spec: site.spec,
			status: {state: 'ready', at: meta.createdAt, fencing: false},
			availability: 'active',
			generation: 1,
			capacity: site.capacity,
			machine: {name: machineName, capacity: this.#machine},
			reserved: noResources,
			instances: 0,
			removing: false,
		};
	}

	#image(name: string): Image {
		const path = `/demo/images/${name}`;
		return {
			...this.#meta(name, 10 * day),
			kind: 'image',
			command: ['node', 'server.js'],
			env: {},
			path,
			origin: 'added',
		};
	}

	#service(part: Part, placed: readonly Placed[]): void {
		const {name, spec, before} = part;
		const meta = this.#meta(name, between(this.#random, [day, 60 * day]));
		const version = before === undefined ? 1 : 2;
		const startedAt = this.#now - between(this.#random, [3 * minute, 9 * minute]);
		const made = {...meta, version, spec: before ?? spec};
		const instances = startsLater(before ?? spec) ? [] : this.#instances(made, placed);
		const service: Service = {
			...meta,
			kind: 'service',
			spec,
			version,
			removing: false,
			status: {
				desired: spec.mode === 'global' ? placed.length : spec.replicas,
				running: instances.length,
				healthy: instances.length,
				completed: 0,
				ports: spec.ports,
			},
			...(before && {
				rollout: {
					state: 'updating',
					isRollback: false,
					from: 1,
					startedAt,
					updated: 0,
					total: spec.replicas,
					failed: 0,
				},
			}),
		};
		this.#objects.push(service, ...instances, specVersion(service.id, version, spec));
		if (before !== undefined) {
			this.#objects.push(specVersion(service.id, 1, before), this.#event(service, startedAt));
		}
	}

	#instances(service: Meta & {readonly spec: ServiceSpec}, placed: readonly Placed[]): Instance[] {
		const {spec} = service;
		return spec.mode === 'global'
			? placed.map(there => this.#instance(service, 0, there))
			: Array.from({length: spec.replicas}, (_, index) => this.#instance(service, index + 1, this.#next()));
	}

	#next(): Placed {
		const next = this.#turns[this.#turn++ % this.#turns.length];
		if (next === undefined) {
			throw new Error('Broken invariant: a demo has nodes');
		}

		return next;
	}

	#instance(service: Meta & {readonly spec: ServiceSpec}, slot: number, placed: Placed): Instance {
		const {node} = placed;
		const {template, ports} = service.spec;
		const youngest = Math.min(minute, this.#now - service.createdAt);
		const ageMs = between(this.#random, [youngest, Math.min(20 * day, this.#now - service.createdAt)]);
		const startedAt = this.#now - ageMs + between(this.#random, [300, 4000]);
		const {reserved, instances} = node;
		placed.node = {...node, reserved: addResources(reserved, template.reserve), instances: instances + 1};
		return {
			...this.#meta(`${service.name}.${slot === 0 ? node.name : slot}`, ageMs),
			kind: 'instance',
			serviceId: service.id,
			serviceName: service.name,
			slot,
			version: 1,
			image: template.image,
			nodeId: node.id,
			nodeName: node.name,
			nodeGeneration: 1,
			desired: 'running',
			restarts: this.#random() < 0.04 ? between(this.#random, [1, 6]) : 0,
			attempts: 0,
			quickFailures: 0,
			status: {
				state: 'running',
				at: startedAt,
				health: template.health === undefined ? 'none' : 'healthy',
				startedAt,
				pid: between(this.#random, [1000, 60_000]),
				endpoints: ports.map(({target}) => ({target, host: '127.0.0.1', port: this.#port++})),
			},
		};
	}

	#event({id, name}: Service, at: Instant): ClusterEvent {
		const about = {kind: 'service', id, name};
		const meta = {...this.#meta('Updating', 0), createdAt: at, updatedAt: at};
		return {...meta, kind: 'event', tone: 'normal', about, message: 'to version 2'};
	}
}

/** What fails from the first moment, waits for a node or is to be done once is created by the orchestrator itself. */
function startsLater({mode, template, placement}: ServiceSpec): boolean {
	const behavior = template.env[behaviorVariable] ?? '';
	return mode === 'job' || placement.constraints.length > 0 || /^(fail|reject)/.test(behavior);
}

function specVersion(serviceId: string, version: number, spec: ServiceSpec): Stored['spec-version'] {
	return {kind: 'spec-version', id: specVersionId(serviceId, version), serviceId, version, spec};
}

function imagesOf(cast: readonly Part[]): readonly string[] {
	const used = cast.flatMap(({spec, before}) => [spec, before ?? spec]).map(({template}) => template.image);
	return [...new Set(used)].filter(image => !image.includes('thumbs')).sort();
}

/** Each node as often as its weight, well mixed. */
function turnsOf(placed: readonly Placed[]): readonly Placed[] {
	const most = placed.reduce((max, {site}) => Math.max(max, site.weight), 0);
	return Array.from({length: most}, (_, round) => placed.filter(({site}) => isTurn(site.weight, round, most))).flat();
}

function isTurn(weight: number, round: number, rounds: number): boolean {
	return Math.floor(((round + 1) * weight) / rounds) > Math.floor((round * weight) / rounds);
}
