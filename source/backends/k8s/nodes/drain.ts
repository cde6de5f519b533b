import type {Clock} from '../../../core/clock.ts';
import {toClusterError} from '../../../core/error.ts';
import {isFinal} from '../../../core/instance-state.ts';
import type {KubeClient} from '../client.ts';
import {isMovable} from '../reading/feeds.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, listResource, objectPath} from '../reading/resources.ts';
import {nodeSpecOf} from '../translate/translate-node.ts';
import type {KeptPod} from '../translate/translate-pod.ts';
import {withQuery} from '../watch.ts';
import type {WireNode} from '../wire/wire.ts';
import {nodePath} from '../write/write-node.ts';

export type Drains = {
	/** Goes on until the node is empty, the drain is taken back, or this program ends. Comes back after the first round. */
	start(node: string): Promise<void>;
	stop(node: string): void;
	/** Why one does not go on, by node. */
	readonly blockers: ReadonlyMap<string, string>;
	/** Told the node whose drain is held up by something else, or not any more; the answer ends it. */
	onBlocker(listener: (node: string) => void): () => void;
	close(): void;
};

const againMs = 1000;

/**
 * Empties nodes through the eviction API, which keeps to the disruption budgets: what a budget holds back is asked for again
 * and again. Kubernetes has no controller for that, so whoever drains stays until it is done.
 */
export function createDrains(client: KubeClient, clock: Clock): Drains {
	const blockers = new Map<string, string>();
	const running = new Map<string, () => void>();
	const listeners = new Set<(node: string) => void>();

	async function round(node: string): Promise<'go on' | 'done'> {
		const wire = await client.json<WireNode>({path: nodePath(node)});
		const {availability, drainDeadlineAt} = nodeSpecOf(wire);
		if (availability !== 'drained') return 'done';
		const isOver = drainDeadlineAt !== undefined && clock.now() >= drainDeadlineAt;
		const pods = await podsOn(client, node);
		const left = pods.filter(({base}) => base.desired === 'running');
		const refusals = await Promise.all(left.map(pod => (isOver ? deletePod(client, pod) : evict(client, pod))));
		const held = refusals.flatMap((why, index) => (why ? [`${left[index]?.base.name} stays: ${why}`] : []));
		note(node, held.length === 0 ? undefined : held[0] + (held.length > 1 ? ` (and ${held.length - 1} more)` : ''));
		return pods.length === 0 ? 'done' : 'go on';
	}

	function note(node: string, blocker: string | undefined): void {
		if (blockers.get(node) === blocker) return;
		if (blocker === undefined) blockers.delete(node);
		else blockers.set(node, blocker);
		for (const tell of [...listeners]) tell(node);
	}

	function stop(node: string): void {
		running.get(node)?.();
		running.delete(node);
		note(node, undefined);
	}

	/** The next round, once this one's time has come; a server that is away is asked again. */
	function later(node: string): void {
		running.set(
			node,
			clock.after(againMs, () => {
				round(node).then(
					next => {
						if (!running.has(node)) return;
						if (next === 'done') stop(node);
						else later(node);
					},
					thrown => {
						if (!running.has(node)) return;
						note(node, toClusterError(thrown).message);
						later(node);
					},
				);
			}),
		);
	}

	return {
		blockers,
		async start(node) {
			stop(node);
			if ((await round(node)) === 'go on') later(node);
		},
		stop,
		onBlocker(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close() {
			for (const cancel of running.values()) cancel();
			running.clear();
		},
	};
}

/** What a drain has to move from a node. */
export async function podsOn(client: KubeClient, node: string): Promise<KeptPod[]> {
	return (await podsOnNode(client, node)).filter(isMovable);
}

/** Those of its pods that have not ended. */
export async function podsOnNode(client: KubeClient, node: string): Promise<KeptPod[]> {
	const resource = partResources.pods;
	const path = withQuery(
		collectionPath(resource as never, undefined),
		`fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`,
	);
	const {items} = await listResource(client, resource, path, {signal: undefined});
	return [...items.values()].filter(({base}) => !isFinal(base.status.state));
}

function podPath({base}: KeptPod): string {
	return objectPath(partResources.pods as never, base.scope, base.name);
}

/** Why it was refused; undefined: it goes. */
export async function evict(client: KubeClient, pod: KeptPod): Promise<string | undefined> {
	const {name, scope, id} = pod.base;
	const eviction = {
		apiVersion: 'policy/v1',
		kind: 'Eviction',
		metadata: {name, namespace: scope},
		deleteOptions: {preconditions: {uid: id}},
	};
	const body = {type: 'application/json', text: JSON.stringify(eviction)};
	try {
		await client.text({method: 'POST', path: `${podPath(pod)}/eviction`, body});
		return undefined;
	} catch (thrown) {
		const error = toClusterError(thrown);
		return error.code === 'not-found' || error.code === 'conflict'
			? undefined
			: error.message.replace(/^the cluster asks to wait: /, '');
	}
}

async function deletePod(client: KubeClient, pod: KeptPod): Promise<string | undefined> {
	try {
		await client.text({method: 'DELETE', path: podPath(pod)});
		return undefined;
	} catch (thrown) {
		const error = toClusterError(thrown);
		return error.code === 'not-found' ? undefined : error.message;
	}
}
