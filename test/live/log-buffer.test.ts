import {expect, test} from 'vitest';
import type {LogLine} from '../../source/core/backend.ts';
import {LogBuffer, type LogLimits} from '../../source/live/log-buffer.ts';

// Lines are written `3 7`: of these moments, in the order in which they arrive; `|` is between two arrivals, `m5` a mark.

function lines(text: string): LogLine[] {
	return text
		.split(' ')
		.filter(Boolean)
		.map(at => ({at: Number(at), instanceId: 'i', instanceName: 'web.1', stream: 'stdout', text: at}));
}

function fill(text: string, limits: Partial<LogLimits> = {}): LogBuffer {
	const buffer = new LogBuffer(limits);
	for (const arrival of text.split('|')) {
		const [, mark] = /^\s*m(\d+)\s*$/.exec(arrival) ?? [];
		if (mark === undefined) buffer.add(lines(arrival));
		else buffer.mark(1, Number(mark));
	}

	return buffer;
}

function kept(buffer: LogBuffer): string {
	const entries = Array.from({length: buffer.end - buffer.first}, (_, index) => buffer.get(buffer.first + index));
	return entries.map(entry => (entry === undefined ? '?' : 'mark' in entry ? `m${entry.at}` : entry.text)).join(' ');
}

const orders = [
	['as they come', '1 2 | 3', '1 2 3'],
	['an arrival in itself', '3 1 2', '1 2 3'],
	['one that is late goes where it belongs', '1 5 | 3', '1 3 5'],
	['several that are late', '1 4 6 8 | 2 5 9', '1 2 4 5 6 8 9'],
	['of the same moment, as they came', '1 2 2.0 | 2.00', '1 2 2.0 2.00'],
	['behind a mark', '1 | m2 | 3', '1 m2 3'],
	['a mark is behind what has come, whatever its time', '9 | m2', '9 m9'],
	['nothing', ' | ', ''],
] as const;

test.each(orders)('order: %s', (_, text, expected) => {
	expect(kept(fill(text))).toBe(expected);
});

test('with more lines than may be kept, the oldest go, and their number is known', () => {
	const buffer = fill(Array.from({length: 34}, (_, index) => index).join(' | '), {maxLines: 10});
	expect(kept(buffer).endsWith('31 32 33')).toBe(true);
	expect(buffer.end).toBe(34);
	expect(buffer.end - buffer.first).toBeLessThanOrEqual(11);
	expect(buffer.get(buffer.first - 1)).toBe(undefined);
	expect(buffer.get(33)).toMatchObject({text: '33'});
});

test('with longer lines than may be kept, too', () => {
	const buffer = fill('100 | 200 | 300 | 400 | 500', {maxCharacters: 9});
	expect(kept(buffer)).toBe('300 400 500');
	expect(buffer.first).toBe(2);
});

test('tells from where on another line stands, once', () => {
	const buffer = fill('1 2 5 6');
	expect(buffer.takeRevised()).toBe(0);
	buffer.add(lines('7'));
	expect(buffer.takeRevised()).toBe(4);
	buffer.add(lines('3'));
	expect(buffer.takeRevised()).toBe(2);
	expect(buffer.takeRevised()).toBe(6);
});
