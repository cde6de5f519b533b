import type {Kind, Objects, Revision, Usage} from './model/index.ts';

// What a backend is asked, and answers with.

/** Which objects: every condition given must hold. */
export type Query<K extends Kind> = {
	readonly kind: K;
	readonly id?: string;
	readonly name?: string;
	/** Only what lies in this namespace. */
	readonly scope?: string;
	/** Instances of this service (id). */
	readonly serviceId?: string;
	/** Instances on this node (id). */
	readonly nodeId?: string;
	/** Instances: also those that have ended and are kept as history. Default: only what is meant to run, and what is not
	 *  yet replaced (the newest of each slot that should be filled). */
	readonly history?: boolean;
	/** Events: at most so many, the newest. */
	readonly limit?: number;
	/** Figures of instances or nodes are wanted, too, where the engine has to ask for them. */
	readonly usage?: boolean;
	/** Nodes: what their instances hold of them is not looked at, where the engine would have to read all instances for it. */
	readonly brief?: boolean;
};

export type Snapshot<K extends Kind> = {
	readonly items: ReadonlyArray<Objects[K]>;
	readonly revision: Revision;
	/** What could not be asked, and why, a sentence each; absent: the list is whole. */
	readonly gaps?: readonly string[];
};

export type Change<K extends Kind> =
	| {readonly type: 'put'; readonly object: Objects[K]; readonly revision: Revision}
	| {readonly type: 'remove'; readonly id: string; readonly revision: Revision}
	/** Nothing of this query changed up to here; sent after the start and when a stream is quiet. */
	| {
			readonly type: 'bookmark';
			readonly revision: Revision;
			/** As of a snapshot; absent: nothing is missed. */
			readonly gaps?: readonly string[];
	  }
	/** Fresh figures of instances or nodes, by id; not part of any revision. */
	| {readonly type: 'usage'; readonly usage: Readonly<Record<string, Usage>>};

/** Names one object: by id, or by kind and name. */
export type Ref<K extends Kind = Kind> = {
	readonly kind: K;
	readonly id?: string;
	readonly name: string;
	/** The namespace; absent: the context's own. */
	readonly scope?: string;
};

/** JSON Merge Patch (RFC 7396) of an object's `spec`: null removes, arrays are replaced whole. */
export type Patch<T> =
	T extends ReadonlyArray<unknown> ? T : T extends object ? {readonly [P in keyof T]?: Patch<T[P]> | null} : T;

export type SpecOf<K extends Kind> = Objects[K] extends {spec: infer S} ? S : never;

/** The kinds that can be written. */
export type WritableKind = 'service' | 'node' | 'network' | 'volume' | 'config' | 'secret' | 'pool';

/** Of what belongs to something that is removed: it goes afterwards, it goes first, or it lives on. */
export type Cascade = 'background' | 'foreground' | 'orphan';

export type WriteOptions = {
	readonly signal?: AbortSignal;
	/** Refused with `conflict` when the object has another revision by now. */
	readonly ifRevision?: Revision;
	/** The object must not exist yet (`conflict`); without it, it must (`not-found`). */
	readonly create?: boolean;
	/** Of a service: its image is written as it is given, where the engine would otherwise pin it to what it stands for now. */
	readonly keepTag?: boolean;
	/** Told what went otherwise than wanted, though it was done. */
	readonly warn?: (text: string) => void;
	/** Of a removal, where the engine can be told; absent: as the engine sees fit. */
	readonly cascade?: Cascade | undefined;
};
