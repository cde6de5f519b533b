import {expect, test} from 'vitest';
import type {LogLine, LogQuery} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import {openLogTail} from '../../source/live/log-tail.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

function line(text: string, at = 0): LogLine {
	return {at, instanceId: 'i1', instanceName: 'web.1', stream: 'stdout', text};
}

/** Each call of `logs` reads the next of these, and then breaks or ends. */
async function open(streams: ReadonlyArray<{lines: readonly LogLine[]; ends?: boolean}>, maxLines?: number) {
	const clock = createManualClock(0);
	const queries: LogQuery[] = [];
	let changes = 0;
	async function* logs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
		const stream = streams[queries.length];
		queries.push(query);
		yield* stream?.lines ?? [];
		if (stream === undefined) await new Promise(resolve => signal.addEventListener('abort', resolve));
		if (!stream?.ends) throw new ClusterError('unreachable', 'the stream broke');
	}

	const query = {instanceIds: ['i1'], follow: true, tail: 10};
	const tail = openLogTail({logs, query, clock, changed: () => changes++, ...(maxLines && {maxLines})});
	const advance = async (ms: number) => {
		await new Promise(resolve => setImmediate(resolve));
		clock.advance(ms);
		await new Promise(resolve => setImmediate(resolve));
	};
	await advance(0);
	return {
		tail,
		clock,
		queries,
		advance,
		texts: () => tail.lines.map(({text}) => text).join(' '),
		changes: () => changes,
	};
}

test('reads to the end', async () => {
	const {tail, texts, advance, changes} = await open([{lines: [line('a'), line('b')], ends: true}]);
	expect([texts(), tail.ended, tail.broken]).toEqual(['a b', true, undefined]);
	await advance(100);
	expect(changes()).toBe(1);
});

test('goes on where it broke, without what it has read already', async () => {
	const {tail, texts, advance, queries} = await open([
		{lines: [line('a', 1), line('b', 2), line('c', 2)]},
		{lines: [line('b', 2), line('c', 2), line('d', 2), line('c', 3)], ends: true},
	]);
	expect([texts(), tail.broken]).toEqual(['a b c', 'the stream broke']);
	await advance(500);
	expect([texts(), tail.broken]).toEqual(['a b c d c', undefined]);
	expect(queries[1]).toEqual({instanceIds: ['i1'], follow: true, sinceAt: 2});
});

test('tries again at longer intervals', async () => {
	const {advance, queries, tail} = await open([{lines: []}, {lines: []}, {lines: []}]);
	const counts: number[] = [];
	for (const ms of [499, 1, 999, 1, 1999, 1]) {
		await advance(ms);
		counts.push(queries.length);
	}

	expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
	tail.close();
});

test('keeps so many lines, and counts those that went', async () => {
	const lines = Array.from({length: 1000}, (_, index) => line(String(index)));
	const {tail} = await open([{lines, ends: true}], 100);
	expect(tail.lines.length).toBeLessThanOrEqual(110);
	expect(tail.dropped + tail.lines.length).toBe(1000);
	expect(tail.lines.at(-1)?.text).toBe('999');
});

test('closed, nothing goes on', async () => {
	const {tail, clock, advance, queries} = await open([{lines: [line('a')]}]);
	tail.close();
	expect(clock.waiting).toBe(0);
	await advance(10_000);
	expect(queries.length).toBe(1);
});
