import type {ClusterEvent} from '../../../core/model/index.ts';
import type {RawEvent} from '../api-types.ts';
import type {RawWorld, Unversioned} from '../translate.ts';
import {taskEvent, toEvent} from './events.ts';

const maxEvents = 1000;

/** What happened, as far as it is remembered: the engine keeps a few hundred, and of tasks nothing. */
export class EventKeeper {
	readonly #events = new Map<string, Unversioned<ClusterEvent>>();

	get all(): ReadonlyArray<Unversioned<ClusterEvent>> {
		return [...this.#events.values()];
	}

	note(raw: RawEvent): void {
		const event = toEvent(raw);
		if (event !== undefined) this.#remember(event);
	}

	noteTasks({services, tasks, nodes}: RawWorld, serviceNames: ReadonlyMap<string, string>): void {
		const serviceOf = new Map(services.map(service => [service.ID, service]));
		const nodeOf = new Map(nodes.map(node => [node.ID, node]));
		for (const task of tasks) {
			const {ServiceID = '', NodeID = ''} = task;
			const event = taskEvent(task, {
				service: serviceOf.get(ServiceID),
				serviceName: serviceNames.get(ServiceID),
				node: nodeOf.get(NodeID),
				restarts: 0,
			});
			if (event !== undefined && !this.#events.has(event.id)) this.#remember(event);
		}
	}

	#remember(event: Unversioned<ClusterEvent>): void {
		this.#events.set(event.id, event);
		if (this.#events.size > maxEvents) {
			const inOrder = [...this.#events.values()].toSorted((a, b) => a.createdAt - b.createdAt);
			for (const {id} of inOrder.slice(0, maxEvents / 5)) this.#events.delete(id);
		}
	}
}
