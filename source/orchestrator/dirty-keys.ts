import {isFinal} from '../core/instance-state.ts';
import type {Instance, Node} from '../core/model/index.ts';
import type {StoreChange, StoreReader} from './store/store.ts';

/** What has to be looked at again. Keys, not events: equal ones merge. */
export class DirtyKeys {
	readonly #services = new Set<string>();
	readonly #nodes = new Set<string>();
	/** Nodes whose agents may have to be told something. */
	readonly #dispatch = new Set<string>();
	#placement = false;
	#routes = false;
	#pools = false;

	get any(): boolean {
		return (
			this.#services.size + this.#nodes.size + this.#dispatch.size > 0 || this.#placement || this.#routes || this.#pools
		);
	}

	service(id: string): void {
		this.#services.add(id);
	}

	node(id: string): void {
		this.#nodes.add(id);
		this.#dispatch.add(id);
	}

	/** Nothing of the node changed, but its agent may now be told what was held back. */
	dispatchOnly(id: string): void {
		this.#dispatch.add(id);
	}

	/** Which nodes pools need: follows from all that wait and from what every node holds. */
	pools(): void {
		this.#pools = true;
	}

	everything(store: StoreReader): void {
		for (const {id} of store.all('service')) {
			this.service(id);
		}

		for (const {id} of store.all('node')) {
			this.node(id);
		}

		this.#placement = true;
		this.#routes = true;
		this.#pools = true;
	}

	/** What depends on the objects that changed. */
	changed(changes: readonly StoreChange[], store: StoreReader): void {
		for (const change of changes) {
			const {kind, object} = change;
			this.#pools ||= kind === 'pool' || kind === 'node';
			if (kind === 'instance') {
				if (change.type === 'put' && change.before !== undefined && isOnlySaid(change.before, object)) {
					continue;
				}

				this.service(object.serviceId);
				this.#routes = true;
				// A new one needs room, an ended one has left some.
				this.#placement ||= object.status.state === 'pending' || isFinal(object.status.state);
				if (object.nodeId !== undefined) {
					this.node(object.nodeId);
				}
			} else if (kind === 'config' || kind === 'secret') {
				// Agents are told of new versions where nothing else is to be done for them; certificates belong to routes.
				this.#routes = true;
				for (const {id} of store.all('node')) {
					this.dispatchOnly(id);
				}
			} else if (kind === 'service') {
				this.service(object.id);
				this.#routes = true;
				this.#placement = true;
			} else if (kind === 'node') {
				if (change.type === 'put' && change.before !== undefined && isOnlyCounted(change.before, object)) {
					this.node(object.id);
				} else {
					this.#nodeChanged(object.id, store);
				}
			}
		}
	}

	/** A node's state or availability decides on everything that is there or could be. */
	#nodeChanged(nodeId: string, store: StoreReader): void {
		this.node(nodeId);
		this.#placement = true;
		for (const {serviceId} of store.instancesOnNode(nodeId)) {
			this.service(serviceId);
		}

		for (const {id, spec} of store.all('service')) {
			if (spec.mode === 'global') {
				this.service(id);
			}
		}
	}

	/** Whether routes may have changed; they have not from then on. */
	takeRoutes(): boolean {
		const routes = this.#routes;
		this.#routes = false;
		return routes;
	}

	/** Empties it but for the routes, which depend on what is decided now; the answer is what was in it. */
	take() {
		const taken = {
			services: [...this.#services],
			nodes: [...this.#nodes],
			dispatch: [...this.#dispatch],
			placement: this.#placement,
			pools: this.#pools || this.#placement,
		};
		this.#services.clear();
		this.#nodes.clear();
		this.#dispatch.clear();
		this.#placement = false;
		this.#pools = false;
		return taken;
	}
}

/** Nothing but a pid, or the last answer of a health check that goes on as before: people read it, and nobody decides by it. */
function isOnlySaid(before: Instance, after: Instance): boolean {
	return (
		after.status.health === before.status.health &&
		after.status.health !== 'unhealthy' &&
		isAlike(before, after, ['status', 'revision', 'updatedAt']) &&
		isAlike(before.status, after.status, ['healthMessage', 'pid', 'endpoints']) &&
		JSON.stringify(before.status.endpoints) === JSON.stringify(after.status.endpoints)
	);
}

/** Nothing but what the node holds: that follows from its instances, whose own changes were seen to. */
function isOnlyCounted(before: Node, after: Node): boolean {
	return (
		isAlike(before, after, ['reserved', 'instances', 'revision', 'updatedAt', 'capacity', 'machine']) &&
		JSON.stringify([before.capacity, before.machine]) === JSON.stringify([after.capacity, after.machine])
	);
}

function isAlike<T extends object>(a: T, b: T, except: ReadonlyArray<keyof T>): boolean {
	const members = new Set([...Object.keys(a), ...Object.keys(b)] as Array<keyof T>);
	return [...members].every(member => except.includes(member) || a[member] === b[member]);
}
