import type {Ref} from '../../../core/backend.ts';
import type {Clock} from '../../../core/clock.ts';
import {ClusterError} from '../../../core/error.ts';
import {partResources} from '../reading/parts.ts';
import {collectionPath} from '../reading/resources.ts';
import {own} from '../translate/translate-meta.ts';
import {withQuery} from '../watch.ts';
import type {WireObject} from '../wire/wire.ts';
import {findWorkload} from './find-workload.ts';
import {manager, type Writing} from './writing.ts';

/** Of a name in Kubernetes, less what is put behind it. */
const maxName = 63 - 12;

/** A Job as the CronJob's controller makes them, marked as kubectl marks its own. */
export async function triggerJob(writing: Writing, clock: Clock, ref: Ref<'service'>): Promise<string> {
	const {type, scope, wire} = await findWorkload(writing, ref);
	const {name, uid} = wire.metadata;
	if (type !== 'cronjob') throw new ClusterError('conflict', `${name} has no schedule: only a CronJob is triggered`);
	const {metadata, spec} = (wire.spec?.jobTemplate ?? {}) as Partial<WireObject> & {readonly spec?: object};
	const job = {
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata: {
			name: `${name.slice(0, maxName)}-${clock.now().toString(36)}`,
			labels: {...metadata?.labels, [own.managedByLabel]: own.managedBy},
			annotations: {...metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual'},
			ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true}],
		},
		spec,
	};
	const path = withQuery(collectionPath(partResources.jobs as never, scope), manager);
	const body = {type: 'application/json', text: JSON.stringify(job)};
	const made = await writing.client.json<WireObject>({method: 'POST', path, body});
	return made.metadata.name;
}
