import type {PermissionFacet} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {stripControl} from '../../core/text/text.ts';
import type {KubeClient} from './client.ts';
import type {WorkloadType} from './translate/translate-workload.ts';

type Access = {
	readonly verb: string;
	readonly group?: string;
	readonly resource: string;
	readonly subresource?: string;
	readonly namespaced?: boolean;
};

const groups: Readonly<Record<WorkloadType, string>> = {
	...{deployment: 'apps', statefulset: 'apps', daemonset: 'apps', replicaset: 'apps'},
	...{job: 'batch', cronjob: 'batch'},
};

const pods = (verb: string, subresource?: string): Access => ({
	verb,
	resource: 'pods',
	...(subresource === undefined ? {} : {subresource}),
});
const nodes: Access = {verb: 'patch', resource: 'nodes', namespaced: false};
const stored = (resource: string) => ({
	create: {verb: 'create', resource},
	edit: {verb: 'update', resource},
	rotate: {verb: 'update', resource},
	rm: {verb: 'delete', resource},
});

/** What each action needs, by its id; of services, by what the service is. What is not here is asked by doing it. */
const needs: Readonly<Record<string, Access>> = {
	'instance.exec': pods('create', 'exec'),
	'instance.kill': pods('create', 'exec'),
	'instance.cp': pods('create', 'exec'),
	'instance.attach': pods('create', 'attach'),
	'instance.port-forward': pods('create', 'portforward'),
	'instance.logs': pods('get', 'log'),
	'instance.debug': pods('patch', 'ephemeralcontainers'),
	'instance.evict': pods('create', 'eviction'),
	'instance.rm': pods('delete'),
	'node.cordon': nodes,
	'node.uncordon': nodes,
	'node.drain': nodes,
	'node.label': nodes,
	'node.taint': nodes,
	'node.rm': {verb: 'delete', resource: 'nodes', namespaced: false},
	...Object.fromEntries(
		Object.entries({config: 'configmaps', secret: 'secrets', volume: 'persistentvolumeclaims'}).flatMap(
			([kind, resource]) => Object.entries(stored(resource)).map(([verb, access]) => [`${kind}.${verb}`, access]),
		),
	),
};

const serviceVerbs: Readonly<Record<string, string>> = {
	'service.create': 'create',
	'service.scale': 'patch',
	'service.update': 'patch',
	'service.restart': 'patch',
	'service.rollback': 'patch',
	'service.patch': 'patch',
	'rollout.pause': 'patch',
	'rollout.resume': 'patch',
	'service.rm': 'delete',
};

const resourceVerbs: Readonly<Record<string, string>> = {
	'resource.edit': 'patch',
	'resource.label': 'patch',
	'resource.rm': 'delete',
};

/** An answer may change: it is asked for again after this time. */
const keptMs = 5 * 60_000;
/** Of an answer that did not come. */
const againMs = 15_000;
/** Each is of one verb, one kind and one namespace; there cannot be many, but what comes from a cluster is bounded. */
const mostKept = 2000;
const mostAtOnce = 4;

type Kept = {refusal: string | undefined; until: number; isAsked: boolean};

export type PermissionOptions = {
	readonly namespace: string;
	readonly clock: Clock;
	/** What a service is in Kubernetes; undefined: nobody knows. */
	typeOf(serviceId: string): WorkloadType | undefined;
};

/**
 * Whether the user may do what the keys on the screen do: asked of the server (SelfSubjectAccessReview) the first time that
 * somebody wants to know, a few at a time, and kept for a while. Until it has answered, nothing is refused.
 */
export function createPermissions(
	client: KubeClient,
	{namespace, clock, typeOf}: PermissionOptions,
): PermissionFacet & {readonly asked: () => number} {
	const kept = new Map<string, Kept>();
	const waiting: Array<() => Promise<void>> = [];
	const listeners = new Set<() => void>();
	let running = 0;
	let asked = 0;

	function pump(): void {
		while (running < mostAtOnce) {
			const next = waiting.shift();
			if (next === undefined) return;
			running++;
			void next().finally(() => {
				running--;
				pump();
			});
		}
	}

	async function ask(access: Access, scope: string | undefined, entry: Kept): Promise<void> {
		const {verb, group = '', resource, subresource = ''} = access;
		const attributes = {verb, group, resource, ...(subresource && {subresource}), ...(scope && {namespace: scope})};
		asked++;
		try {
			const {status} = await client.json<{status?: {allowed?: boolean; reason?: string}}>({
				method: 'POST',
				path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
				body: {
					type: 'application/json',
					text: JSON.stringify({
						apiVersion: 'authorization.k8s.io/v1',
						kind: 'SelfSubjectAccessReview',
						spec: {resourceAttributes: attributes},
					}),
				},
			});
			const before = entry.refusal;
			const where = scope === undefined ? '' : ` in ${stripControl(scope)}`;
			const what = `${verb} ${resource}${subresource && `/${subresource}`}`;
			const why = status?.reason ? `: ${stripControl(status.reason)}` : '';
			entry.refusal = status?.allowed === false ? `You may not ${what}${where}${why}.` : undefined;
			entry.until = clock.monotonicMs() + keptMs;
			if (entry.refusal !== before) for (const listener of listeners) listener();
		} catch {
			// Who cannot be asked is asked by doing it.
			entry.until = clock.monotonicMs() + againMs;
		} finally {
			entry.isAsked = false;
		}
	}

	return {
		refusal(action, target) {
			const access =
				resourceAccess(action, target) ?? accessOf(action, target?.id === undefined ? undefined : typeOf(target.id));
			if (access === undefined) return undefined;
			const scope = access.namespaced === false ? undefined : (target?.scope ?? namespace);
			const key = [access.verb, access.group, access.resource, access.subresource, scope].join('/');
			let entry = kept.get(key);
			if (entry === undefined) {
				if (kept.size >= mostKept) kept.clear();
				entry = {refusal: undefined, until: 0, isAsked: false};
				kept.set(key, entry);
			}

			if (!entry.isAsked && entry.until <= clock.monotonicMs()) {
				entry.isAsked = true;
				const found = entry;
				waiting.push(() => ask(access, scope, found));
				pump();
			}

			return entry.refusal;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		asked: () => asked,
	};
}

/** Of any kind, by its word: `ingresses.networking.k8s.io`. */
function resourceAccess(action: string, target: Parameters<PermissionFacet['refusal']>[1]): Access | undefined {
	const verb = resourceVerbs[action];
	if (verb === undefined || target?.type === undefined) return undefined;
	const [resource = '', ...group] = target.type.split('.');
	return {verb, group: group.join('.'), resource, namespaced: target.scope !== undefined};
}

function accessOf(action: string, type: WorkloadType | undefined): Access | undefined {
	const verb = serviceVerbs[action];
	if (verb === undefined) return needs[action];
	if (action === 'service.create') return {verb, group: 'apps', resource: 'deployments'};
	if (type === undefined) return undefined;
	const isScaled = action === 'service.scale' && groups[type] === 'apps';
	return {verb, group: groups[type], resource: `${type}s`, ...(isScaled && {subresource: 'scale'})};
}
