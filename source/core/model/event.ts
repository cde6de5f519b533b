import type {Meta} from './meta.ts';

export type EventTone = 'normal' | 'warning';

/** Something that happened to an object; kept in a bounded number. `name` is the event's reason in one word (`Started`). */
export type ClusterEvent = Meta & {
	readonly kind: 'event';
	readonly tone: EventTone;
	readonly about: {readonly kind: string; readonly id: string; readonly name: string};
	/** A sentence without the object's name. */
	readonly message: string;
};
