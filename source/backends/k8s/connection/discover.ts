import type {ContextEntry} from '../../../core/context.ts';
import type {Environment} from './environment.ts';
import {type KubeConfig, readKubeconfig} from './kubeconfig.ts';
import {parsePlainYaml} from './plain-yaml.ts';

export const prefix = 'k8s:';

/**
 * A whole parser is loaded only for files that are written in an unusual way. `serviceAccount`: where a pod's own is; absent:
 * where Kubernetes puts it.
 */
export async function loadKubeconfig(env: Environment, serviceAccount?: string): Promise<KubeConfig> {
	let isUnusual = false;
	const quick = (text: string) => {
		const config = text.trimStart().startsWith('{') ? JSON.parse(text) : parsePlainYaml(text);
		isUnusual ||= config === undefined;
		return config;
	};
	try {
		const config = readKubeconfig(env, quick, serviceAccount);
		if (!isUnusual) return config;
	} catch (thrown) {
		if (!isUnusual) throw thrown;
	}

	const {parse} = await import('yaml');
	return readKubeconfig(env, parse, serviceAccount);
}

/** Every context of every kubeconfig; nobody is asked anything. */
export async function discover({env}: {readonly env: Environment}): Promise<readonly ContextEntry[]> {
	const config = await loadKubeconfig(env);
	return config.contexts.map(({name, cluster}) => ({
		name: prefix + name,
		engine: 'k8s',
		endpoint: serverOf(config, cluster),
		...(name === config.current && {current: true}),
	}));
}

/** A context may name a cluster that is not there: it is listed all the same, and says so when it is opened. */
function serverOf(config: KubeConfig, cluster: string): string {
	try {
		return config.cluster(cluster).server;
	} catch {
		return '';
	}
}
