/** A moment: milliseconds since 1970-01-01 UTC. Only output turns it into RFC 3339. */
export type Instant = number;

/** Opaque to everybody but the backend that made it; compared only for equality. */
export type Revision = string;

export type Labels = Readonly<Record<string, string>>;

/** What every object of a cluster carries. */
export type Meta = {
	/** Unique in its context, never used again. Writer: the store. */
	readonly id: string;
	/** Unique among the living objects of its kind, but for instances (`web.3` names a slot's whole history). */
	readonly name: string;
	/** The namespace that it lies in; absent where the engine has none, or the object lies outside of them. */
	readonly scope?: string;
	/** Writer: the store, at every change of the object. */
	readonly revision: Revision;
	readonly createdAt: Instant;
	readonly updatedAt: Instant;
};
