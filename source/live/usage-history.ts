import type {Instance, Instant, Usage} from '../core/model/index.ts';
import {type UsageFigure, usageFigures} from '../core/model/resources.ts';
import {type Period, periods} from '../core/pulse/period.ts';
import {Rings, type Samples} from '../core/pulse/rings.ts';

export type Used = {
	readonly instances: readonly Instance[];
	readonly nodes: ReadonlyArray<{readonly id: string; readonly usage?: Usage | undefined}>;
	/** What the instances of each service use together. */
	readonly serviceUsage: ReadonlyMap<string, Usage>;
};

/** Of services and nodes every period; of instances, of which there may be fifty thousand, the last five minutes. */
const fiveMinutes = {points: 20, windowMs: 15_000};
/** Between two looks: several fall into a window. */
const fewMs = 5000;
const manyMs = 15_000;
const sweepMs = 60_000;

/**
 * What instances, services and nodes have used, in bounded memory: an instance takes 4 bytes for each figure and window that
 * is known of it, whatever happens. A figure that nobody measured takes nothing.
 */
export class UsageHistory {
	readonly #many = ringsOf(fiveMinutes);
	readonly #few = {minutes: ringsOf(periods.minutes), hour: ringsOf(periods.hour)};
	#lookedAt = Number.NEGATIVE_INFINITY;
	#instancesLookedAt = Number.NEGATIVE_INFINITY;
	#sweptAt = Number.NEGATIVE_INFINITY;

	/** Takes note of what is used now, where it is time to. May be called as often as one likes. */
	record(now: Instant, look: () => Used): void {
		if (now - this.#lookedAt < fewMs) {
			return;
		}

		this.#lookedAt = now;
		const {instances, nodes, serviceUsage} = look();
		for (const {id, usage} of nodes) {
			this.#noteFew(id, now, usage);
		}

		for (const [id, usage] of serviceUsage) {
			this.#noteFew(id, now, usage);
		}

		if (now - this.#instancesLookedAt >= manyMs) {
			this.#instancesLookedAt = now;
			for (const {id, usage} of instances) {
				note(this.#many, id, now, usage);
			}
		}

		this.#sweep(now);
	}

	/** Of a service or a node, by its id. */
	ofMember(id: string, figure: UsageFigure, now: Instant, period: Period = 'hour'): Samples {
		return this.#few[period].get(figure)?.samples(id, now) ?? [];
	}

	ofInstance(id: string, figure: UsageFigure, now: Instant): Samples {
		return this.#many.get(figure)?.samples(id, now) ?? [];
	}

	#noteFew(id: string, now: Instant, usage: Usage | undefined): void {
		note(this.#few.minutes, id, now, usage);
		note(this.#few.hour, id, now, usage);
	}

	#sweep(now: Instant): void {
		if (now - this.#sweptAt >= sweepMs) {
			this.#sweptAt = now;
			for (const rings of [this.#few.minutes, this.#few.hour, this.#many].flatMap(byFigure => [...byFigure.values()])) {
				rings.sweep(now);
			}
		}
	}
}

function ringsOf(size: {readonly points: number; readonly windowMs: number}): ReadonlyMap<UsageFigure, Rings> {
	return new Map(usageFigures.map(figure => [figure, new Rings(size)]));
}

function note(rings: ReadonlyMap<UsageFigure, Rings>, id: string, now: Instant, usage: Usage | undefined): void {
	if (usage !== undefined) {
		for (const figure of usageFigures) {
			const value = usage[figure];
			if (value !== undefined) {
				rings.get(figure)?.record(id, now, value);
			}
		}
	}
}
