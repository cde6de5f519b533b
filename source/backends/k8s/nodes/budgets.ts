import {type Budget, type Guarded, type Held, heldBack} from '../../../core/held.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {controllerOf} from '../translate/translate-meta.ts';
import {withQuery} from '../watch.ts';
import type {WireList, WireObject, WirePod} from '../wire/wire.ts';
import {ifThere} from '../write/writing.ts';

export type Selector = {
	readonly matchLabels?: Readonly<Record<string, string>>;
	readonly matchExpressions?: ReadonlyArray<{
		readonly key: string;
		readonly operator: string;
		readonly values?: readonly string[];
	}>;
};

export type WireBudget = WireObject & {
	readonly spec?: {readonly selector?: Selector | null; readonly unhealthyPodEvictionPolicy?: string};
	readonly status?: {
		readonly observedGeneration?: number;
		readonly disruptionsAllowed?: number;
		readonly currentHealthy?: number;
		readonly desiredHealthy?: number;
	};
};

export type DrainedPod = WireObject & {
	readonly spec?: {
		readonly volumes?: ReadonlyArray<{readonly name: string; readonly emptyDir?: {readonly medium?: string} | null}>;
	};
	readonly status?: Pick<NonNullable<WirePod['status']>, 'phase' | 'conditions'>;
};

/** What a drain of a node does not simply move: what budgets hold there, and what is lost when it goes. */
export async function heldOn(client: KubeClient, node: string): Promise<readonly Held[]> {
	const path = withQuery('/api/v1/pods', `fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`);
	const [pods, budgets] = await Promise.all([
		client.json<WireList<DrainedPod>>({path}),
		ifThere(client.json<WireList<WireBudget>>({path: '/apis/policy/v1/poddisruptionbudgets'})),
	]);
	return heldOf(pods.items ?? [], budgets?.items ?? []);
}

export function heldOf(pods: readonly DrainedPod[], budgets: readonly WireBudget[]): readonly Held[] {
	const going = pods.filter(({metadata, status}) => {
		const owner = controllerOf(metadata)?.kind;
		return owner !== 'DaemonSet' && owner !== 'Node' && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
	});
	return [...going.flatMap(lostWith), ...heldByBudgets(going, budgets)];
}

/** Of a pod that nobody makes anew, and of local data. */
function lostWith({metadata, spec}: DrainedPod): readonly Held[] {
	const data = (spec?.volumes ?? []).filter(({emptyDir}) => emptyDir && emptyDir.medium !== 'Memory');
	const what = [
		...(controllerOf(metadata) === undefined ? ['nothing makes it anew'] : []),
		...(data.length > 0 ? [`its local data is lost: ${data.map(({name}) => name).join(', ')}`] : []),
	];
	return what.length === 0
		? []
		: [{id: metadata.uid, name: metadata.name, why: stripControl(what.join('; ')), goes: true}];
}

/** As the eviction API decides: of what has not begun, or is going anyway, no budget is asked. */
function heldByBudgets(pods: readonly DrainedPod[], budgets: readonly WireBudget[]): readonly Held[] {
	const guarded = pods.filter(
		({metadata, status}) => status?.phase !== 'Pending' && metadata.deletionTimestamp === undefined,
	);
	return heldBack(
		guarded.map(
			({metadata: {uid, name}, status}): Guarded => ({
				id: uid,
				name,
				isHealthy: status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false,
			}),
		),
		budgets.map(budget => budgetOf(budget, guarded)),
	);
}

function budgetOf({metadata, spec, status = {}}: WireBudget, pods: readonly DrainedPod[]): Budget {
	const meant = pods.filter(
		pod => pod.metadata.namespace === metadata.namespace && isMeant(spec?.selector, pod.metadata.labels ?? {}),
	);
	return {
		name: stripControl(metadata.name),
		allowed: status.disruptionsAllowed ?? 0,
		healthy: status.currentHealthy ?? 0,
		wanted: status.desiredHealthy ?? 0,
		isUncounted: (status.observedGeneration ?? 0) < (metadata.generation ?? 0),
		sparesUnhealthy: spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow',
		covers: new Set(meant.map(pod => pod.metadata.uid)),
	};
}

/** An empty selector means all, none at all means nothing. */
export function isMeant(selector: Selector | null | undefined, labels: Readonly<Record<string, string>>): boolean {
	if (!selector) return false;
	const {matchLabels = {}, matchExpressions = []} = selector;
	return (
		Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
		matchExpressions.every(({key, operator, values = []}) => {
			const value = labels[key];
			const isOneOf = value !== undefined && values.includes(value);
			return (
				{In: isOneOf, NotIn: !isOneOf, Exists: value !== undefined, DoesNotExist: value === undefined}[operator] ??
				false
			);
		})
	);
}
