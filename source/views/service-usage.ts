import type {Clock} from '../core/clock.ts';
import type {Instance} from '../core/model/index.ts';
import {sumUsage, type UsageSums} from '../core/pulse/usage-sums.ts';

/** So many instances are summed up at every change, more only now and then. */
const fewInstances = 2000;
const manyMs = 1000;

type Instances = {readonly version: number; readonly byId: ReadonlyMap<string, Instance>};

/** What the instances of each service and of each node use together. */
export class ServiceUsage {
	readonly #instances: Instances;
	readonly #clock: Clock;
	#sums: UsageSums = {services: new Map(), nodes: new Map()};
	/** Of the first: nothing has been read, and what was told holds. */
	#version = 0;
	#count = 0;
	#summedAtMs = Number.NEGATIVE_INFINITY;

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

	sums(): UsageSums {
		const {version, byId} = this.#instances;
		const nowMs = this.#clock.monotonicMs();
		if (version !== this.#version && (this.#count <= fewInstances || nowMs - this.#summedAtMs >= manyMs)) {
			this.#version = version;
			this.#summedAtMs = nowMs;
			this.#sums = sumUsage(byId.values());
			this.#count = byId.size;
		}

		return this.#sums;
	}
}
