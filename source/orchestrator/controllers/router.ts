import type {Instance, Service} from '../../core/model/index.ts';
import {isHealthy} from '../../core/reconcile/slots.ts';
import type {Balancer, Route, RouteTarget} from '../balancer.ts';
import type {StoreReader} from '../store/store.ts';
import {nameTables, type VirtualNet, virtualRoutes} from '../virtual-addresses.ts';

/** An instance is stopped after this long even when the balancer says nothing. */
export const balancerSilenceMs = 1000;

/** Publishes who may take new connections, and holds a stop back until a table without the instance is in force. */
export class Router {
	readonly #store: StoreReader;
	readonly #balancer: Balancer;
	readonly #monotonicMs: () => number;
	readonly #net: VirtualNet | undefined;
	#serial = 0;
	#applied = 0;
	#published = '';
	/** Instances that wait: since when, and the table that no longer has them. */
	readonly #leaving = new Map<string, {readonly sinceMs: number; readonly serial: number}>();

	constructor(store: StoreReader, balancer: Balancer, monotonicMs: () => number, net?: VirtualNet) {
		this.#net = net;
		this.#store = store;
		this.#balancer = balancer;
		this.#monotonicMs = monotonicMs;
	}

	publish(): void {
		const routes = [...this.#store.all('service')]
			.sort((a, b) => (a.id < b.id ? -1 : 1))
			.flatMap(service => this.#routesOf(service));
		const names = this.#net && nameTables(this.#store, this.#net);
		const text = JSON.stringify([routes, names]);
		if (text !== this.#published) {
			this.#published = text;
			this.#serial++;
			this.#balancer.publish({serial: this.#serial, routes, ...(names && {names})});
		}
	}

	applied(serial: number): void {
		this.#applied = Math.max(this.#applied, serial);
	}

	/** True when no new connection can reach the instance any more. */
	mayStop(instance: Instance): boolean {
		if (!this.#isPublished(instance)) {
			return true;
		}

		const nowMs = this.#monotonicMs();
		const leaving = this.#leaving.get(instance.id) ?? {sinceMs: nowMs, serial: this.#serial};
		if (leaving.serial <= this.#applied || nowMs - leaving.sinceMs >= balancerSilenceMs) {
			this.#leaving.delete(instance.id);
			return true;
		}

		this.#leaving.set(instance.id, leaving);
		return false;
	}

	/** When to ask again, in milliseconds from now; undefined when nobody waits. Forgets who has ended meanwhile. */
	waitMs(): number | undefined {
		let wait: number | undefined;
		for (const [id, {sinceMs}] of this.#leaving) {
			if (this.#store.get('instance', id) === undefined) {
				this.#leaving.delete(id);
				continue;
			}

			wait = Math.min(wait ?? balancerSilenceMs, Math.max(0, sinceMs + balancerSilenceMs - this.#monotonicMs()));
		}

		return wait;
	}

	#isPublished(instance: Instance): boolean {
		const {ports = [], address} = this.#store.get('service', instance.serviceId)?.status ?? {};
		const isReached = ports.length > 0 || address !== undefined;
		return isReached && instance.status.state === 'running' && instance.status.endpoints.length > 0;
	}

	#routesOf(service: Service): Route[] {
		if (service.status.ports.length === 0 && service.status.address === undefined) {
			return [];
		}

		let found: readonly Instance[] | undefined;
		/** Of a service that nobody connects to there may be many, and they are not asked for. */
		const targets = (target: number) => {
			found ??= [...this.#store.instancesOfService(service.id)]
				.filter(instance => instance.desired === 'running' && isHealthy(instance))
				.sort((a, b) => (a.id < b.id ? -1 : 1));
			return found.flatMap(instance => targetsOf(instance, target));
		};
		const routes = service.status.ports.map(({published, host, target, http, proxyProtocol, tls}) => ({
			serviceId: service.id,
			serviceName: service.name,
			host: host ?? '127.0.0.1',
			published,
			targets: targets(target),
			...(http && {http}),
			...(service.spec.autoscale?.min === 0 && {holds: true}),
			...(proxyProtocol && {proxyProtocol}),
			...(tls !== undefined && {tls: {secret: tls, version: this.#store.byName('secret', tls)?.version ?? 0}}),
		}));
		return [...routes, ...(this.#net ? virtualRoutes(this.#store, service, targets, this.#net) : [])];
	}
}

function targetsOf({id, status}: Instance, target: number): RouteTarget[] {
	return status.endpoints
		.filter(endpoint => endpoint.target === target)
		.map(({host, port, socket}) => ({instanceId: id, host, port, ...(socket !== undefined && {socket})}));
}
