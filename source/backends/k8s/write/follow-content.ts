import {ClusterError, toClusterError} from '../../../core/error.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath, objectPath} from '../reading/resources.ts';
import {type FileKind, versionAnnotation} from '../translate/translate-files.ts';
import {keepWorkload} from '../translate/translate-workload.ts';
import {withQuery} from '../watch.ts';
import type {WireList, WireWorkload} from '../wire/wire.ts';
import {ifThere, manager, type Writing} from './writing.ts';

/** Those whose pods are made anew when their template changes: what a Job or CronJob makes next begins with what is there. */
const followers = {deployments: 'deployment', statefulsets: 'statefulset', daemonsets: 'daemonset'} as const;

export type NewContent = {
	readonly kind: FileKind;
	readonly name: string;
	readonly scope: string;
	readonly version: number;
};

/** A file that a pod has is never written anew: the workloads that mount one of this config or secret get new pods. */
export async function followContent(
	{client}: Pick<Writing, 'client'>,
	{kind, name, scope, version}: NewContent,
): Promise<void> {
	const annotations = {[versionAnnotation(kind, name)]: String(version)};
	const body = {
		type: 'application/strategic-merge-patch+json',
		text: JSON.stringify({spec: {template: {metadata: {annotations}}}}),
	};
	for (const [part, type] of Object.entries(followers) as Array<[keyof typeof followers, 'deployment']>) {
		const resource = partResources[part] as never;
		const list = await ifThere(client.json<WireList<WireWorkload>>({path: collectionPath(resource, scope)}));
		for (const wire of list?.items ?? []) {
			const {base, isPart} = keepWorkload(type, wire);
			const {configs = [], secrets = []} = base.spec.template;
			const files = kind === 'config' ? configs : secrets;
			const has = files.some(file => file.source === name && file.key !== undefined && file.version !== version);
			if (!has || isPart || base.removing) continue;
			const path = withQuery(objectPath(resource, scope, wire.metadata.name), manager);
			try {
				await client.text({method: 'PATCH', path, body});
			} catch (thrown) {
				throw withoutFollower(kind, name, wire.metadata.name, toClusterError(thrown));
			}
		}
	}
}

/** Whoever reads only that something is forbidden would not know that the content is another one by now. */
function withoutFollower(kind: FileKind, name: string, workload: string, cause: ClusterError): ClusterError {
	const message = `the ${kind} ${name} has its new content, but ${workload} does not follow it: ${cause.message}`;
	return new ClusterError(cause.code, message, {hint: cause.hint, cause});
}
