import {ClusterError} from '../../../core/error.ts';
import type {ServiceSpec} from '../../../core/model/index.ts';
import {refuseOptions} from '../../../core/spec/engine-options.ts';
import {serviceSpec} from '../../../core/spec/service-spec.ts';
import type {WorkloadType} from '../translate/translate-workload.ts';
import {refuseFiles} from './manifest-files.ts';
import {isSame} from './manifest-template.ts';
import {apiOf, typeFor} from './workload-kind.ts';

/** Before anything is asked, of a service that is not there yet. */
export function refuseNew(spec: ServiceSpec): void {
	refuseWhatIsNot(typeFor(spec), serviceSpec({mode: spec.mode}), spec);
}

/** What Kubernetes has no place for is named, not dropped: throws `unsupported` with a line for each. */
export function refuseWhatIsNot(type: WorkloadType, before: ServiceSpec, after: ServiceSpec): void {
	refuseOptions('kubernetes', after, {before});
	refuseFiles(after.template);
	const lines = [...lackingOf(type, before, after), ...lackingPorts(after)];
	if (lines.length > 0) throw new ClusterError('unsupported', lines.join('\n'));
	for (const {published} of after.ports) {
		if (published === 0) {
			throw new ClusterError('usage', '--publish needs the port of the Service here, such as 8080:80');
		}
	}
}

function lackingOf(type: WorkloadType, before: ServiceSpec, after: ServiceSpec): readonly string[] {
	const isOther = <P extends keyof ServiceSpec>(member: P) => !isSame(before[member], after[member]);
	const lines: string[] = [];
	const {restart, update} = after;
	const timed = others({delayMs: '--restart-delay', windowMs: '--restart-window'}, restart, before.restart);
	if (timed !== '') lines.push(`${timed}: the kubelet has its own back-off`);
	const limits = {condition: '--restart-condition', maxAttempts: '--restart-max-attempts'};
	const limited =
		after.mode === 'job' || !isOther('restart') ? '' : others(limits, restart, {...before.restart, condition: 'any'});
	if (limited !== '') lines.push(`${limited}: what runs for ever is always started again; use --mode job`);
	if (after.perNode) lines.push('--mode global-job: Kubernetes has no jobs that run on each node');
	if (isOther('canary')) lines.push('Kubernetes does not stop an update after some replicas: pause it instead');
	if (isOther('rollback')) lines.push('--rollback-…: going back follows the policy of updates here');
	const known = {...serviceSpec({}).update, ...before.update};
	const watched = {
		...{monitorMs: '--update-monitor', maxFailureRatio: '--update-max-failure-ratio'},
		failureAction: '--update-failure-action',
	};
	const judged = others(watched, update, known);
	if (judged !== '') lines.push(`${judged}: a rollout waits for what fails; go back by \`muster service rollback\``);
	if (isOther('paused') && (type === 'statefulset' || type === 'daemonset' || type === 'replicaset')) {
		lines.push(`a ${apiOf[type].kind} cannot be paused`);
	}

	return lines;
}

/** The flags of those members that are not as they were. */
function others<T extends object>(flags: Readonly<Partial<Record<keyof T, string>>>, is: T, was: T): string {
	const changed = (Object.keys(flags) as Array<keyof T>).filter(member => is[member] !== was[member]);
	return changed.map(member => flags[member]).join(', ');
}

function lackingPorts({ports}: ServiceSpec): readonly string[] {
	return ports.flatMap(({host, published, target, protocol, mode}) => {
		if (protocol !== 'tcp' || mode !== undefined) {
			return [`--publish ${published}:${target}: TCP only here, and no host ports`];
		}

		return host === undefined ? [] : [`--publish ${host}:${published}:…: a Service has an address of its own`];
	});
}
