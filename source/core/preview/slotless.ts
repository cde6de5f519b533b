import {holdsRoom} from '../instance-state.ts';
import type {ClusterWorld} from './world.ts';

/** Pods of a Deployment have no places of their own. */
export function isWithoutSlots({instances}: ClusterWorld, serviceId: string): boolean {
	const own = instances.filter(instance => instance.serviceId === serviceId);
	return own.length > 0 && own.every(({slot}) => slot === 0);
}

/** Numbered from the oldest: how many come and go is told by that all the same. */
export function withSlots(world: ClusterWorld, serviceId: string): ClusterWorld {
	const own = world.instances
		.filter(({serviceId: of, desired, status}) => of === serviceId && desired === 'running' && holdsRoom(status.state))
		.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
	const slots = new Map(own.map(({id}, index) => [id, index + 1]));
	return {
		...world,
		instances: world.instances.flatMap(instance => {
			const slot = slots.get(instance.id);
			return instance.serviceId !== serviceId ? [instance] : slot === undefined ? [] : [{...instance, slot}];
		}),
	};
}
