import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
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

export type LiveOptions = {
	readonly namespace?: string;
	readonly allNamespaces?: boolean;
	/** Instead of the administrator's certificate. */
	readonly token?: string;
	/** Without the cluster's own, the machine's are asked. */
	readonly authority?: 'none';
};

export async function openLive({token, authority, ...options}: LiveOptions = {}): Promise<Backend> {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-live-'));
	try {
		const file = path.join(folder, 'config');
		let text = readFileSync(kubeconfig, 'utf8');
		if (token !== undefined) {
			text = text.replace(/client-certificate-data: .*/, `token: ${token}`).replace(/client-key-data: .*/, '');
		}

		if (authority === 'none') text = text.replace(/certificate-authority-data: .*/, '');
		writeFileSync(file, text);
		return await open('k8s:kube-cluster', {env: {KUBECONFIG: file}, ...options});
	} finally {
		rmSync(folder, {recursive: true});
	}
}

export const liveTimeoutMs = 60_000;

export async function untilLive(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
	await until(condition, Boolean, liveTimeoutMs).catch(cause => {
		throw new Error(`after ${liveTimeoutMs / 1000} seconds: ${what} has not come about`, {cause});
	});
}
