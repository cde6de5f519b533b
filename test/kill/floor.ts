import type {Backend, Change} from '../../source/core/backend.ts';
import {brokenDrain} from '../../source/core/invariants/drain.ts';
import {brokenFloor} from '../../source/core/invariants/floor.ts';
import type {Instance, Node, Service} from '../../source/core/model/index.ts';

type Seen = {readonly instance: Instance; readonly service: Service; readonly node: Node};
type SeenKind = keyof Seen;
type Known = {readonly [K in SeenKind]: Map<string, Seen[K]>};

/** A change that a watch told, and of what kind. */
export type Told = {readonly kind: SeenKind; readonly change: Change<SeenKind>};

const kinds = ['instance', 'service', 'node'] as const;
const retryMs = 50;

/** Where a watch began and how far it came; outside of that, changes of one kind may lack those of another. */
export type Span = {readonly from: number; readonly to: number};

/**
 * What a client that watches has seen of services that fell below their floor: a healthy instance that was stopped for an
 * update, or drained, before the policy lets it be.
 */
export function judgeFloors(known: Known, told: readonly Told[], {from, to}: Span): string[] {
	const moments = Map.groupBy(told, ({change}) => revisionOf(change));
	return [...moments]
		.toSorted(([a], [b]) => a - b)
		.filter(([revision]) => revision <= to)
		.flatMap(([revision, changes]) => {
			const problems = judgeMoment(known, changes);
			return revision > from ? problems : [];
		});
}

function judgeMoment(known: Known, changes: readonly Told[]): string[] {
	const stops: Array<{before: Instance; after: Instance}> = [];
	for (const {kind, change} of changes) {
		if (change.type === 'put') {
			const {object} = change;
			const before = known.instance.get(object.id);
			if (object.kind === 'instance' && before?.desired === 'running' && object.desired === 'stopped') {
				stops.push({before, after: object});
			}

			(known[kind] as Map<string, typeof object>).set(object.id, object);
		} else if (change.type === 'remove') {
			known[kind].delete(change.id);
		}
	}

	const nodeOf = (id: string) => known.node.get(id);
	return stops.flatMap(({before, after}) => {
		const service = known.service.get(after.serviceId);
		const others = [...known.instance.values()].filter(({serviceId}) => serviceId === after.serviceId);
		return [
			...brokenDrain(before, after, service, nodeOf(after.nodeId ?? ''), others),
			...brokenFloor(before, after, service, others, nodeOf),
		];
	});
}

/** Of the commit that it was part of: a stream says so only for the last of them. */
function revisionOf(change: Change<SeenKind>): number {
	return change.type === 'usage' ? 0 : Number(change.type === 'put' ? change.object.revision : change.revision);
}

/** Watches an engine while its daemon comes and goes; what happens between two daemons is not seen. */
export class FloorWatch {
	readonly #open: () => Promise<Backend>;
	readonly #over = new AbortController();
	readonly #done: Promise<void>;
	readonly #problems: string[] = [];

	constructor(open: () => Promise<Backend>) {
		this.#open = open;
		this.#done = this.#follow();
	}

	async end(): Promise<readonly string[]> {
		this.#over.abort();
		await this.#done;
		return this.#problems;
	}

	async #follow(): Promise<void> {
		while (!this.#over.signal.aborted) {
			try {
				await this.#followOne();
			} catch {
				// There is no daemon just now.
			}

			await new Promise(resolve => setTimeout(resolve, retryMs));
		}
	}

	/** As long as this daemon lives. */
	async #followOne(): Promise<void> {
		const client = await this.#open();
		const ended = new AbortController();
		const signal = AbortSignal.any([ended.signal, this.#over.signal]);
		try {
			const lists = await Promise.all(
				kinds.map(async kind => ({kind, ...(await client.list({kind, history: true}, signal))})),
			);
			const known = Object.fromEntries(
				lists.map(({kind, items}) => [kind, new Map(items.map(item => [item.id, item]))]),
			) as unknown as Known;
			const told: Told[] = [];
			const reached = new Map<SeenKind, number>();
			const watches = lists.map(async ({kind, revision}) => {
				for await (const change of client.watch({kind, history: true}, revision, signal)) {
					if (change.type !== 'usage') {
						told.push({kind, change});
						reached.set(kind, Number(change.revision));
					}
				}
			});
			await Promise.race(watches.map(watch => watch.catch(() => {})));
			ended.abort();
			await Promise.allSettled(watches);
			const from = Math.max(...lists.map(({revision}) => Number(revision)));
			const to = Math.min(...kinds.map(kind => reached.get(kind) ?? 0));
			this.#problems.push(...judgeFloors(known, told, {from, to}));
		} finally {
			client.close();
		}
	}
}
