import {ClusterError, toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import {podPath} from './sessions.ts';

type Pod = {readonly scope: string; readonly pod: string};

export type RemovePod = {
	/** Also where a disruption budget forbids it. */
	readonly force: boolean;
	readonly dryRun?: boolean;
	readonly graceS?: number | undefined;
};

/** Ends a pod; whoever it belongs to makes another one. An eviction is refused where a disruption budget would be broken. */
export async function removePod(client: KubeClient, {scope, pod}: Pod, options: RemovePod): Promise<void> {
	const {force, dryRun = false, graceS} = options;
	const deletion = {...(graceS === undefined ? {} : {gracePeriodSeconds: graceS}), ...(dryRun && {dryRun: ['All']})};
	const json = (value: object) => ({type: 'application/json', text: JSON.stringify(value)});
	if (force) {
		const body = json({apiVersion: 'v1', kind: 'DeleteOptions', ...deletion});
		await client.text({method: 'DELETE', path: podPath({scope, pod}), body});
		return;
	}

	const metadata = {name: pod, namespace: scope};
	const body = json({apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions: deletion});
	try {
		await client.text({method: 'POST', path: `${podPath({scope, pod})}/eviction`, body});
	} catch (thrown) {
		throw held(pod, thrown);
	}
}

/** A budget that is used up answers as one who asks too much does. */
function held(pod: string, cause: unknown): ClusterError {
	const error = toClusterError(cause);
	const message = error.message.replace(/^the cluster asks to wait: /, '');
	if (!/disruption budget/i.test(message)) return error;
	const first = /more than one/.test(message)
		? 'Let one of them choose other pods'
		: 'Try again when more of its kind are ready';
	return new ClusterError('conflict', `${stripControl(pod)} stays: ${message}`, {
		hint: `${first}, or \`muster instance rm\` without asking the budget.`,
		cause,
	});
}
