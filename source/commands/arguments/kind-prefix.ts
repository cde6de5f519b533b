import type {Kind, Objects} from '../../core/model/index.ts';

/** Kubernetes' words for what the model calls services, instances and nodes: its own type where there is one. */
const words: Readonly<Record<string, {readonly kind: Kind; readonly type?: string}>> = {
	deployment: {kind: 'service', type: 'deployment'},
	deploy: {kind: 'service', type: 'deployment'},
	statefulset: {kind: 'service', type: 'statefulset'},
	sts: {kind: 'service', type: 'statefulset'},
	daemonset: {kind: 'service', type: 'daemonset'},
	ds: {kind: 'service', type: 'daemonset'},
	replicaset: {kind: 'service', type: 'replicaset'},
	rs: {kind: 'service', type: 'replicaset'},
	job: {kind: 'service', type: 'job'},
	cronjob: {kind: 'service', type: 'cronjob'},
	cj: {kind: 'service', type: 'cronjob'},
	service: {kind: 'service'},
	svc: {kind: 'service'},
	pod: {kind: 'instance'},
	po: {kind: 'instance'},
	node: {kind: 'node'},
	no: {kind: 'node'},
};

/** Of `deploy/web`, as kubectl's users write it, the kind and the name; undefined: no such word stands before it. */
export function kindPrefix(word: string): {kind: Kind; type?: string; name: string} | undefined {
	const [, prefix = '', name = ''] = /^([a-z]+)(?:\.[a-z.]+)?\/([^/]+)$/.exec(word) ?? [];
	const known = words[prefix] ?? words[prefix.replace(/s$/, '')];
	return known && {...known, name};
}

/** Those that `deploy/web` names; none where it names none. */
export function prefixed<K extends Kind>(
	kind: K,
	items: ReadonlyArray<Objects[K]>,
	word: string,
): ReadonlyArray<Objects[K]> {
	const found = kindPrefix(word);
	if (found?.kind !== kind) return [];
	const isOfType = (item: Objects[Kind]) =>
		found.type === undefined || (item.kind === 'service' && item.type === found.type);
	return items.filter(item => item.name === found.name && isOfType(item));
}
