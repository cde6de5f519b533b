import type {LogLine} from '../../../core/backend.ts';

export type LineSource = Iterator<LogLine>;

type Head = {readonly line: LogLine; readonly order: number; readonly source: LineSource};

/** Lines of several sources, each in the order of time, in the order of time; at the same time, of the earlier source. */
export function* mergeByTime(sources: readonly LineSource[]): Generator<LogLine> {
	// The earliest last, where taking it away costs nothing.
	const heads = sources
		.map((source, order) => nextHead(source, order))
		.filter(head => head !== undefined)
		.sort((a, b) => compare(b, a));
	for (let head = heads.pop(); head; head = heads.pop()) {
		yield head.line;
		const next = nextHead(head.source, head.order);
		if (next) {
			heads.splice(placeOf(next, heads), 0, next);
		}
	}
}

function nextHead(source: LineSource, order: number): Head | undefined {
	const {done, value} = source.next();
	return done ? undefined : {line: value, order, source};
}

function compare(a: Head, b: Head): number {
	return a.line.at - b.line.at || a.order - b.order;
}

function placeOf(head: Head, heads: readonly Head[]): number {
	let low = 0;
	let high = heads.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const other = heads[middle];
		if (other && compare(other, head) > 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
