import {decideAutoscale, type Load, statusOf, type Wish} from '../../core/autoscale/autoscale.ts';
import type {AutoscaleMetric, Instance, Service, Usage} from '../../core/model/index.ts';
import {isHealthy} from '../../core/reconcile/slots.ts';
import type {StoreReader} from '../store/store.ts';
import {emit, type Turn} from '../turn.ts';
import {specOf} from './spec-versions.ts';

/** Between two looks at a service. */
export const lookEveryMs = 2000;

/**
 * Sets how many instances a service with a policy runs. Writer of: its spec's `replicas`, and its `autoscale`. What it
 * remembers are wishes of the last minutes: after a start the windows begin anew.
 */
export class Autoscaler {
	readonly #usageOf: (instanceId: string) => Usage | undefined;
	readonly #wishes = new Map<string, readonly Wish[]>();
	readonly #demanded = new Set<string>();

	constructor(usageOf: (instanceId: string) => Usage | undefined) {
		this.#usageOf = usageOf;
	}

	/** A request waits for an instance of this service. */
	demanded(serviceId: string): void {
		this.#demanded.add(serviceId);
	}

	forget(serviceId: string): void {
		this.#wishes.delete(serviceId);
		this.#demanded.delete(serviceId);
	}

	look(turn: Turn, serviceId: string): void {
		const {tx, now} = turn;
		const service = tx.get('service', serviceId);
		const policy = service?.spec.autoscale;
		if (service === undefined || policy === undefined || service.removing) {
			this.forget(serviceId);
			return;
		}

		const decision = decideAutoscale({
			policy,
			replicas: service.spec.replicas,
			load: this.#loadOf(turn, service),
			wishes: this.#wishes.get(serviceId) ?? [],
			scaledAt: service.autoscale?.scaledAt,
			now,
		});
		this.#wishes.set(serviceId, decision.wishes);
		this.#demanded.delete(serviceId);
		const before = service.spec.replicas;
		const autoscale = statusOf(decision, before, now, service.autoscale);
		if (decision.replicas === before && autoscale === service.autoscale) {
			return;
		}

		const spec = decision.replicas === before ? service.spec : {...service.spec, replicas: decision.replicas};
		const status = {...service.status, desired: decision.replicas};
		tx.put('service', {...service, spec, autoscale, status});
		if (decision.replicas !== before) {
			emit(turn, service, 'Autoscaled', `from ${before} to ${decision.replicas}: ${decision.reason}`);
		}
	}

	#loadOf({tx}: Turn, service: Service): Load {
		const serving = [...tx.instancesOfService(service.id)].filter(
			instance => instance.desired === 'running' && isHealthy(instance),
		);
		const totals: Partial<Record<AutoscaleMetric, number>> = {};
		for (const {metric} of service.spec.autoscale?.targets ?? []) {
			// Where instances are asked for and none serves, nothing is known: that is no load of 0.
			const isBlind = serving.length === 0 && service.spec.replicas > 0;
			const total = isBlind ? undefined : sum(serving.map(instance => this.#figureOf(tx, instance, metric)));
			if (total !== undefined) {
				totals[metric] = total;
			}
		}

		return {
			instances: serving.length,
			totals,
			...(this.#demanded.has(service.id) ? {isDemanded: true} : {}),
		};
	}

	/** CPU is the part of what an instance reserves, else of its limit, else of one core. */
	#figureOf(store: StoreReader, instance: Instance, metric: AutoscaleMetric): number | undefined {
		const usage = this.#usageOf(instance.id);
		switch (metric) {
			case 'cpu': {
				const {reserve, limit} = specOf(store, instance).template;
				return usage?.cpus === undefined ? undefined : usage.cpus / (reserve.cpus || limit.cpus || 1);
			}

			case 'memory':
				return usage?.memoryBytes;
			// Who leads traffic tells of those that have some.
			case 'requests':
				return usage && (usage.requestsPerSecond ?? 0);
			case 'connections':
				return usage && (usage.connections ?? 0);
		}
	}
}

/** Of those that are measured, for all: the others bear as much. */
function sum(figures: ReadonlyArray<number | undefined>): number | undefined {
	const known = figures.filter(figure => figure !== undefined);
	if (figures.length === 0) {
		return 0;
	}

	return known.length === 0 ? undefined : (known.reduce((all, one) => all + one, 0) / known.length) * figures.length;
}
