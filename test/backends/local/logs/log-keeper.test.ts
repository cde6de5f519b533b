import {
	appendFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {readIndex} from '../../../../source/backends/local/logs/log-index.ts';
import {createLogKeeper} from '../../../../source/backends/local/logs/log-keeper.ts';
import {until} from '../../../helpers/local-engine.ts';

let folder: string;
let log: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-keeper-'));
	log = path.join(folder, 'stdout.log');
	vi.useFakeTimers({toFake: ['setInterval', 'performance']});
});

afterEach(() => {
	vi.useRealTimers();
	rmSync(folder, {recursive: true, force: true});
});

function keep({mayAct = () => true as boolean, maxLogBytes = 1000} = {}) {
	const reports: string[] = [];
	return {keeper: createLogKeeper({mayAct, report: message => reports.push(message), maxLogBytes}), reports};
}

/** Written at this second. */
function write(text: string, atSeconds: number) {
	appendFileSync(log, text);
	utimesSync(log, atSeconds, atSeconds);
}

test('notes when a log grew, not more than once a second', () => {
	const {keeper} = keep();
	keeper.add(log);
	write('a\n', 100);
	vi.advanceTimersByTime(250);
	write('b\n', 101);
	vi.advanceTimersByTime(250);
	expect([2, 4].map(end => readIndex(log).timeAt(end))).toEqual([100_000, undefined]);
	vi.advanceTimersByTime(1000);
	expect([2, 4].map(end => readIndex(log).timeAt(end))).toEqual([100_000, 101_000]);
});

test('looks at a quiet log less often, and yet tells when it was written', () => {
	const {keeper} = keep();
	writeFileSync(log, '');
	keeper.add(log);
	vi.advanceTimersByTime(60_000);
	write('a\n', 100);
	vi.advanceTimersByTime(2000);
	expect(readIndex(log).timeAt(2)).toBe(100_000);
});

test('notes the last words, and goes on where another keeper was', () => {
	const first = keep().keeper;
	first.add(log);
	write('a\n', 100);
	first.remove(log);
	expect(readIndex(log).timeAt(2)).toBe(100_000);
	const second = keep().keeper;
	second.add(log);
	write('b\n', 200);
	vi.advanceTimersByTime(250);
	expect([2, 4].map(end => readIndex(log).timeAt(end))).toEqual([100_000, 200_000]);
});

test('rotates a log that is too long, with its index', async () => {
	const {keeper} = keep();
	keeper.add(log);
	write('x'.repeat(999), 100);
	vi.advanceTimersByTime(1250);
	expect(existsSync(`${log}.1`)).toBe(false);
	write('\n', 101);
	vi.advanceTimersByTime(1250);
	await until(() => statSync(log).size === 0);
	expect(readFileSync(`${log}.1`, 'utf8')).toBe(`${'x'.repeat(999)}\n`);
	expect(readIndex(`${log}.1`).end).toBe(1000);
	expect(existsSync(`${log}.index`)).toBe(false);
	await until(() => {
		vi.advanceTimersByTime(250);
		return !existsSync(`${log}.1.new`);
	});
	write('new\n', 102);
	vi.advanceTimersByTime(2000);
	expect(readIndex(log).timeAt(4)).toBe(102_000);
});

test('touches nothing when it may not', () => {
	const {keeper} = keep({mayAct: () => false});
	keeper.add(log);
	write('x'.repeat(2000), 100);
	vi.advanceTimersByTime(5000);
	keeper.remove(log);
	expect([existsSync(`${log}.index`), existsSync(`${log}.1`)]).toEqual([false, false]);
});

test('reports a trouble once', () => {
	const {keeper, reports} = keep();
	keeper.add(log);
	mkdirSync(`${log}.index`);
	write('a\n', 100);
	vi.advanceTimersByTime(10_000);
	expect(reports).toEqual([expect.stringContaining(`${log} cannot be looked after: EISDIR`)]);
});
