import type {Held} from '../../../core/held.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {controllerOf} from '../translate/translate-meta.ts';
import {withQuery} from '../watch.ts';
import type {WireList, WireObject} from '../wire/wire.ts';
import {ifThere} from '../write/writing.ts';
import {podsOn} from './drain.ts';

type Selector = {
	readonly matchLabels?: Readonly<Record<string, string>>;
	readonly matchExpressions?: ReadonlyArray<{
		readonly key: string;
		readonly operator: string;
		readonly values?: readonly string[];
	}>;
};

type WireBudget = WireObject & {
	readonly spec?: {readonly selector?: Selector};
	readonly status?: {
		readonly disruptionsAllowed?: number;
		readonly currentHealthy?: number;
		readonly desiredHealthy?: number;
	};
};

/** Of more budgets than these nobody reads the rows. */
const mostBudgets = 50;
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** What a drain of a node does not simply move: what budgets hold there, and what is lost when it goes. */
export async function heldOn(client: KubeClient, node: string): Promise<readonly Held[]> {
	const [held, lost] = await Promise.all([heldByBudgets(client, node), lostWith(client, node)]);
	return [...lost, ...held];
}

type WirePodParts = WireObject & {
	readonly spec?: {
		readonly volumes?: ReadonlyArray<{readonly name: string; readonly emptyDir?: {readonly medium?: string} | null}>;
	};
	readonly status?: {readonly phase?: string};
};

/** Pods that nobody makes anew, and local data. */
async function lostWith(client: KubeClient, node: string): Promise<readonly Held[]> {
	const path = withQuery('/api/v1/pods', `fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`);
	const {items} = await client.json<WireList<WirePodParts>>({path});
	return (items ?? []).flatMap(({metadata, spec, status}) => {
		const owner = controllerOf(metadata);
		const isLeft = owner?.kind === 'DaemonSet' || owner?.kind === 'Node';
		if (isLeft || status?.phase === 'Succeeded' || status?.phase === 'Failed') return [];
		const data = (spec?.volumes ?? []).filter(({emptyDir}) => emptyDir && emptyDir.medium !== 'Memory');
		const what = [
			...(owner === undefined ? ['nothing makes it anew'] : []),
			...(data.length > 0 ? [`its local data is lost: ${data.map(({name}) => name).join(', ')}`] : []),
		];
		return what.length === 0
			? []
			: [{id: metadata.uid, name: metadata.name, why: stripControl(what.join('; ')), goes: true}];
	});
}

/** The pods of a node that no budget lets go now, each with its budget. What may go one after the other is not held. */
async function heldByBudgets(client: KubeClient, node: string): Promise<readonly Held[]> {
	const budgets = await ifThere(client.json<WireList<WireBudget>>({path: '/apis/policy/v1/poddisruptionbudgets'}));
	const closed = (budgets?.items ?? []).filter(({status}) => status?.disruptionsAllowed === 0).slice(0, mostBudgets);
	if (closed.length === 0) return [];
	const [pods, meant] = await Promise.all([
		podsOn(client, node),
		Promise.all(closed.map(async budget => podsOf(client, node, budget))),
	]);
	return pods.flatMap(({base: {id, name, status}}) => {
		const budget = closed.find((_, index) => meant[index]?.has(id));
		return budget === undefined || status.state !== 'running' ? [] : [{id, name, why: whyOf(budget)}];
	});
}

function whyOf({metadata, status = {}}: WireBudget): string {
	const {currentHealthy = 0, desiredHealthy = 0} = status;
	return `disruption budget ${stripControl(metadata.name)}: ${currentHealthy} healthy, ${desiredHealthy} must be`;
}

/** The server itself says which a selector means. */
async function podsOf(client: KubeClient, node: string, {metadata, spec}: WireBudget): Promise<ReadonlySet<string>> {
	const namespace = encodeURIComponent(metadata.namespace ?? '');
	const selector = selectorText(spec?.selector ?? {});
	const query = `fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}&labelSelector=${encodeURIComponent(selector)}`;
	const path = withQuery(`/api/v1/namespaces/${namespace}/pods`, query);
	const {items} = await client.json<WireList<WireObject>>({path, accept: metadataOnly});
	return new Set((items ?? []).map(pod => pod.metadata.uid));
}

/** As a query takes it: `app=web,tier in (a,b),!old`. */
export function selectorText({matchLabels = {}, matchExpressions = []}: Selector): string {
	const expressions = matchExpressions.map(({key, operator, values = []}) => {
		const list = `(${values.join(',')})`;
		return (
			{In: `${key} in ${list}`, NotIn: `${key} notin ${list}`, Exists: key, DoesNotExist: `!${key}`}[operator] ?? key
		);
	});
	return [...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`), ...expressions].join(',');
}
