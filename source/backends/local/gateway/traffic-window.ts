import type {InstanceStats, ServiceStats} from './metrics.ts';
import {bucketMs, quantileMs, type RequestCounts} from './metrics.ts';
import type {Front} from './published-port.ts';

type Snapshot = {
	readonly atMs: number;
	readonly requests: number;
	readonly errors: number;
	readonly buckets: Uint32Array;
};

/** Figures are of so many seconds. */
const windowTicks = 5;
/** Of the histogram that is told: seconds, as Prometheus has them. */
export const histogramSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What was asked and answered in the last seconds. */
export class TrafficWindow {
	readonly #past = new WeakMap<RequestCounts, Snapshot[]>();

	tick(fronts: readonly Front[]): void {
		for (const {counts, pool} of fronts) {
			this.#note(counts);
			for (const target of pool.targets) {
				this.#note(target.counts);
			}
		}
	}

	/** Over all the ports that a service is published on. */
	service(fronts: readonly Front[]): Partial<ServiceStats[string]> {
		if (fronts.length === 0) {
			return {};
		}

		const all = fronts.map(({counts}) => ({counts, past: this.#past.get(counts)?.[0]}));
		const sum = (figure: (counts: RequestCounts) => number) =>
			all.reduce((total, {counts}) => total + figure(counts), 0);
		return {
			requests: sum(({requests}) => requests),
			errors: sum(({errors}) => errors),
			seconds: Math.round(sum(({totalMs}) => totalMs)) / 1000,
			histogram: histogramSeconds.map(seconds => sum(({buckets}) => upTo(buckets, seconds * 1000))),
		};
	}

	instances(fronts: readonly Front[]): InstanceStats {
		const stats: Record<string, InstanceStats[string]> = {};
		for (const {http, pool} of fronts) {
			for (const {instanceId, connections, counts} of pool.targets) {
				const before = stats[instanceId];
				// Behind a port of HTTP and one of TCP, as each published service has at its own address, it keeps what was counted.
				stats[instanceId] = {
					...before,
					connections: connections + (before?.connections ?? 0),
					...(http && this.#rates(counts, before)),
				};
			}
		}

		return stats;
	}

	#rates(counts: RequestCounts, before: InstanceStats[string] | undefined) {
		const [past] = this.#past.get(counts) ?? [];
		const seconds = past ? (performance.now() - past.atMs) / 1000 : 0;
		const rate = (now: number, then = 0) => (seconds > 0 ? Math.round(((now - then) / seconds) * 10) / 10 : 0);
		const p99 = past && quantileMs(past.buckets, counts.buckets, 0.99);
		const slowest = p99 === undefined ? before?.latencyP99Ms : Math.max(p99, before?.latencyP99Ms ?? 0);
		return {
			requests: counts.requests + (before?.requests ?? 0),
			errors: counts.errors + (before?.errors ?? 0),
			requestsPerSecond: rate(counts.requests, past?.requests) + (before?.requestsPerSecond ?? 0),
			errorsPerSecond: rate(counts.errors, past?.errors) + (before?.errorsPerSecond ?? 0),
			...(slowest !== undefined && {latencyP99Ms: Math.round(slowest * 10) / 10}),
		};
	}

	#note(counts: RequestCounts): void {
		const {requests, errors, buckets} = counts;
		const past = this.#past.get(counts) ?? [];
		past.push({atMs: performance.now(), requests, errors, buckets: buckets.slice()});
		if (past.length > windowTicks) {
			past.shift();
		}

		this.#past.set(counts, past);
	}
}

/** How many took at most so long. */
function upTo(buckets: Uint32Array, ms: number): number {
	return buckets.reduce((sum, value, index) => (bucketMs(index) <= ms ? sum + value : sum), 0);
}
