import {startCluster} from '../../test/clusters/kubernetes-cluster.ts';
import {nowMs, openHome} from '../local/home.ts';
import type {BenchResult} from '../result.ts';
import {commands} from './commands.ts';
import {makeCrowd, openClient, touchPod} from './crowd.ts';
import {dashboards, underChanges} from './dashboard.ts';

const pods = Number(process.env.BENCH_PODS ?? 10_000);
const fewPods = 1000;

/**
 * A real API server that holds ten thousand pods, and nothing else that would use the machine: who manages pods and nodes is
 * stopped. kubectl, where there is one, is asked the same in turn. BENCH_KUBECONFIG: a cluster on which it ran before and that
 * was left as it was, so that what takes minutes is not made again; then commands see all pods, too.
 */
export async function bench(): Promise<BenchResult> {
	const made = process.env.BENCH_KUBECONFIG;
	const cluster = made === undefined ? await startCluster(['--nodes', '1']) : undefined;
	const kubeconfig = made ?? cluster?.kubeconfig ?? '';
	const home = openHome();
	try {
		for (const part of ['kube-controller-manager', 'kube-scheduler']) await cluster?.stop(part);
		const env = {KUBECONFIG: kubeconfig, MUSTER_HOME: home.folder, MUSTER_CONTEXT: 'k8s:kube-cluster'};
		const client = await openClient(kubeconfig);
		if (cluster) await makeCrowd(client, fewPods);
		const few = commands(env, made === undefined ? fewPods : pods);
		if (cluster) await makeCrowd(client, pods, fewPods);
		const many = made === undefined ? commands(env, pods, {withLimits: false}) : [];
		const shown = await dashboards(env);
		// Other counts of restarts than an earlier run on the same cluster has written: what stays as it is is no change.
		const from = Math.floor(nowMs() / 1000) % 100_000;
		const changing = await underChanges(env, pods, index => touchPod(client, index % pods, from + index));
		client.close();
		return {
			name: 'kubernetes',
			unit: 'ms',
			rows: [...few, ...many, ...shown, ...changing],
			note: `${pods} pods without kubelets on a real API server of the same machine, 200×50; commands in turn with kubectl and a bare node -e 0; keys one after the other, to the frame in which the cursor has moved.`,
		};
	} finally {
		await home.end();
		await cluster?.end();
	}
}
