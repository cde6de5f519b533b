import type {Instant, Usage} from '../../core/model/index.ts';

/** Between two samples; so many are kept of each. */
const sampleMs = 2000;
const keptSamples = 60;

/** The CPU used of late, by the id of a service or node; all nodes together under ''. */
export class CpuHistory {
	#samples = new Map<string, number[]>();
	#sampledAt = Number.NEGATIVE_INFINITY;

	/** Takes a sample where it is time for one, and as soon as there is anything. What is no longer measured is forgotten. */
	record(now: Instant, measure: () => ReadonlyMap<string, Usage>): void {
		if (this.#samples.size > 0 && now - this.#sampledAt < sampleMs) {
			return;
		}

		this.#sampledAt = now;
		const samples = new Map<string, number[]>();
		for (const [id, {cpus}] of measure()) {
			if (cpus !== undefined) {
				samples.set(id, [...(this.#samples.get(id) ?? []), cpus].slice(-keptSamples));
			}
		}

		this.#samples = samples;
	}

	of(id: string): readonly number[] {
		return this.#samples.get(id) ?? [];
	}
}
