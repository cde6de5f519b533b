// `npm run test:kubernetes`: a Kubernetes of three nodes from nothing, the tests against it, and its end. The last line is
// `N passed, N failed`. `--build` only builds the cluster's program, which takes minutes the first time.
import {buildCluster, startCluster} from '../test/clusters/kubernetes-cluster.ts';
import {runTests} from './run-tests.ts';

/** With its kubeconfig, its folder (where nodes and components can be killed) and the program that does it. */
async function main(): Promise<number> {
	const binary = await buildCluster();
	if (process.argv.includes('--build')) {
		process.stdout.write(`${binary}\n`);
		return 0;
	}

	const cluster = await startCluster();
	try {
		const [passed, failed] = runTests(['test/backends/k8s'], {
			MUSTER_TEST_KUBECONFIG: cluster.kubeconfig,
			MUSTER_TEST_KUBE_CLUSTER: binary,
			MUSTER_TEST_KUBE_DIR: cluster.dir,
		});
		process.stdout.write(`${passed} passed, ${failed} failed\n`);
		return failed === 0 ? 0 : 1;
	} finally {
		await cluster.end();
	}
}

process.exitCode = await main();
