import type {ContextEntry} from '../../core/context.ts';
import {type Environment, type KubeConfig, readKubeconfig} from './kubeconfig.ts';

export const prefix = 'k8s:';

export async function loadKubeconfig(env: Environment): Promise<KubeConfig> {
	const {parse} = await import('yaml');
	return readKubeconfig(env, text => (text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text)));
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
