import type {Kind, Objects} from '../../core/model/index.ts';
import type {Store, StoreChange} from '../store/store.ts';

/** What became of one object in one commit: new without `before`, gone without `after`. */
export type FeedChange<K extends Kind> = {
	readonly before?: Objects[K] | undefined;
	readonly after?: Objects[K] | undefined;
	readonly revision: number;
};

/** A set of objects of one kind that changes with the store's commits; what queries are answered from. */
export type Feed<K extends Kind> = {
	readonly revision: number;
	get(id: string): Objects[K] | undefined;
	all(): Iterable<Objects[K]>;
	/** Every change after `revision`, oldest first; undefined when that is older than what is kept. */
	since(revision: number): ReadonlyArray<FeedChange<K>> | undefined;
	/** Called after each commit of the store, also with no changes; the answer ends it. */
	subscribe(listener: (changes: ReadonlyArray<FeedChange<K>>) => void): () => void;
};

/** All objects of a kind. */
export function storeFeed<K extends Kind>(store: Store, kind: K): Feed<K> {
	const ofKind = (changes: readonly StoreChange[]) =>
		changes.filter(change => change.kind === kind).map(change => feedChange<K>(change));
	return {
		get revision() {
			return store.revision;
		},
		get: id => store.get(kind, id),
		all: () => store.all(kind),
		since(revision) {
			const changes = store.changesSince(revision);
			return changes && ofKind(changes);
		},
		subscribe: listener => store.subscribe(changes => listener(ofKind(changes))),
	};
}

function feedChange<K extends Kind>(change: StoreChange): FeedChange<K> {
	return (
		change.type === 'put'
			? {before: change.before, after: change.object, revision: change.revision}
			: {before: change.object, revision: change.revision}
	) as FeedChange<K>;
}
