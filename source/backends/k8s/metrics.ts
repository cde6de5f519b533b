import type {Clock} from '../../core/clock.ts';
import {toClusterError} from '../../core/error.ts';
import type {Usage} from '../../core/model/index.ts';
import type {KubeClient} from './client.ts';
import type {PartItems} from './parts.ts';
import {parseQuantity} from './quantity.ts';

type WireUsage = {readonly cpu?: string; readonly memory?: string};
type WirePodMetrics = {
	readonly metadata: {readonly name: string; readonly namespace?: string};
	readonly timestamp?: string;
	readonly containers?: ReadonlyArray<{readonly usage?: WireUsage}>;
	readonly usage?: WireUsage;
};

export type Metrics = {
	read(kind: 'instance' | 'node', items: PartItems): Promise<Record<string, Usage> | undefined>;
	every(measure: () => void): () => void;
};

/** Kubelets measure each 10 to 15 s. */
const everyMs = 10_000;
const api = '/apis/metrics.k8s.io/v1beta1';

/** Figures of metrics.k8s.io; where nobody serves it there are none. */
export function createMetrics(client: KubeClient, scope: string | undefined, clock: Clock): Metrics {
	let isAbsentUntilMs = 0;

	return {
		async read(kind, items) {
			if (clock.monotonicMs() < isAbsentUntilMs) return undefined;
			const pods = scope === undefined ? '/pods' : `/namespaces/${encodeURIComponent(scope)}/pods`;
			try {
				const path = api + (kind === 'node' ? '/nodes' : pods);
				const {items: measured} = await client.json<{readonly items: readonly WirePodMetrics[]}>({path});
				return kind === 'node' ? byName(measured) : byUid(measured, items);
			} catch (thrown) {
				// Asked again in a while: it may be put in.
				const {code} = toClusterError(thrown);
				if (code === 'not-found' || code === 'not-allowed') isAbsentUntilMs = clock.monotonicMs() + 60_000;
				return undefined;
			}
		},
		every(measure) {
			let cancel = () => {};
			const again = () => {
				measure();
				cancel = clock.after(everyMs, again);
			};
			again();
			return () => cancel();
		},
	};
}

function byName(measured: readonly WirePodMetrics[]): Record<string, Usage> {
	return Object.fromEntries(measured.map(one => [one.metadata.name, usageOf(one, [one.usage])]));
}

function byUid(measured: readonly WirePodMetrics[], {pods}: PartItems): Record<string, Usage> {
	const ids = new Map([...pods].map(([id, {base}]) => [`${base.scope}/${base.name}`, id]));
	return Object.fromEntries(
		measured.flatMap(one => {
			const id = ids.get(`${one.metadata.namespace}/${one.metadata.name}`);
			const parts = (one.containers ?? []).map(({usage}) => usage);
			return id === undefined ? [] : [[id, usageOf(one, parts)]];
		}),
	);
}

function usageOf({timestamp}: WirePodMetrics, parts: ReadonlyArray<WireUsage | undefined>): Usage {
	const sum = (name: 'cpu' | 'memory') => {
		const figures = parts.flatMap(part => parseQuantity(part?.[name]) ?? []);
		return figures.length === 0 ? undefined : figures.reduce((total, figure) => total + figure, 0);
	};
	const [cpus, memoryBytes] = [sum('cpu'), sum('memory')];
	return {
		...(cpus === undefined ? {} : {cpus}),
		...(memoryBytes === undefined ? {} : {memoryBytes}),
		at: Date.parse(timestamp ?? '') || 0,
	};
}
