import type {Socket} from 'node:net';
import type {Route} from '../../../orchestrator/balancer.ts';
import {type FrontService, HttpClient, type HttpFront} from './http/client.ts';
import {findRule, httpService} from './http/service.ts';
import {Listener} from './listener.ts';
import {newCounts, type RequestCounts} from './metrics.ts';
import {relay} from './relay.ts';
import {reset} from './reset.ts';
import {TargetPool} from './target-pool.ts';
import type {Certificates} from './tls-contexts.ts';

/** One service behind a port. */
export type Front = {
	route: Route;
	readonly pool: TargetPool;
	readonly counts: RequestCounts;
	/** As HTTP has it. */
	http: (FrontService & {readonly rules: NonNullable<Route['http']>}) | undefined;
};

export type PublishedPortOptions = {
	/** Undefined: there are too many connections. Else counts it, until the answer is called. */
	readonly admit: (client: Socket, front: Front | undefined) => boolean;
	/** Counts a connection for a service. */
	readonly counted: (client: Socket, front: Front) => void;
	/** Somebody waits for this service. */
	readonly demanded: (serviceId: string) => void;
	readonly changed: () => void;
	readonly lost: (port: number, why: string) => void;
	readonly certificates: Certificates;
	/** A socket that listens there already. */
	readonly fd?: number | undefined;
	/** Connections are to end as soon as nothing is lost by it. */
	readonly isLeaving: () => boolean;
};

/** Who comes while nobody is there is held for so long: a service takes its time to start. */
const maxHoldMs = 30_000;
const maxHeld = 1000;

/** A port that is listened on, and the services that it leads to: one, or by rules of HTTP several. */
export class PublishedPort {
	readonly #options: PublishedPortOptions;
	readonly #port: number;
	readonly #isSecure: boolean;
	#fronts: readonly Front[] = [];
	readonly listener: Listener;
	readonly #held = new Map<string, Set<() => void>>();

	constructor(routes: readonly Route[], options: PublishedPortOptions) {
		const [{host, published, tls} = {host: '', published: 0, tls: undefined}] = routes;
		this.#options = options;
		this.#port = published;
		this.#isSecure = tls !== undefined;
		this.replace(routes);
		this.listener = new Listener({
			host,
			port: published,
			fd: options.fd,
			...(this.#isSecure && {
				secure: {
					contextFor: name =>
						options.certificates.contextFor(
							this.#fronts.map(({route}) => route),
							name,
						),
					unnamed: () => options.certificates.unnamed(this.#fronts.map(({route}) => route)),
				},
			}),
			accept: client => this.#accept(client),
			changed: options.changed,
			lost: error => options.lost(published, error.message),
		});
	}

	/** One that begins with a handshake cannot become one that does not. */
	get isSecure(): boolean {
		return this.#isSecure;
	}

	get fronts(): readonly Front[] {
		return this.#fronts;
	}

	/** Services for which somebody waits. */
	get demanded(): Iterable<string> {
		return this.#held.keys();
	}

	replace(routes: readonly Route[]): void {
		const known = new Map(this.#fronts.map(front => [front.route.serviceId, front]));
		this.#fronts = routes.map(route => {
			const front = known.get(route.serviceId) ?? {route, pool: new TargetPool(), counts: newCounts(), http: undefined};
			front.route = route;
			front.pool.replace(route.targets);
			const rules = route.http;
			front.http = rules && {...httpService(route.serviceName, rules, front.pool), counts: front.counts, rules};
			return front;
		});
		for (const {route, pool} of this.#fronts) {
			if (pool.size > 0 || !route.holds) {
				this.#letGo(route.serviceId);
			}
		}
	}

	close(): void {
		this.listener.close();
		for (const {pool, route} of this.#fronts) {
			pool.replace([]);
			this.#letGo(route.serviceId);
		}
	}

	#accept(client: Socket): void {
		const [first] = this.#fronts;
		if (!first || !this.#options.admit(client, first)) {
			reset(client);
			return;
		}

		if (first.http) {
			this.#acceptHttp(client);
			return;
		}

		this.#options.counted(client, first);
		const {pool, route} = first;
		const lead = () =>
			relay(client, pool, error => this.#options.lost(this.#port, error.message), route.proxyProtocol ?? false);
		const held = this.#hold(first);
		if (held) {
			client.on('error', () => {});
			void held.then(lead);
		} else {
			lead();
		}
	}

	#acceptHttp(client: Socket): void {
		const counted = new Set<Front>();
		const front: HttpFront = {
			isSecure: this.#isSecure,
			isLeaving: this.#options.isLeaving,
			find: ({host, target}) => {
				const found = findRule(
					this.#fronts.flatMap(({http}) => http ?? []),
					host,
					target,
				);
				const owner = this.#fronts.find(({http}) => http === found);
				if (found && owner && !counted.has(owner)) {
					counted.add(owner);
					this.#options.counted(client, owner);
				}

				return found;
			},
			hold: service => {
				const owner = this.#fronts.find(({pool}) => pool === service.pool);
				return owner && this.#hold(owner);
			},
		};
		// It reads by itself from now on.
		void new HttpClient(client, front);
	}

	/** Undefined: there is no need, or no room. */
	#hold({route, pool}: Front): Promise<void> | undefined {
		const waiting = this.#held.get(route.serviceId) ?? new Set<() => void>();
		if (!route.holds || pool.size > 0 || waiting.size >= maxHeld) {
			return undefined;
		}

		const {promise, resolve} = Promise.withResolvers<void>();
		const timer = setTimeout(() => {
			waiting.delete(done);
			if (waiting.size === 0) this.#held.delete(route.serviceId);
			resolve();
		}, maxHoldMs);
		const done = () => {
			clearTimeout(timer);
			resolve();
		};

		waiting.add(done);
		this.#held.set(route.serviceId, waiting);
		this.#options.demanded(route.serviceId);
		return promise;
	}

	#letGo(serviceId: string): void {
		for (const done of this.#held.get(serviceId) ?? []) {
			done();
		}

		this.#held.delete(serviceId);
	}
}
