import type {World} from '../actions/action.ts';
import type {Backend} from '../core/backend.ts';

/** What plans look at, read at one time. */
export async function readWorld(backend: Backend, now: number): Promise<World> {
	const [services, instances, nodes, images] = await Promise.all([
		backend.list({kind: 'service'}),
		backend.list({kind: 'instance'}),
		backend.list({kind: 'node'}),
		backend.list({kind: 'image'}),
	]);
	return {
		now,
		services: services.items,
		instances: instances.items,
		nodes: nodes.items,
		images: images.items,
	};
}
