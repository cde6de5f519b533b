import type {Change, Query} from '../../core/backend.ts';
import type {Clock} from '../../core/clock.ts';
import {ClusterError} from '../../core/error.ts';
import type {Kind, Revision} from '../../core/model/index.ts';
import type {Feed, FeedChange} from './feed.ts';
import {matches} from './matches.ts';
import {type UsageSource, usageOf} from './usage.ts';

/** Changes that may wait for a slow reader, more than a change log keeps; with more, it is told to list again. */
const maxWaiting = 65_536;
/** A stream is told where it stands when nothing of its query has changed for so long, although something else has. */
const bookmarkMs = 5000;

export type WatchParts<K extends Kind> = {
	readonly feed: Feed<K>;
	readonly query: Query<K>;
	readonly clock: Clock;
	readonly usage: UsageSource | undefined;
};

/**
 * Every change of the query after `since`, each once and in order. The changes of one commit carry the revision before it,
 * but for the last: who goes on from any of them misses nothing. Ends when one of the signals aborts.
 */
export async function* watchFeed<K extends Kind>(
	{feed, query, clock, usage}: WatchParts<K>,
	since: Revision,
	signals: readonly AbortSignal[],
): AsyncGenerator<Change<K>> {
	const earlier = feed.since(/^\d+$/.test(since) ? Number(since) : -1);
	if (!earlier) throw expired('the revision is older than what is kept');
	const inbox = createInbox<Change<K>>(signals);
	const figures = usage && usageOf(usage, clock, id => isOf(query, feed.get(id)), inbox.wake);
	let cancelBookmark: (() => void) | undefined;

	function bookmark(): void {
		cancelBookmark = undefined;
		inbox.add([{type: 'bookmark', revision: String(feed.revision)}]);
	}

	inbox.add(changesOf(query, earlier));
	// This also wakes a reader whose signal has aborted already.
	bookmark();
	const unsubscribe = feed.subscribe(committed => {
		const changes = changesOf(query, committed);
		inbox.add(changes);
		if (changes.length === 0) cancelBookmark ??= clock.after(bookmarkMs, bookmark);
	});
	try {
		while (await inbox.filled()) {
			for (const change of inbox.take()) {
				if (signals.some(signal => signal.aborted)) return;
				yield change;
			}

			const usage = figures?.take();
			if (usage) yield {type: 'usage', usage};
		}
	} finally {
		unsubscribe();
		inbox.end();
		figures?.end();
		cancelBookmark?.();
	}
}

function expired(reason: string): ClusterError {
	return new ClusterError('expired', `Cannot go on watching: ${reason}.`, {hint: 'List again.'});
}

function isOf<K extends Kind>(query: Query<K>, object: Parameters<typeof matches<K>>[1] | undefined): boolean {
	return object !== undefined && matches(query, object);
}

function changesOf<K extends Kind>(query: Query<K>, changes: ReadonlyArray<FeedChange<K>>): Array<Change<K>> {
	const own = changes.filter(({before, after}) => isOf(query, before) || isOf(query, after));
	return own.map(({before, after, revision: committed}, index) => {
		const revision = String(own[index + 1]?.revision === committed ? committed - 1 : committed);
		return after && isOf(query, after)
			? {type: 'put', object: after, revision}
			: {type: 'remove', id: before?.id ?? '', revision};
	});
}

/** What waits for the reader of a stream. */
function createInbox<T>(signals: readonly AbortSignal[]) {
	let waiting: T[] = [];
	let hasNews = false;
	let wakeUp: (() => void) | undefined;

	function wake(): void {
		hasNews = true;
		wakeUp?.();
	}

	for (const signal of signals) {
		signal.addEventListener('abort', wake);
	}

	return {
		wake,
		add(items: readonly T[]) {
			if (items.length === 0 || waiting.length > maxWaiting) return;
			for (const item of items) {
				waiting.push(item);
			}

			wake();
		},
		take(): T[] {
			if (waiting.length > maxWaiting) throw expired('the reader was too slow');
			const taken = waiting;
			waiting = [];
			return taken;
		},
		/** True when there is something to take, false when a signal has aborted. */
		async filled(): Promise<boolean> {
			if (!hasNews) {
				await new Promise<void>(resolve => {
					wakeUp = resolve;
				});
			}

			hasNews = false;
			return !signals.some(signal => signal.aborted);
		},
		end() {
			for (const signal of signals) {
				signal.removeEventListener('abort', wake);
			}
		},
	};
}
