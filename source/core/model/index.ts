import type {Config, Secret} from './config.ts';
import type {ClusterEvent} from './event.ts';
import type {Image} from './image.ts';
import type {Instance} from './instance.ts';
import type {Network} from './network.ts';
import type {Node} from './node.ts';
import type {Pool} from './pool.ts';
import type {Resource} from './resource.ts';
import type {Service} from './service.ts';
import type {Volume} from './volume.ts';

export type * from './attachment.ts';
export type * from './config.ts';
export type * from './container.ts';
export type * from './event.ts';
export type * from './health-check.ts';
export type * from './image.ts';
export type * from './instance.ts';
export type * from './meta.ts';
export type * from './network.ts';
export type * from './node.ts';
export type * from './pool.ts';
export type * from './resource.ts';
export type * from './resources.ts';
export type * from './service.ts';
export type * from './volume.ts';

/** Every kind of object that the core knows; which of them an engine has, it says itself. */
export type Objects = {
	service: Service;
	instance: Instance;
	node: Node;
	image: Image;
	network: Network;
	volume: Volume;
	config: Config;
	secret: Secret;
	pool: Pool;
	event: ClusterEvent;
	resource: Resource;
};

export type Kind = keyof Objects;

/** Those that are listed and watched as collections. */
export const kinds = [
	'service',
	'instance',
	'node',
	'image',
	'network',
	'volume',
	'config',
	'secret',
	'pool',
	'event',
] as const satisfies readonly Kind[];

/** Kinds whose objects have a name of their own among the living ones of their kind. */
export type NamedKind = Exclude<Kind, 'instance' | 'event' | 'resource'>;
