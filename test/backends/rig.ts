import type {Backend, Patch} from '../../source/core/backend.ts';
import type {InstanceTemplate} from '../../source/core/model/index.ts';

/** A cluster that a suite runs on; it may be shared and hold other things, but has three nodes that take work. */
export type Cluster = {
	readonly backend: Backend;
	/** Waits until `condition` holds: turns the clock of a simulated cluster, looks again and again at a live one. Throws
	 *  `what` when it does not come about. */
	until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
	end(): Promise<void>;
};

/** How the suite comes to a backend. */
export type Rig = {
	open(): Promise<Cluster>;
	/** What runs until it is stopped, what ends by itself with 0, what ends by itself with another code. */
	readonly templates: Readonly<Record<'lasting' | 'ending' | 'failing', Patch<InstanceTemplate>>>;
	/** For one law; absent: what is usual. */
	readonly timeoutMs?: number;
	/** Instances of a replicated service have no numbers, and names of the engine's own making. */
	readonly slotless?: boolean;
	/** Laws that cannot hold on this engine, by their names, with the reason. */
	readonly exceptions?: Readonly<Record<string, string>>;
};
