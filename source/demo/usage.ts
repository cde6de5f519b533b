import type {Instance, Instant, Usage} from '../core/model/index.ts';
import {formatBytes} from '../core/text/units.ts';
import type {UsageSource} from '../orchestrator/queries/usage.ts';
import type {StoreReader} from '../orchestrator/store/store.ts';
import type {DemoFleet} from './fleet.ts';
import {usageAt} from './load.ts';
import {tickMs, type Wheel} from './wheel.ts';

type Figures = Record<string, Usage>;

/** Nodes tell once a second, but all together of no more than so many instances: with more, less often. */
const figuresPerSecond = 2000;
const codeOfSigkill = 137;

export type DemoUsageParts = {
	readonly wheel: Wheel;
	readonly store: StoreReader;
	readonly fleet: DemoFleet;
	readonly now: () => Instant;
};

/** What is used, node by node, as agents tell it; who uses more than its limit is ended. */
export class DemoUsage implements UsageSource {
	readonly #parts: DemoUsageParts;
	readonly #listeners = new Set<(figures: Figures) => void>();
	#waiting: string[] = [];
	/** Figures that may still be told at this tick. */
	#allowance = 0;

	constructor(parts: DemoUsageParts) {
		this.#parts = parts;
		parts.wheel.each(tick => this.#tell(tick));
	}

	get(id: string): Usage | undefined {
		const {store} = this.#parts;
		const instance = store.get('instance', id);
		if (instance !== undefined) {
			return this.#of(instance);
		}

		return store.get('node', id)?.status.state === 'ready' ? this.#sum(store.instancesOnNode(id)) : undefined;
	}

	subscribe(listener: (figures: Figures) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#tell(tick: number): void {
		const {store} = this.#parts;
		this.#allowance = Math.min(this.#allowance + (figuresPerSecond * tickMs) / 1000, figuresPerSecond);
		if (this.#waiting.length === 0 && tick % (1000 / tickMs) === 0) {
			this.#waiting = [...store.all('node')].filter(({status}) => status.state === 'ready').map(({id}) => id);
		}

		const figures: Figures = {};
		while (this.#waiting.length > 0 && this.#allowance > 0) {
			const nodeId = this.#waiting.pop() ?? '';
			const instances = [...store.instancesOnNode(nodeId)];
			this.#allowance -= instances.length;
			figures[nodeId] = this.#sum(instances, figures);
		}

		if (Object.keys(figures).length > 0) {
			for (const listener of this.#listeners) {
				listener(figures);
			}
		}
	}

	/** Of a node: what its instances use and a little more. `figures`: takes each of them. */
	#sum(instances: Iterable<Instance>, figures?: Figures): Usage {
		let cpus = 0.05;
		let memoryBytes = 300 * 2 ** 20;
		let requestsPerSecond = 0;
		for (const instance of instances) {
			const usage = this.#of(instance);
			if (usage !== undefined) {
				cpus += usage.cpus ?? 0;
				memoryBytes += usage.memoryBytes ?? 0;
				requestsPerSecond += usage.requestsPerSecond ?? 0;
				if (figures !== undefined) {
					figures[instance.id] = usage;
					this.#endAboveLimit(instance, usage);
				}
			}
		}

		return {cpus, memoryBytes, requestsPerSecond, at: this.#parts.now()};
	}

	#of(instance: Instance): Usage | undefined {
		const spec = this.#parts.store.get('service', instance.serviceId)?.spec;
		return usageAt(instance, spec?.template.reserve.memoryBytes ?? 0, this.#parts.now());
	}

	#endAboveLimit({id, serviceId}: Instance, {memoryBytes = 0}: Usage): void {
		const limit = this.#parts.store.get('service', serviceId)?.spec.template.limit.memoryBytes;
		if (limit !== undefined && memoryBytes > limit) {
			const reason = `out of memory (limit ${formatBytes(limit)}, used ${formatBytes(memoryBytes)})`;
			this.#parts.fleet.end(id, {exitCode: codeOfSigkill, reason});
		}
	}
}
