import type {Backend, Cascade, Patch, Ref, SpecOf, WritableKind} from '../core/backend.ts';
import type {ClusterError} from '../core/error.ts';
import type {Image, Kind, Network, Objects, Pool, Revision, Volume} from '../core/model/index.ts';
import type {Preview} from '../core/preview/preview.ts';
import type {ClusterWorld} from '../core/preview/world.ts';

export type {Preview, PreviewRow} from '../core/preview/preview.ts';

/** A snapshot of what decisions look at: previews and plans are pure functions of it. */
export type World = ClusterWorld & {
	readonly images: readonly Image[];
	/* Absent where they were not read: an action that is about them finds them. */
	readonly networks?: readonly Network[];
	readonly volumes?: readonly Volume[];
	readonly pools?: readonly Pool[];
};

/** The objects of one kind, as far as they were read. */
export function objectsOf<K extends Kind>(world: World, kind: K): ReadonlyArray<Objects[K]> {
	const all: {readonly [P in Kind]: ReadonlyArray<Objects[P]>} = {
		service: world.services,
		instance: world.instances,
		node: world.nodes,
		image: world.images,
		network: world.networks ?? [],
		volume: world.volumes ?? [],
		config: world.configs ?? [],
		secret: world.secrets ?? [],
		pool: world.pools ?? [],
		event: [],
		resource: [],
	};
	return all[kind];
}

/** One write. `inverse` is what undoes it; absent where nothing can. */
export type Step =
	| {
			readonly [K in WritableKind]: {
				readonly type: 'apply';
				readonly ref: Ref<K>;
				readonly patch: Patch<SpecOf<K>>;
				readonly create?: boolean;
				readonly ifRevision?: Revision;
				/** See WriteOptions. */
				readonly keepTag?: boolean;
				readonly inverse?: Step;
			};
	  }[WritableKind]
	| {
			readonly type: 'remove';
			readonly ref: Ref;
			readonly ifRevision?: Revision;
			readonly cascade?: Cascade;
			readonly inverse?: Step;
	  }
	/** What changes no spec: kill, fail, add an image. In words: what is to be done, and what is said of it once it was. */
	| {
			readonly type: 'effect';
			readonly ref: Ref;
			readonly todo: string;
			readonly title: string;
			/** `tell`: what nobody could know before. */
			run(backend: Backend, tell: (note: string) => void): Promise<void>;
			/** Told that it failed, and why: the steps behind it do not need it, and are carried out. */
			failed?(error: ClusterError): void;
	  };

/** Whether what an action asked for has come about, read from a later snapshot. */
export type Progress =
	| {readonly state: 'reached'; readonly message: string}
	| {
			readonly state: 'waiting';
			readonly message: string;
			readonly done: number;
			readonly total: number;
			/** What stands in the way, where something does: the newest failure, or why an instance is pending. */
			readonly trouble?: string;
	  }
	| {readonly state: 'failed'; readonly message: string};

/** How one value is read from a flag or a form field. `parse` throws ClusterError `usage` naming what was found and what is
 *  allowed (the caller names the flag). */
export type Field<T> = {
	readonly help: string;
	/** Shown after the flag in the help: `N`, `BYTES`, `KEY=VALUE`. Absent: a switch. */
	readonly placeholder?: string;
	/** A form offers the names of these. */
	readonly names?: Kind;
	readonly short?: string;
	readonly aliases?: readonly string[];
	/** May be given several times; the values are collected. */
	readonly many?: boolean;
	readonly choices?: readonly string[];
	readonly fallback?: T;
	/** Written without a flag: `assign` as TARGET=VALUE, `one` as a word after the target, `rest` as all further words
	 *  (with `many`). */
	readonly operand?: 'assign' | 'one' | 'rest';
	parse(text: string): T;
	/** What `parse` reads back, for the equal command; absent: String(value). */
	format?(value: T): string;
};

/** What a form over an action's fields needs to know besides. */
export type FormHints<T = never> = {
	/** What the fields are now, of what is changed: field → value, as in Input. */
	now?(target: T): Readonly<Record<string, unknown>>;
	/** Of a field with many values: the field that takes one of them away. Values with equal keys replace each other. */
	readonly takesAway?: Readonly<
		Record<string, {readonly field: string; key(value: unknown): string; value(value: unknown): unknown}>
	>;
	/** The field that names a file: what that holds is put into `content` of the input. */
	readonly file?: string;
	/** Fields that only say in another way what the others say, or that are for one engine only. */
	readonly hidden?: readonly string[];
};

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** camelCase field → its value; `many` fields hold arrays. What was not given is undefined (or the fallback). */
export type Input<F extends Fields> = {
	readonly [P in keyof F]?: F[P] extends Field<infer T>
		? F[P] extends {readonly many: true}
			? readonly T[]
			: T
		: never;
};

/**
 * One thing that can be done, by key or by command: flags, form, confirmation, disabled reason, plan and preview all come
 * from here. The executor (execute.ts) is the only one that runs plans: preview and --dry-run, --read-only, the record of
 * who, equal command, revisions and inverse.
 */
export type Action<K extends Kind = Kind, F extends Fields = Fields> = {
	/** `service.scale`: also the command, `muster service scale`. */
	readonly id: `${string}.${string}`;
	readonly title: string;
	readonly on: K;
	readonly fields: F;
	/** Creates its object: there is no target yet. */
	readonly creates?: boolean;
	/** Its plan reads the kept versions of its target: the world must have them (`withHistory`). */
	readonly needsHistory?: boolean;
	/** Its preview tells what holds the instances of its target: the world should have it (`withHeld`). */
	readonly needsHeld?: boolean;
	readonly form?: FormHints<Objects[K]>;
	/** The equal command, where it is not `muster NOUN VERB --flags TARGET`. */
	command?(target: Objects[K] | undefined, input: Input<F>): string;
	/** The question to ask first; undefined: need not be asked. */
	confirm?(target: Objects[K] | undefined, input: Input<F>): string | undefined;
	/** Why it cannot be done to this object or on this backend; undefined: it can. */
	unavailable?(
		target: Objects[K] | undefined,
		backend: Pick<Backend, 'facets' | 'name'>,
		input?: Input<F>,
	): string | undefined;
	plan(world: World, target: Objects[K] | undefined, input: Input<F>): readonly Step[];
	preview?(world: World, target: Objects[K] | undefined, input: Input<F>): Preview;
	/** Its progress is of more than the one object that was written last: it is told without that, where there is none. */
	readonly isOfMany?: boolean;
	/** It removes its target, which an engine with finalizers may keep for a while: who waits is told by whom. */
	readonly isGoneLater?: boolean;
	/** Absent: done when written. */
	progress?(world: World, target: Objects[K], input: Input<F>): Progress;
};

export function defineAction<K extends Kind, const F extends Fields>(action: Action<K, F>): Action<K, F> {
	return action;
}
