import type {RawEvent, RawNode} from '../api-types.ts';
import type {NodeAccess} from '../tasks/node-access.ts';

/** A stream each: those of more nodes are not listened to. */
const maxNodes = 100;
/** A node whose engine cannot be reached is tried again after this. */
const retryMs = 60_000;

/** Starts and ends of containers, and volumes that come and go, as each node's own engine tells them: the manager tells nothing of tasks. */
export class NodeEvents {
	readonly #access: NodeAccess;
	readonly #told: (part: 'tasks' | 'volumes') => void;
	readonly #streams = new Map<string, AbortController>();
	readonly #closedUntil = new Map<string, number>();

	/** `told`: something of a task, or of a volume there, has happened. */
	constructor(access: NodeAccess, told: (part: 'tasks' | 'volumes') => void) {
		this.#access = access;
		this.#told = told;
	}

	/** Listens to the nodes that are there now, and no longer to others. */
	follow(nodes: readonly RawNode[]): void {
		const ready = new Map(nodes.filter(({Status}) => Status.State === 'ready').map(node => [node.ID, node]));
		for (const [id, stop] of this.#streams) if (!ready.has(id)) stop.abort();
		for (const [id, node] of ready) {
			if (this.#streams.size >= maxNodes) break;
			if (!this.#streams.has(id) && (this.#closedUntil.get(id) ?? 0) < performance.now()) this.#start(node);
		}
	}

	end(): void {
		for (const stop of this.#streams.values()) stop.abort();
	}

	#start(node: RawNode): void {
		const stop = new AbortController();
		this.#streams.set(node.ID, stop);
		void this.#listen(node, stop.signal).finally(() => this.#streams.delete(node.ID));
	}

	/** Where there is no way the tasks are listed by the clock alone. */
	async #listen(node: RawNode, signal: AbortSignal): Promise<void> {
		try {
			const client = await this.#access.clientOf(node);
			if (signal.aborted) return;
			for await (const event of await client.events(Math.floor(Date.now() / 1000), signal)) {
				if (isOfTask(event)) this.#told('tasks');
				else if (event.Type === 'volume' && isOfLife(event)) this.#told('volumes');
			}
		} catch {
			// Closed below: it is tried again.
		}

		if (!signal.aborted) this.#closedUntil.set(node.ID, performance.now() + retryMs);
	}
}

/** A volume is also mounted and unmounted with every container that has it. */
export function isOfLife({Action}: RawEvent): boolean {
	return Action === 'create' || Action === 'destroy' || Action === 'prune';
}

/** What somebody runs in a container or looks at is none of its own. */
export function isOfTask({Type, Action, Actor}: RawEvent): boolean {
	return (
		Type === 'container' &&
		Actor?.Attributes?.['com.docker.swarm.task.id'] !== undefined &&
		!/^exec_|^top|^attach|^resize/.test(Action ?? '')
	);
}
