import type {LogLine} from '../../../core/backend.ts';
import {createFolderWatch} from './folder-watch.ts';
import {InstanceLogs, type LogSource} from './instance-logs.ts';

export type FollowOptions = {
	readonly logs: readonly InstanceLogs[];
	/** Instances that come later; all that they write is told. */
	readonly joining?: AsyncIterable<LogSource>;
	readonly signal: AbortSignal;
};

/** Every log is looked at so often, whatever is told of its folder. */
const pollMs = 1000;
/** One that is being rotated is looked at again so soon. */
const settleMs = 25;

/** New lines as they come, those that come together in the order of time. Ends when nothing can come any more. */
export async function* followLogs({logs, joining, signal}: FollowOptions): AsyncGenerator<LogLine> {
	const open = new Map(logs.map(each => [each.source.folder, each]));
	const changed = new Set<string>(open.keys());
	let mayJoin = joining !== undefined;
	let wake = () => {};
	const notice = (folder: string) => {
		changed.add(folder);
		wake();
	};

	const watch = createFolderWatch(notice);
	const abort = () => wake();
	signal.addEventListener('abort', abort);
	const join = async () => {
		for await (const source of joining ?? []) {
			if (!open.has(source.folder)) {
				open.set(source.folder, new InstanceLogs(source, {}));
				notice(source.folder);
			}
		}
	};

	void join()
		.catch(() => {})
		.finally(() => {
			mayJoin = false;
			wake();
		});
	try {
		while (!signal.aborted && (open.size > 0 || mayJoin)) {
			const lines = [...changed].flatMap(takeFrom);
			yield* lines.toSorted((a, b) => a.at - b.at);
			if (lines.length === 0) {
				await pause(changed.size === 0 ? pollMs : settleMs);
			}
		}
	} finally {
		signal.removeEventListener('abort', abort);
		watch.closeAll();
	}

	/** One that was read to its end is left until it changes; for good, when it had ended before that. */
	function takeFrom(folder: string): LogLine[] {
		const instance = open.get(folder);
		if (!instance) {
			changed.delete(folder);
			return [];
		}

		watch.ensure(folder);
		const hasEnded = instance.source.hasEnded();
		const lines = instance.read();
		if (!instance.isAtEnd) {
			return lines;
		}

		changed.delete(folder);
		if (!hasEnded) {
			return lines;
		}

		open.delete(folder);
		watch.close(folder);
		return [...lines, ...instance.rest()];
	}

	/** Until something is told, or it is time to look at everything. */
	async function pause(longestMs: number): Promise<void> {
		if (signal.aborted || (open.size === 0 && !mayJoin)) {
			return;
		}

		const {promise, resolve} = Promise.withResolvers<void>();
		wake = resolve;
		const timer = setTimeout(() => {
			for (const folder of open.keys()) {
				changed.add(folder);
			}

			resolve();
		}, longestMs);
		await promise;
		clearTimeout(timer);
		wake = () => {};
	}
}
