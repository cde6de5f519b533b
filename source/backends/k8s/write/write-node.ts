import type {Patch, Ref, TaintChange, WriteOptions} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {NodeSpec} from '../../../core/model/index.ts';
import {refuse} from '../../../core/spec/check.ts';
import {checkNodeSpec, nodeSpec} from '../../../core/spec/node-spec.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {partResources} from '../reading/parts.ts';
import {objectPath} from '../reading/resources.ts';
import {own, revisionOf} from '../translate/translate-meta.ts';
import {nodeSpecOf} from '../translate/translate-node.ts';
import {withQuery} from '../watch.ts';
import type {WireNode} from '../wire/wire.ts';
import type {Json} from './json.ts';
import {isSame} from './manifest-template.ts';
import {refuseOlder} from './write-service.ts';
import {manager, type Writing} from './writing.ts';

const maxTries = 5;

export function nodePath(name: string): string {
	return objectPath(partResources.nodes as never, undefined, name);
}

/** Answers with the spec as it is now. */
export async function applyNode(
	{client}: Writing,
	ref: Ref<'node'>,
	patch: Patch<NodeSpec>,
	{ifRevision, create}: WriteOptions,
): Promise<NodeSpec> {
	if (create) {
		throw new ClusterError('unsupported', 'a Kubernetes cluster gets a node by its kubelet joining, not from here');
	}

	for (let tries = 1; ; tries++) {
		const wire = await client.json<WireNode>({path: nodePath(ref.id ?? ref.name)});
		const before = nodeSpecOf(wire);
		refuseOlder({name: ref.name, revision: revisionOf('', before)}, ifRevision);
		const after = nodeSpec(patch, before);
		refuse(checkNodeSpec(after));
		if (!isSame(before.capacity, after.capacity)) {
			throw new ClusterError('unsupported', 'the capacity of a node is what its kubelet reports');
		}

		const difference = nodePatch(before, after);
		if (Object.keys(difference).length === 0) return after;
		const {resourceVersion} = wire.metadata;
		const text = JSON.stringify({...difference, metadata: {...(difference.metadata as object), resourceVersion}});
		const body = {type: 'application/merge-patch+json', text};
		try {
			await client.text({method: 'PATCH', path: withQuery(nodePath(wire.metadata.name), manager), body});
			return after;
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict' || tries === maxTries) throw thrown;
		}
	}
}

function nodePatch(before: NodeSpec, after: NodeSpec): Json {
	const metadata: Json = {};
	if (!isSame(before.labels, after.labels)) {
		const gone = Object.keys(before.labels).filter(key => !Object.hasOwn(after.labels, key));
		metadata.labels = {...after.labels, ...Object.fromEntries(gone.map(key => [key, null]))};
	}

	const isOther = before.availability !== after.availability || before.drainDeadlineAt !== after.drainDeadlineAt;
	if (isOther) {
		const drain = after.availability === 'drained' ? String(after.drainDeadlineAt ?? '') : null;
		metadata.annotations = {[own.drain]: drain};
	}

	return {
		...(Object.keys(metadata).length > 0 && {metadata}),
		...(before.availability !== after.availability && {
			spec: {unschedulable: after.availability === 'active' ? null : true},
		}),
	};
}

/** Sets taints and takes them away; one of the same key and effect is replaced. */
export async function applyTaints(client: KubeClient, name: string, changes: readonly TaintChange[]): Promise<void> {
	const added = changes.flatMap(change => ('set' in change ? [change.set] : []));
	const removed = changes.flatMap(change => ('remove' in change ? [change.remove] : []));
	for (let tries = 1; ; tries++) {
		const {metadata, spec = {}} = await client.json<WireNode>({path: nodePath(name)});
		const before = spec.taints ?? [];
		const missing = removed.find(taint => !before.some(one => isMeant(taint, one)));
		if (missing !== undefined) {
			const {key, effect} = missing;
			throw new ClusterError('not-found', `${name} has no taint ${stripControl(key)}${effect ? `:${effect}` : ''}`);
		}

		const kept = before.filter(one => ![...removed, ...added].some(taint => isMeant(taint, one)));
		const set = added.map(({key, value, effect}) => ({key, ...(value === '' ? {} : {value}), effect}));
		const {resourceVersion} = metadata;
		const text = JSON.stringify({metadata: {resourceVersion}, spec: {taints: [...kept, ...set]}});
		const body = {type: 'application/merge-patch+json', text};
		try {
			await client.text({method: 'PATCH', path: withQuery(nodePath(name), manager), body});
			return;
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict' || tries === maxTries) throw thrown;
		}
	}
}

function isMeant(
	{key, effect}: {readonly key: string; readonly effect?: string | undefined},
	one: {readonly key: string; readonly effect: string},
): boolean {
	return key === one.key && (effect === undefined || effect === one.effect);
}
