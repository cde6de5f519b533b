import {describe, expect, test} from 'vitest';
import type {LogLine, LogQuery} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import type {LogLimits} from '../../source/live/log-buffer.ts';
import {type LogTail, openLogTail} from '../../source/live/log-tail.ts';
import {createManualClock} from '../helpers/manual-clock.ts';

function line(text: string, at = 0): LogLine {
	return {at, instanceId: 'i1', instanceName: 'web.1', stream: 'stdout', text};
}

/** Each call of `logs` reads the next of these, and then breaks or ends. */
async function open(
	streams: ReadonlyArray<{lines: readonly LogLine[]; ends?: boolean}>,
	limits: Partial<LogLimits> = {},
) {
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
	const tail = openLogTail({logs, query, clock, changed: () => changes++, limits});
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
		texts: () => kept(tail).join(' '),
		changes: () => changes,
	};
}

/** The texts in the buffer, in their order. */
function kept({buffer}: LogTail): readonly string[] {
	return Array.from({length: buffer.end - buffer.first}, (_, index) => {
		const entry = buffer.get(buffer.first + index);
		return entry !== undefined && 'text' in entry ? entry.text : '';
	});
}

test('until somebody has answered nobody knows what was written', async () => {
	const clock = createManualClock(1000);
	let answer = () => {};
	const tail = openLogTail({
		async *logs(_query, signal, _missed, opened) {
			answer = () => opened?.();
			await new Promise(resolve => signal.addEventListener('abort', resolve));
		},
		query: {instanceIds: ['i1'], follow: true},
		clock,
		changed: () => {},
	});
	clock.advance(5000);
	expect(tail.askedSince).toBe(1000);
	answer();
	expect(tail.askedSince).toBe(undefined);
	tail.close();
	const {tail: read} = await open([{lines: [line('a')]}]);
	expect(read.askedSince).toBe(undefined);
});

test('reads to the end', async () => {
	const {tail, texts, advance, changes} = await open([{lines: [line('a'), line('b')], ends: true}]);
	expect([texts(), tail.ended, tail.broken]).toEqual(['a b', true, undefined]);
	await advance(100);
	expect(changes()).toBe(1);
});

test('goes on a little before where it broke, without what it has read already', async () => {
	const {tail, texts, advance, queries} = await open([
		{lines: [line('a', 3001), line('b', 5000), line('c', 5000)]},
		// Of another instance, and late: it would be missed if it went on at the last line.
		{lines: [line('a', 3001), line('late', 4000), line('b', 5000), line('c', 5000), line('c', 5000), line('d', 6000)]},
	]);
	expect([texts(), tail.broken]).toEqual(['a b c', 'the stream broke']);
	await advance(500);
	expect(texts()).toEqual('a late b c c d');
	expect(queries[1]).toEqual({instanceIds: ['i1'], follow: true, sinceAt: 3000});
});

test('lines that arrive together are in the order of their times', async () => {
	const {texts} = await open([{lines: [line('a', 1), line('c', 3), line('b', 2)], ends: true}]);
	expect(texts()).toBe('a b c');
});

test('what would move the cursor of a terminal never gets in, nor a line as long as a file', async () => {
	const {tail} = await open([{lines: [line('\u{1B}[2Jred\tx'), line('y'.repeat(100_000))], ends: true}]);
	expect(kept(tail).map(text => text.slice(0, 10))).toEqual(['red    x', 'yyyyyyyyyy']);
	expect(kept(tail)[1]?.length).toBe(16_384);
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
	const {tail} = await open([{lines, ends: true}], {maxLines: 100});
	const {buffer} = tail;
	expect(buffer.end - buffer.first).toBeLessThanOrEqual(110);
	expect(buffer.end).toBe(1000);
	expect(kept(tail).at(-1)).toBe('999');
});

test('closed, nothing goes on', async () => {
	const {tail, clock, advance, queries} = await open([{lines: [line('a')]}]);
	tail.close();
	expect(clock.waiting).toBe(0);
	await advance(10_000);
	expect(queries.length).toBe(1);
});

describe('a line that is held', () => {
	/** Eight lines have come of so many, the others come now; ten are kept. */
	async function openHeld(held: number | undefined, limits: Partial<LogLimits> = {maxLines: 10}) {
		const gate = Promise.withResolvers<void>();
		const clock = createManualClock(0);
		let read = 0;
		async function* logs(): AsyncGenerator<LogLine> {
			for (; read < 5000; read++) {
				if (read === 8) await gate.promise;
				yield line(String(read), read);
			}
		}

		const tail = openLogTail({logs, query: {instanceIds: ['i1'], follow: true}, clock, changed: () => {}, limits});
		const advance = async () => {
			await new Promise(resolve => setImmediate(resolve));
			clock.advance(100);
			await new Promise(resolve => setImmediate(resolve));
		};
		await advance();
		tail.hold(held);
		gate.resolve();
		await advance();
		return {tail, advance, read: () => read};
	}

	test('stays, and what would push it out is not read', async () => {
		const {tail, read} = await openHeld(3);
		expect(tail.buffer.get(3)).toMatchObject({text: '3'});
		expect([tail.waits, tail.ended]).toEqual([true, false]);
		expect(read()).toBeLessThan(20);
	});

	test('as many more are read as there is room for behind another one', async () => {
		const {tail, read, advance} = await openHeld(3);
		const before = read();
		tail.hold(8);
		await advance();
		expect([read() - before, tail.waits]).toEqual([5, true]);
	});

	test('that is let go lets in all the others', async () => {
		const {tail, advance} = await openHeld(3);
		tail.hold(undefined);
		await advance();
		expect([tail.waits, tail.ended, kept(tail).at(-1)]).toEqual([false, true, '4999']);
	});

	test('also of long texts', async () => {
		const {tail, read} = await openHeld(0, {maxCharacters: 9});
		expect(tail.waits).toBe(true);
		expect(read()).toBeLessThan(20);
	});

	test('closed, nothing waits', async () => {
		const {tail, advance} = await openHeld(3);
		tail.close();
		await advance();
		expect(tail.waits).toBe(false);
	});
});

test('of which nothing can be read is known until it is read', async () => {
	const clock = createManualClock(0);
	let go = () => {};
	const goes = new Promise<void>(resolve => {
		go = resolve;
	});
	const tail = openLogTail({
		async *logs(_query, _signal, missed) {
			missed?.('web.1', new ClusterError('unreachable', 'its node is silent'));
			missed?.('web.2', new ClusterError('unreachable', 'its node is silent'));
			await goes;
			yield {...line('a'), instanceName: 'web.1/main'};
		},
		query: {instanceIds: ['i1', 'i2'], follow: true},
		clock,
		changed() {},
	});
	const before = [...tail.missed];
	go();
	await new Promise(resolve => setImmediate(resolve));
	expect([before, [...tail.missed.keys()]]).toEqual([
		[
			['web.1', 'its node is silent'],
			['web.2', 'its node is silent'],
		],
		['web.2'],
	]);
});
