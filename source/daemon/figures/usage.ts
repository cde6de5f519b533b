import type {InstanceTraffic} from '../../backends/local/protocol.ts';
import type {Usage} from '../../core/model/index.ts';

type Figures = Readonly<Record<string, Usage>>;

/** Not told again within this time, a figure is of a node that is gone. */
const keptMs = 60_000;

/** The newest figures by the id of instance or node; never stored. */
export class UsageBoard {
	readonly #figures = new Map<string, Usage>();
	/** What the gateway counts, by instance. */
	#traffic: Readonly<Record<string, Partial<Usage>>> = {};
	readonly #idsOfNode = new Map<string, readonly string[]>();
	readonly #listeners = new Set<(figures: Figures) => void>();

	/**
	 * `figures` are all of the node's instances, so what it told of before and not now has ended; the node's own are their
	 * sum, where the agent gives none.
	 */
	record(nodeId: string, figures: Figures, now: number): void {
		const all = {[nodeId]: sum(Object.values(figures), now), ...figures};
		this.#forget(nodeId);
		this.#idsOfNode.set(nodeId, Object.keys(all));
		for (const [id, usage] of Object.entries(all)) {
			this.#figures.set(id, usage);
		}

		for (const id of [...this.#idsOfNode.keys()]) {
			if (now - (this.#figures.get(id)?.at ?? 0) > keptMs) {
				this.#forget(id);
			}
		}

		this.#tell(Object.keys(all));
	}

	/** Of all instances that have any: who is not told of has none. */
	recordTraffic(traffic: Readonly<Record<string, InstanceTraffic>>): void {
		const before = Object.keys(this.#traffic);
		this.#traffic = Object.fromEntries(
			Object.entries(traffic).map(([id, {requests: _, errors: __, ...figures}]) => [id, figures]),
		);
		this.#tell(new Set([...before, ...Object.keys(traffic)]));
	}

	get(id: string): Usage | undefined {
		const figures = this.#figures.get(id);
		return figures && {...figures, ...this.#traffic[id]};
	}

	/** Who is not heard of by its agent yet has no figures at all. */
	#tell(ids: Iterable<string>): void {
		const figures = [...ids].flatMap(id => {
			const usage = this.get(id);
			return usage ? [[id, usage] as const] : [];
		});
		if (figures.length > 0) {
			for (const listener of this.#listeners) {
				listener(Object.fromEntries(figures));
			}
		}
	}

	/** Called with each new set of figures; the answer ends it. */
	subscribe(listener: (figures: Figures) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#forget(nodeId: string): void {
		for (const id of this.#idsOfNode.get(nodeId) ?? []) {
			this.#figures.delete(id);
		}

		this.#idsOfNode.delete(nodeId);
	}
}

function sum(figures: readonly Usage[], at: number): Usage {
	const total = (values: ReadonlyArray<number | undefined>) => {
		const known = values.filter(value => value !== undefined);
		return known.length === 0 && values.length > 0 ? undefined : known.reduce((all, value) => all + value, 0);
	};

	const cpus = total(figures.map(usage => usage.cpus));
	const memoryBytes = total(figures.map(usage => usage.memoryBytes));
	return {...(cpus === undefined ? {} : {cpus}), ...(memoryBytes === undefined ? {} : {memoryBytes}), at};
}
