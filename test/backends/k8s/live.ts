import {existsSync} from 'node:fs';
import {open} from '../../../source/backends/k8s/index.ts';
import type {Backend, Patch} from '../../../source/core/backend.ts';
import type {InstanceTemplate} from '../../../source/core/model/index.ts';
import {until} from '../../helpers/local-engine.ts';

/**
 * The kubeconfig of a cluster of tests' own, set by `scripts/kubernetes.ts`, which starts one. Never the user's: tests make
 * and destroy there what they like.
 */
export const kubeconfig = process.env.MUSTER_TEST_KUBECONFIG ?? '';

export const isLive = kubeconfig !== '' && existsSync(kubeconfig);
export const whySkipped = 'npm run test:kubernetes starts a cluster for it';

/** Where a command of a script belongs on this engine: the image has none that matters. */
export function shell(script: string): Patch<InstanceTemplate> {
	return {image: 'busybox', command: ['sh', '-c', script], stopGraceMs: 1000};
}

export async function openLive(options: {namespace?: string; allNamespaces?: boolean} = {}): Promise<Backend> {
	return open('k8s:kube-cluster', {env: {KUBECONFIG: kubeconfig}, ...options});
}

export const liveTimeoutMs = 60_000;

export async function untilLive(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
	await until(condition, Boolean, liveTimeoutMs).catch(cause => {
		throw new Error(`after ${liveTimeoutMs / 1000} seconds: ${what} has not come about`, {cause});
	});
}
