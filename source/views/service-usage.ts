import type {Clock} from '../core/clock.ts';
import type {Instance, Usage} from '../core/model/index.ts';
import {usageByService} from './world.ts';

/** So many instances are summed up at every change, more only now and then. */
const fewInstances = 2000;
const manyMs = 1000;

/** What the instances of each service use together. */
export class ServiceUsage {
	readonly #instances: {readonly version: number; readonly items: readonly Instance[]};
	readonly #clock: Clock;
	#sums: ReadonlyMap<string, Usage> = new Map();
	#version = -1;
	#count = 0;
	#summedAtMs = Number.NEGATIVE_INFINITY;

	constructor(instances: {readonly version: number; readonly items: readonly Instance[]}, clock: Clock) {
		this.#instances = instances;
		this.#clock = clock;
	}

	sums(): ReadonlyMap<string, Usage> {
		const {version} = this.#instances;
		const nowMs = this.#clock.monotonicMs();
		if (version !== this.#version && (this.#count <= fewInstances || nowMs - this.#summedAtMs >= manyMs)) {
			const {items} = this.#instances;
			this.#version = version;
			this.#summedAtMs = nowMs;
			this.#sums = usageByService(items);
			this.#count = items.length;
		}

		return this.#sums;
	}
}
