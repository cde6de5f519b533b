import type {Backend} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError} from '../../core/error.ts';
import type {ResourceFacet, ResourceTable} from '../../core/resource/facet.ts';
import {wait} from '../../live/back-off.ts';
import {toldAge} from './told-age.ts';

/** What cannot be watched is asked for again after this time. */
const unwatchedMs = 5000;
/** What tells how long ago something was becomes untrue by itself; a long table is asked for less often. */
const oldMs = 10_000;
const oldMsPerRow = 10;

type Options = {
	readonly resources: ResourceFacet;
	/** What somebody has typed for its kind. */
	readonly word: string;
	readonly clock: Clock;
	taken(table: ResourceTable): void;
};

/** A kind beyond the model, to be followed as all others: whenever it has to be read again, the past has expired. */
export function resourceFeed({resources, word, clock, taken}: Options): Pick<Backend, 'list' | 'watch'> {
	let table: ResourceTable | undefined;
	const feed: Pick<Feed, 'list' | 'watch'> = {
		async list(_, signal) {
			table = await resources.table(word, {}, signal);
			taken(table);
			const {rows, revision} = table;
			// What is only measured, or only grows older, has no revision that tells it.
			const items = isWatched(table) && !tellsAges(table) ? rows : rows.map(withCells);
			return {items, revision};
		},
		async *watch(_, since, signal) {
			if (table !== undefined && !isWatched(table)) {
				yield {type: 'bookmark', revision: since};
				await wait(unwatchedMs, clock, signal);
				throw new ClusterError('expired', 'it cannot be watched');
			}

			const due = new AbortController();
			const isOld = table !== undefined && tellsAges(table);
			const restMs = Math.max(oldMs, (table?.rows.length ?? 0) * oldMsPerRow);
			const cancel = isOld ? clock.after(restMs, () => due.abort()) : () => {};
			try {
				yield* resources.watch(word, {}, since, AbortSignal.any([signal, due.signal]));
			} catch (thrown) {
				if (!due.signal.aborted) throw thrown;
			} finally {
				cancel();
			}

			if (due.signal.aborted) throw new ClusterError('expired', 'ages have grown');
		},
	};
	return feed as Pick<Backend, 'list' | 'watch'>;
}

/** A backend of this one kind. */
type Feed = {
	list(...args: Parameters<Backend['list']>): Promise<{items: ResourceTable['rows']; revision: string}>;
	watch(...args: Parameters<Backend['watch']>): ReturnType<ResourceFacet['watch']>;
};

function isWatched({type}: ResourceTable): boolean {
	return type.verbs.includes('watch');
}

/** Where it does not go on by itself here: `12s` of who knows what. */
function tellsAges({columns, rows}: ResourceTable): boolean {
	const others = columns.flatMap((column, index) => (column.title === 'AGE' || column.isAge ? [] : [{column, index}]));
	return rows.some(row =>
		others.some(
			({column, index}) =>
				/(^|\()\d+(s|m|h|d|y)/.test(row.cells[index] ?? '') && toldAge(row, column, index) === undefined,
		),
	);
}

function withCells(row: ResourceTable['rows'][number]): ResourceTable['rows'][number] {
	return {...row, revision: `${row.revision} ${row.cells.join('\t')}`};
}
