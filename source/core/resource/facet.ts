import type {Kind, Labels, Objects, Resource, Revision} from '../model/index.ts';
import type {Cascade, Change, Patch} from '../requests.ts';

/** A kind of objects that the engine has, in the model or not. */
export type ResourceType = {
	/** As in commands: `ingresses`. */
	readonly name: string;
	/** As in manifests: `Ingress`. */
	readonly kind: string;
	/** `networking.k8s.io/v1`, or `v1`. */
	readonly apiVersion: string;
	readonly namespaced: boolean;
	readonly shortNames: readonly string[];
	readonly verbs: readonly string[];
	/** Words of the engine's own for several kinds: `all`. */
	readonly categories?: readonly string[];
};

export type ResourceColumn = {
	readonly title: string;
	/** Only where there is room. */
	readonly wide: boolean;
	/** Its cells are numbers. */
	readonly numeric: boolean;
	/** Its cells tell how long ago something was, when they were told. */
	readonly isAge?: boolean;
	readonly help?: string;
};

export type ResourceTable = {
	readonly type: ResourceType;
	/** Made by the server. */
	readonly columns: readonly ResourceColumn[];
	readonly rows: readonly Resource[];
	/** From where they can be watched. */
	readonly revision: Revision;
};

/** Names one object of any kind; without a scope it lies in the context's own, or in none. */
export type ResourceRef = {readonly type: string; readonly name: string; readonly scope?: string | undefined};

/** An object as it is written in a file. */
export type Manifest = {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {readonly name: string; readonly namespace?: string};
};

/** `opened`: the document as it was found; nothing is written where it is another one by now. */
export type ResourceEdit = {readonly opened: Manifest; readonly edited: Manifest};

export type FieldConflict = {readonly field: string; readonly manager: string};

export type ManifestOptions = {
	/** Only tells what would come of it. */
	readonly dryRun: boolean;
	/** Takes fields over from whoever else manages them; else that is a `conflict` that names them. */
	readonly force: boolean;
};

export type AppliedManifest = {
	readonly change: 'created' | 'changed' | 'unchanged';
	/** Before and after, without what only the server writes; before of what is new is undefined. */
	readonly before: unknown;
	readonly after: unknown;
	readonly name: string;
	readonly scope?: string | undefined;
	readonly type: string;
};

export type ResourceSelection = {
	/** Absent: the context's own, or all where it looks at all. */
	readonly scope?: string | undefined;
	readonly allScopes?: boolean | undefined;
	/** `app=web,tier!=front`, as the engine reads it. */
	readonly labels?: string | undefined;
	readonly name?: string | undefined;
};

/** Whatever an engine has beyond the model: any kind, as the engine itself tells of it. */
export type ResourceFacet = {
	types(signal?: AbortSignal): Promise<readonly ResourceType[]>;
	table(type: string, selection: ResourceSelection, signal?: AbortSignal): Promise<ResourceTable>;
	/** Every row that comes, changes or goes after a table of this revision, until the signal aborts; a bookmark when it has begun. */
	watch(
		type: string,
		selection: ResourceSelection,
		since: Revision,
		signal: AbortSignal,
	): AsyncIterable<Change<'resource'>>;
	/** By what an object of the model is found among all kinds. */
	refOf?(object: Objects[Kind]): ResourceRef | undefined;
	/** As it is kept; of secrets only how much they hold, unless they were asked for: then as it is kept, or as `text`. */
	read(ref: ResourceRef, options: {readonly reveals: boolean | 'text'}): Promise<unknown>;
	/** The same of all that are selected, at one moment. */
	readAll(
		type: string,
		selection: ResourceSelection,
		options: {readonly reveals: boolean | 'text'; readonly signal?: AbortSignal},
	): Promise<{readonly type: ResourceType; readonly objects: readonly Manifest[]}>;
	/** All about one, for people: lines of text. */
	describe(ref: ResourceRef): Promise<readonly string[]>;
	/** As it is edited: without what only the engine writes. */
	document(ref: ResourceRef): Promise<Manifest>;
	/** What of an edit others manage. */
	conflicts(ref: ResourceRef, edit: ResourceEdit): Promise<readonly FieldConflict[]>;
	/** Writes what was edited, and nothing else. `conflict`: it is not what it was any more, or (without `force`) others manage it. */
	edit(ref: ResourceRef, edit: ResourceEdit, options: {readonly force: boolean}): Promise<void>;
	apply(manifest: Manifest, options: ManifestOptions): Promise<AppliedManifest>;
	/** Null takes a label away. */
	label(ref: ResourceRef, labels: Patch<Labels>): Promise<void>;
	remove(ref: ResourceRef, options: {readonly cascade?: Cascade | undefined}): Promise<void>;
};
