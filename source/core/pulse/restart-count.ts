import type {Instance} from '../model/index.ts';

/**
 * Restarts since the last look, from what instances say of themselves: by service, so that one that is removed takes
 * nothing away from the others.
 */
export class RestartCount {
	#known: ReadonlyMap<string, number> | undefined;

	/** The first look only takes note. */
	since(instances: readonly Instance[]): number {
		const sums = new Map<string, number>();
		for (const {serviceId, restarts} of instances) {
			sums.set(serviceId, (sums.get(serviceId) ?? 0) + restarts);
		}

		const known = this.#known;
		this.#known = sums;
		let more = 0;
		for (const [serviceId, sum] of sums) {
			more += known === undefined ? 0 : Math.max(0, sum - (known.get(serviceId) ?? 0));
		}

		return more;
	}
}
