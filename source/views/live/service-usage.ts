import type {Clock} from '../../core/clock.ts';
import type {Instance} from '../../core/model/index.ts';
import {sumUsage, UsageSumming, type UsageSums} from '../../core/pulse/usage-sums.ts';

/** So many instances are summed up at every change; of more, so many at a time: a key that comes meanwhile does not wait. */
const fewInstances = 2000;
const atOnce = 4000;
/** From the beginning of one pass over many to that of the next. */
const manyMs = 1000;

type Instances = {readonly version: number; readonly byId: ReadonlyMap<string, Instance>};

type Pass = {readonly rest: Iterator<Instance>; readonly sums: UsageSumming};

/** What the instances of each service and of each node use together. */
export class ServiceUsage {
	readonly #instances: Instances;
	readonly #clock: Clock;
	#sums: UsageSums = {services: new Map(), nodes: new Map()};
	#reasons: ReadonlyMap<string, string> = new Map();
	/** Of the first: nothing has been read, and what was told holds. */
	#version = 0;
	#pass: Pass | undefined;
	#beganAtMs = Number.NEGATIVE_INFINITY;

	constructor(instances: Instances, clock: Clock) {
		this.#instances = instances;
		this.#clock = clock;
	}

	/** What the engine says, until the instances have been read. */
	told(sums: UsageSums): void {
		if (this.#version === 0) {
			this.#sums = sums;
		}
	}

	/** Goes on a little with what is being summed up: called for every state of the cluster that is looked at. */
	look(): void {
		const {version, byId} = this.#instances;
		if (this.#pass === undefined && version !== this.#version) {
			this.#begin(version, byId);
		}

		if (this.#pass !== undefined) {
			this.#goOn(this.#pass);
		}
	}

	/** Whether the sums are not of what the instances are now: somebody looks again soon. */
	get isBehind(): boolean {
		return this.#version !== this.#instances.version || this.#pass !== undefined;
	}

	get sums(): UsageSums {
		return this.#sums;
	}

	/** Why some are not up, by the id of their service. */
	get reasons(): ReadonlyMap<string, string> {
		return this.#reasons;
	}

	#begin(version: number, byId: Instances['byId']): void {
		const nowMs = this.#clock.monotonicMs();
		if (byId.size <= fewInstances || this.#version === 0) {
			this.#version = version;
			this.#take(sumUsage(byId.values()));
		} else if (nowMs - this.#beganAtMs >= manyMs) {
			this.#beganAtMs = nowMs;
			this.#version = version;
			this.#pass = {rest: byId.values(), sums: new UsageSumming()};
		}
	}

	#take(sums: UsageSumming): void {
		this.#sums = sums;
		this.#reasons = sums.reasons;
	}

	/** A map may change while one goes through it: what changed behind is in the next pass. */
	#goOn({rest, sums}: Pass): void {
		for (let added = 0; added < atOnce; added++) {
			const {done, value} = rest.next();
			if (done) {
				this.#take(sums);
				this.#pass = undefined;
				return;
			}

			sums.add(value, value.usage);
		}
	}
}
