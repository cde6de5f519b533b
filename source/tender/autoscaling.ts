import {decideAutoscale, type Load, statusOf, type Wish} from '../core/autoscale/autoscale.ts';
import {toClusterError} from '../core/error.ts';
import type {AutoscaleMetric, Instance, Service} from '../core/model/index.ts';
import {stripControl} from '../core/text/text.ts';
import {Metrics} from './metrics.ts';
import type {TenderPorts, TenderState} from './ports.ts';

/** Lets the load of services that have a policy say how many run. What it remembers are wishes of the last minutes. */
export class Autoscaling {
	readonly #ports: TenderPorts;
	readonly #metrics: Metrics;
	readonly #wishes = new Map<string, readonly Wish[]>();
	/** By service: what was decided last. */
	readonly decisions = new Map<string, TenderState['autoscale'][string]>();

	constructor(ports: TenderPorts) {
		this.#ports = ports;
		this.#metrics = new Metrics(ports);
	}

	async look(services: readonly Service[], instances: readonly Instance[]): Promise<void> {
		const byService = Map.groupBy(instances, ({serviceId}) => serviceId);
		const names = new Set<string>();
		for (const service of services) {
			if (service.spec.autoscale === undefined || service.removing) {
				this.#wishes.delete(service.id);
			} else {
				names.add(service.name);
				await this.#lookAt(service, byService.get(service.id) ?? []);
			}
		}

		for (const name of this.decisions.keys()) if (!names.has(name)) this.decisions.delete(name);
	}

	async #lookAt(service: Service, instances: readonly Instance[]): Promise<void> {
		const {backend, clock, log} = this.#ports;
		const {tend} = backend.facets;
		const {id, name, spec, autoscale} = service;
		if (spec.autoscale === undefined || tend === undefined) return;
		const waits = whyWaits(service) ?? (tend.isSpreading(service) ? 'is being spread' : undefined);
		if (waits !== undefined) {
			this.decisions.set(name, {replicas: spec.replicas, reason: waits});
			return;
		}

		const now = clock.now();
		const decision = decideAutoscale({
			policy: spec.autoscale,
			replicas: spec.replicas,
			load: this.#loadOf(service, instances),
			wishes: this.#wishes.get(id) ?? [],
			scaledAt: autoscale?.scaledAt,
			now,
		});
		this.#wishes.set(id, decision.wishes);
		this.decisions.set(name, {replicas: decision.replicas, reason: decision.reason});
		if (decision.replicas === spec.replicas) return;
		try {
			await tend.scale(service, decision.replicas, statusOf(decision, spec.replicas, now));
			log(`${stripControl(name)} ${spec.replicas} → ${decision.replicas}: ${decision.reason}`);
		} catch (thrown) {
			// It was changed at the same moment: the next look sees how it is now.
			if (toClusterError(thrown).code !== 'conflict') throw thrown;
		}
	}

	#loadOf({spec}: Service, instances: readonly Instance[]): Load {
		const serving = instances.filter(({desired, status}) => desired === 'running' && status.state === 'running');
		const {reserve, limit} = spec.template;
		const share = reserve.cpus || limit.cpus || 1;
		const figureOf = ({usage}: Instance, metric: AutoscaleMetric) => {
			if (metric === 'memory') return usage?.memoryBytes;
			return metric === 'cpu' && usage?.cpus !== undefined ? usage.cpus / share : undefined;
		};
		const totals: Partial<Record<AutoscaleMetric, number>> = {};
		for (const {metric} of spec.autoscale?.targets ?? []) {
			const total = metric.startsWith(ownFigure)
				? this.#metrics.get(metric.slice(ownFigure.length))
				: sum(serving.map(instance => figureOf(instance, metric)));
			if (total !== undefined) totals[metric] = total;
		}

		return {instances: serving.length, totals};
	}
}

const ownFigure = 'metric:';

/** A write now would begin an update anew that was stopped because of failures, or let the next batch of a held one through. */
function whyWaits({rollout}: Service): string | undefined {
	if (rollout?.state === 'updating' || rollout?.state === 'rolling-back') return 'is being updated';
	return rollout?.state === 'paused' ? 'its update is paused' : undefined;
}

/** Of those that are measured, for all: the others bear as much. */
function sum(figures: ReadonlyArray<number | undefined>): number | undefined {
	const known = figures.filter(figure => figure !== undefined);
	if (known.length === 0) return undefined;
	return (known.reduce((all, one) => all + one, 0) / known.length) * figures.length;
}
