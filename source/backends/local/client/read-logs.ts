import type {LogLine} from '../../../core/backend.ts';
import {followLogs} from '../logs/follow.ts';
import {InstanceLogs, type LogSource} from '../logs/instance-logs.ts';
import {mergeByTime} from '../logs/merge.ts';

export type {LogSource} from '../logs/instance-logs.ts';

export type ReadLogsOptions = {
	readonly sources: readonly LogSource[];
	/** Goes on with what is written; ends when all sources have ended (and nobody can join), or the signal aborts. */
	readonly follow: boolean;
	/** Sources that come later, all their lines; it has to end when the signal aborts. */
	readonly joining?: AsyncIterable<LogSource>;
	readonly sinceAt?: number;
	/** Only the last so many lines of each source that is there already. */
	readonly tail?: number;
	readonly signal: AbortSignal;
};

/** So many lines in a row before others have their turn. */
const linesPerTurn = 500;

/**
 * The logs of instances in the order of time, straight from their files. Times are as the agent noted them: to the second
 * where a log is written all the time. A line of more than 64 KiB comes in pieces.
 */
export async function* readLogs(options: ReadLogsOptions): AsyncGenerator<LogLine> {
	const {sources, follow, joining, sinceAt, tail, signal} = options;
	const logs = sources.map(source => new InstanceLogs(source, {sinceAt, tail}));
	let count = 0;
	for (const line of mergeByTime(logs.map(each => each.history()))) {
		if (signal.aborted) {
			return;
		}

		yield line;
		count++;
		if (count % linesPerTurn === 0) {
			await new Promise(setImmediate);
		}
	}

	if (follow) {
		yield* followLogs({logs, joining, signal});
	} else {
		yield* logs.flatMap(each => each.rest());
	}
}
