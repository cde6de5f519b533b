import type {Instance, Instant} from '../model/index.ts';
import type {ClusterWorld} from '../preview/world.ts';
import {type Period, periods} from './period.ts';
import {type InstancePulse, instancePulse, type Pulse, pulseOf} from './pulse.ts';
import {RestartCount} from './restart-count.ts';
import {Rings, type Samples} from './rings.ts';

/** What is kept of a pulse over time. */
export const pulseFigures = [
	'healthy',
	'unwell',
	'pending',
	'nodes',
	'services',
	'cpus',
	'memoryBytes',
	'requestsPerSecond',
	'restarts',
] as const;

export type PulseFigure = (typeof pulseFigures)[number];

/** Between two looks at the whole cluster. */
export const pulseMs = 1000;

/** The newest pulse and the last hour of it. A cluster is looked at once a second at most, however often it changes. */
export class PulseHistory {
	readonly #rings: Readonly<Record<Period, Rings>> = {
		minutes: new Rings(periods.minutes),
		hour: new Rings(periods.hour),
	};
	readonly #restarts = new RestartCount();
	#pulse: Pulse | undefined;
	/** Looked at anew only where it is another array: of a quiet cluster it is the same. */
	#instances: readonly Instance[] | undefined;
	#instancePulse: InstancePulse | undefined;
	#lookedAt = Number.NEGATIVE_INFINITY;

	/** The pulse at most a second ago. */
	look(world: ClusterWorld, now: Instant): Pulse {
		if (this.#pulse === undefined || now - this.#lookedAt >= pulseMs || now < this.#lookedAt) {
			this.#lookedAt = now;
			const {instances} = world;
			const isOther = instances !== this.#instances;
			const known = isOther ? undefined : this.#instancePulse;
			this.#instances = instances;
			this.#instancePulse = known ?? instancePulse(instances);
			this.#pulse = pulseOf(world, this.#instancePulse);
			this.#record(this.#pulse, now);
			const restarts = isOther ? this.#restarts.since(instances) : 0;
			this.#each(rings => rings.count('restarts', now, restarts));
		}

		return this.#pulse;
	}

	of(figure: PulseFigure, now: Instant, period: Period = 'hour'): Samples {
		return this.#rings[period].samples(figure, now);
	}

	#each(write: (rings: Rings) => void): void {
		write(this.#rings.minutes);
		write(this.#rings.hour);
	}

	#record({instances, nodes, services, usage}: Pulse, now: Instant): void {
		const figures: {readonly [F in Exclude<PulseFigure, 'restarts'>]: number | undefined} = {
			healthy: instances.healthy,
			unwell: instances.unhealthy + instances.failed,
			pending: instances.pending,
			nodes: nodes.ready + nodes.closed,
			services: services.well,
			...{cpus: undefined, memoryBytes: undefined, requestsPerSecond: undefined},
			...usage,
		};
		for (const [figure, value] of Object.entries(figures)) {
			if (value !== undefined) {
				this.#each(rings => rings.record(figure, now, value));
			}
		}
	}
}
