import type {Backend} from '../../core/backend.ts';
import type {ContextEntry} from '../../core/context.ts';
import {type DockerFiles, discoverContexts, endpointsOf} from './connection/contexts.ts';
import {openSwarm} from './open.ts';

/** Docker Swarm, as one of the engines. */
export async function discover(files: DockerFiles): Promise<readonly ContextEntry[]> {
	return discoverContexts(files);
}

export async function open(context: string, files: DockerFiles): Promise<Backend> {
	return openSwarm({
		name: context,
		endpoints: endpointsOf(context, files),
		nodeTemplate: files.env.MUSTER_SWARM_NODES || undefined,
		async auth(image) {
			const {authFor} = await import('./write/registry-auth.ts');
			return authFor(image.replace(/^docker:/, ''), files);
		},
	});
}
