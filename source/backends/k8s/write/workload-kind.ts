import type {ServiceSpec} from '../../../core/model/index.ts';
import type {WorkloadType} from '../translate/translate-workload.ts';

export const apiOf: Readonly<Record<WorkloadType, {readonly version: string; readonly kind: string}>> = {
	deployment: {version: 'apps/v1', kind: 'Deployment'},
	statefulset: {version: 'apps/v1', kind: 'StatefulSet'},
	daemonset: {version: 'apps/v1', kind: 'DaemonSet'},
	replicaset: {version: 'apps/v1', kind: 'ReplicaSet'},
	job: {version: 'batch/v1', kind: 'Job'},
	cronjob: {version: 'batch/v1', kind: 'CronJob'},
};

/** What a new service of each mode becomes. */
export function typeFor({mode}: ServiceSpec): WorkloadType {
	return ({replicated: 'deployment', global: 'daemonset', job: 'job'} as const)[mode];
}
