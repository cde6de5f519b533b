import type {Endpoint} from '../../../core/model/index.ts';
import type {Assignment} from '../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../home.ts';

/**
 * Where its image says so, an instance answers at a socket beside its port. Not as another user: whatever that puts in the place
 * of the socket, such as a link to one that is not its own, the gateway would lead strangers to with its own rights.
 */
export function withSocket(
	{
		assignment: {image, template},
		paths: {socket},
	}: {
		readonly assignment: Pick<Assignment, 'image' | 'template'>;
		readonly paths: Pick<InstancePaths, 'socket'>;
	},
	endpoints: readonly Endpoint[],
): readonly Endpoint[] {
	return image?.socket && socket !== undefined && template.user === undefined
		? endpoints.map(endpoint => (endpoint.target === image.port ? {...endpoint, socket} : endpoint))
		: endpoints;
}
