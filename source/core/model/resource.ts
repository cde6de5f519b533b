import type {Instant, Labels, Meta} from './meta.ts';

/** An object of any kind that an engine has, as the engine itself lists it. No collection holds it: its columns are its list's. */
export type Resource = Meta & {
	readonly kind: 'resource';
	/** What finds its kind: `configmaps`, `ingresses.networking.k8s.io`. */
	readonly type: string;
	/** As in manifests: `Ingress`. */
	readonly title: string;
	readonly labels: Labels;
	/** One for each column of the list that it came in. */
	readonly cells: readonly string[];
	/** When the engine wrote them, where it says how long ago something was. */
	readonly toldAt?: Instant;
};
