import type {Clock} from '../../../core/clock.ts';
import {toClusterError} from '../../../core/error.ts';
import type {Usage} from '../../../core/model/index.ts';
import type {KubeClient} from '../client.ts';
import {JsonList, type JsonSchema} from '../wire/json-list.ts';
import {parseQuantity} from '../wire/quantity.ts';
import type {PartItems} from './parts.ts';
import {Slices} from './slices.ts';

const usageSchema: JsonSchema = {cpu: 'text', memory: 'text'};
const metricsSchema: JsonSchema = {
	metadata: {name: 'text', namespace: 'text'},
	timestamp: 'text',
	containers: [{usage: usageSchema}],
	usage: usageSchema,
};

type WireUsage = {readonly cpu?: string; readonly memory?: string};
type WireMetrics = {
	readonly metadata?: {readonly name?: string; readonly namespace?: string};
	readonly timestamp?: string;
	/** Of a pod; a node has its own. */
	readonly containers?: ReadonlyArray<{readonly usage?: WireUsage}>;
	readonly usage?: WireUsage;
};

/** Figures by id. */
export type Figures = Readonly<Record<string, Usage>>;

export type Metrics = {
	/** Tells them in parts as they come, so that whatever else waits (keys) has its turn between; none where nobody measures. */
	read(kind: 'instance' | 'node', items: PartItems, told: (figures: Figures) => void): Promise<void>;
	/** Measures again and again; each says how many figures it has found. The answer ends it. */
	every(measure: () => Promise<number>): () => void;
};

const leastMs = 15_000;
const moreMsEach = 4;
const firstMs = 300;
const figuresAtOnce = 5000;
/**
 * Milliseconds from one look at so many figures to the next. Few are looked at as often as metrics-server measures if nobody says
 * otherwise; many less often, since each time all are told anew.
 */
export function measuredEveryMs(count: number): number {
	return leastMs + moreMsEach * count;
}

const api = '/apis/metrics.k8s.io/v1beta1';

/** Figures of metrics.k8s.io; where nobody serves it there are none. */
export function createMetrics(client: KubeClient, scope: string | undefined, clock: Clock): Metrics {
	let isAbsentUntilMs = 0;

	async function readAll(
		path: string,
		idOf: (one: WireMetrics) => string | undefined,
		told: (figures: Figures) => void,
	): Promise<void> {
		let figures: Record<string, Usage> = {};
		let count = 0;
		const items = new JsonList(metricsSchema);
		const slices = new Slices();
		for await (const chunk of await client.open({path})) {
			for (const one of items.feed(chunk) as WireMetrics[]) {
				const id = idOf(one);
				if (id === undefined) continue;
				figures[id] = usageOf(one);
				count++;
			}

			if (count >= figuresAtOnce) {
				told(figures);
				figures = {};
				count = 0;
			}

			if (slices.isOver) await slices.rest();
		}

		if (count > 0) told(figures);
	}

	return {
		async read(kind, items, told) {
			if (clock.monotonicMs() < isAbsentUntilMs) return;
			const pods = scope === undefined ? '/pods' : `/namespaces/${encodeURIComponent(scope)}/pods`;
			try {
				if (kind === 'node') await readAll(`${api}/nodes`, ({metadata}) => metadata?.name, told);
				else await readAll(api + pods, podIds(items), told);
			} catch (thrown) {
				// Asked again in a while: it may be put in.
				const {code} = toClusterError(thrown);
				if (code === 'not-found' || code === 'not-allowed') isAbsentUntilMs = clock.monotonicMs() + 60_000;
			}
		},
		every(measure) {
			let isOver = false;
			const again = async () => {
				const count = await measure();
				if (!isOver) cancel = clock.after(measuredEveryMs(count), () => void again());
			};
			// What is measured of many is read after what they are is on the screen.
			let cancel = clock.after(firstMs, () => void again());
			return () => {
				isOver = true;
				cancel();
			};
		},
	};
}

function podIds({pods}: PartItems): (one: WireMetrics) => string | undefined {
	const byScope = new Map<string, Map<string, string>>();
	for (const [id, {base}] of pods) {
		const {scope = ''} = base;
		const byName = byScope.get(scope) ?? new Map<string, string>();
		byScope.set(scope, byName.set(base.name, id));
	}

	return ({metadata: {name = '', namespace = ''} = {}}) => byScope.get(namespace)?.get(name);
}

function usageOf({timestamp, containers, usage}: WireMetrics): Usage {
	const sum: {-readonly [F in keyof Usage]?: Usage[F]} = {};
	for (const part of containers?.map(one => one.usage) ?? [usage]) {
		const cpus = parseQuantity(part?.cpu);
		const memoryBytes = parseQuantity(part?.memory);
		if (cpus !== undefined) sum.cpus = (sum.cpus ?? 0) + cpus;
		if (memoryBytes !== undefined) sum.memoryBytes = (sum.memoryBytes ?? 0) + memoryBytes;
	}

	sum.at = Date.parse(timestamp ?? '') || 0;
	return sum as Usage;
}
