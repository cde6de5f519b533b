// `npm run test:kubernetes`: a Kubernetes of three nodes from nothing, the tests against it, and its end. The last line is
// `N passed, N failed`. `--build` only builds the cluster's program, which takes minutes the first time.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {buildCluster, startCluster} from '../test/clusters/kubernetes-cluster.ts';

const root = path.dirname(import.meta.dirname);

/** With its kubeconfig, its folder (where nodes and components can be killed) and the program that does it. */
async function main(): Promise<number> {
	const binary = await buildCluster();
	if (process.argv.includes('--build')) {
		process.stdout.write(`${binary}\n`);
		return 0;
	}

	const cluster = await startCluster();
	const scratch = mkdtempSync(path.join(tmpdir(), 'muster-k8s-report-'));
	const report = path.join(scratch, 'report.json');
	try {
		const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', 'test/backends/k8s'];
		const {status} = spawnSync(
			process.execPath,
			[...vitest, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
			{
				cwd: root,
				stdio: ['ignore', 'inherit', 'inherit'],
				env: {
					...process.env,
					MUSTER_TEST_KUBECONFIG: cluster.kubeconfig,
					MUSTER_TEST_KUBE_CLUSTER: binary,
					MUSTER_TEST_KUBE_DIR: cluster.dir,
				},
			},
		);
		const {numPassedTests, numFailedTests} = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
		process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed\n`);
		return status ?? 1;
	} finally {
		await cluster.end();
		rmSync(scratch, {recursive: true, force: true});
	}
}

process.exitCode = await main();
