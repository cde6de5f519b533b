import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createReportQueue} from '../../../../source/backends/local/agent/report-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is handed on, and when, in milliseconds; `changes`: what changes at which moment. */
function handedOn(changes: ReadonlyArray<readonly [ms: number, name: string]>): string[] {
	const told: string[] = [];
	const startMs = performance.now();
	const changed = createReportQueue<string>(names => told.push(`${performance.now() - startMs}: ${names.join(' ')}`));
	for (const [ms, name] of changes) {
		setTimeout(() => changed(name), ms);
	}

	vi.advanceTimersByTime(1000);
	return told;
}

test('what changes within a few milliseconds is handed on together, each once', () => {
	expect(
		handedOn([
			[10, 'a'],
			[11, 'b'],
			[12, 'a'],
			[100, 'c'],
		]),
	).toEqual(['14: a b', '104: c']);
});

test('while much goes on it is handed on less often, and all of it', () => {
	const each = Array.from({length: 8}, (_, index) => [10 + 5 * index, `i${index}`] as const);
	expect(handedOn(each)).toEqual(['14: i0', '30: i1 i2 i3 i4', '50: i5 i6 i7']);
});
