import type {World as Snapshot} from '../../actions/action.ts';
import type {Instant} from '../../core/model/index.ts';
import {type Period, periods} from '../../core/pulse/period.ts';
import type {Pulse} from '../../core/pulse/pulse.ts';
import {type PulseFigure, PulseHistory} from '../../core/pulse/pulse-history.ts';
import type {Samples} from '../../core/pulse/rings.ts';
import {nodeUsage, type UsageSum} from '../../core/pulse/usage-sums.ts';
import {UsageHistory} from '../../live/usage-history.ts';

/** What of a cluster is kept here. */
type Seen = Snapshot & {
	readonly serviceUsage: ReadonlyMap<string, UsageSum>;
	readonly nodeSums: ReadonlyMap<string, UsageSum>;
};

/** Nobody looks: often enough that every window of the last hour has something in it. */
const unseenMs = 5000;

/** The last minutes and the last hour of a cluster: kept whether or not somebody looks at it. */
export class Trends {
	readonly usage = new UsageHistory();
	readonly #pulse = new PulseHistory();
	#begunAt: Instant | undefined;
	#recordedAt = Number.NEGATIVE_INFINITY;

	/** May be called as often as one likes. */
	record(world: Seen): void {
		const {now} = world;
		this.#begunAt ??= now;
		if (now - this.#recordedAt >= unseenMs) {
			this.#recordedAt = now;
			this.#pulse.look(world, now);
		}

		this.usage.record(now, () => {
			const {instances, serviceUsage, nodeSums} = world;
			const nodes = world.nodes.map(({id, usage}) => ({id, usage: nodeUsage(usage, nodeSums.get(id))}));
			return {instances, nodes, serviceUsage};
		});
	}

	/** The pulse at most a second ago. */
	pulse(world: Seen): Pulse {
		return this.#pulse.look(world, world.now);
	}

	of(figure: PulseFigure, now: Instant, period: Period): Samples {
		return this.#pulse.of(figure, now, period);
	}

	/** The period that has something to show: the hour only once it has been watched for longer than the minutes. */
	usualPeriod(now: Instant): Period {
		const {points, windowMs} = periods.minutes;
		return now - (this.#begunAt ?? now) > points * windowMs ? 'hour' : 'minutes';
	}
}
