import type {Query} from '../../core/backend.ts';
import type {Kind, Objects} from '../../core/model/index.ts';

/** Whether an object is one that the query asks for; which instances are history was decided before. */
export function matches<K extends Kind>({id, name, serviceId, nodeId}: Query<K>, object: Objects[K]): boolean {
	return (
		(id === undefined || object.id === id) &&
		(name === undefined || object.name === name) &&
		(serviceId === undefined || (object.kind === 'instance' && object.serviceId === serviceId)) &&
		(nodeId === undefined || (object.kind === 'instance' && object.nodeId === nodeId))
	);
}
