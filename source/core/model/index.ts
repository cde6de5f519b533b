import type {ClusterEvent} from './event.ts';
import type {Image} from './image.ts';
import type {Instance} from './instance.ts';
import type {Node} from './node.ts';
import type {Service} from './service.ts';

export type * from './attachment.ts';
export type * from './event.ts';
export type * from './health-check.ts';
export type * from './image.ts';
export type * from './instance.ts';
export type * from './meta.ts';
export type * from './node.ts';
export type * from './resources.ts';
export type * from './service.ts';

/** Every kind of object that the core knows. Networks, volumes, configs and secrets come with their first backend. */
export type Objects = {
	service: Service;
	instance: Instance;
	node: Node;
	image: Image;
	event: ClusterEvent;
};

export type Kind = keyof Objects;

export const kinds = ['service', 'instance', 'node', 'image', 'event'] as const satisfies readonly Kind[];
