import {spawn} from 'node:child_process';
import {appendFileSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type LogSource, type ReadLogsOptions, readLogs} from '../../../../source/backends/local/client/read-logs.ts';
import {appendRecord} from '../../../../source/backends/local/logs/log-index.ts';
import {LogStream} from '../../../../source/backends/local/logs/log-stream.ts';
import {rotate} from '../../../../source/backends/local/logs/rotate.ts';
import {until} from '../../../helpers/local-engine.ts';

let root: string;
let stop: AbortController;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-logs-'));
	stop = new AbortController();
});

afterEach(() => {
	stop.abort();
	rmSync(root, {recursive: true, force: true});
});

/** An instance with an own folder. */
function source(name: string, hasEnded = () => false): LogSource {
	const folder = path.join(root, name);
	mkdirSync(folder, {recursive: true});
	return {instanceId: `${name}-id`, instanceName: name, folder, hasEnded};
}

function file({folder}: LogSource, stream = 'stdout'): string {
	return path.join(folder, `${stream}.log`);
}

/** Writes text, and the record that it was there at this time. */
function write(to: LogSource, at: number, text: string, stream = 'stdout') {
	appendFileSync(file(to, stream), text);
	appendRecord(file(to, stream), statSync(file(to, stream)).size, at);
}

async function collect(sources: readonly LogSource[], options: Partial<ReadLogsOptions> = {}): Promise<string[]> {
	const lines: string[] = [];
	for await (const {at, instanceName, stream, text} of readLogs({
		sources,
		follow: false,
		signal: stop.signal,
		...options,
	})) {
		lines.push(`${at} ${instanceName} ${stream === 'stderr' ? '! ' : ''}${text}`);
	}

	return lines;
}

/** Goes on collecting texts. */
function follow(sources: readonly LogSource[], options: Partial<ReadLogsOptions> = {}) {
	const texts: string[] = [];
	const done = (async () => {
		for await (const {text} of readLogs({sources, follow: true, signal: stop.signal, ...options})) texts.push(text);
	})();
	return {
		texts,
		done,
		has: (count: number) =>
			until(
				() => texts.length,
				found => found >= count,
			),
	};
}

// A single instance that wrote without end (`yes`) held its agent up until the node was down, then that of the next node.
test('a log that grows faster than it can be copied is rotated all the same', async () => {
	const one = source('web.1');
	const flood = spawn('/bin/sh', ['-c', 'exec yes "a line of a flood"'], {
		stdio: ['ignore', openSync(file(one), 'a'), 'ignore'],
	});
	try {
		await until(() => statSync(file(one)).size > 5_000_000);
		await rotate(file(one), 1_000_000);
		expect(statSync(`${file(one)}.1`).size).toBeLessThan(6_000_000);
		await until(() => statSync(file(one)).size > 1_000_000);
	} finally {
		flood.kill('SIGKILL');
	}
});

describe('what is there', () => {
	test('comes in the order of time, over instances and streams', async () => {
		const [one, two] = [source('web.1'), source('web.2')];
		write(one, 100, 'a\n');
		write(two, 150, 'b\nc\n');
		write(one, 200, 'd\n');
		write(one, 170, 'oops\n', 'stderr');
		expect(await collect([one, two])).toEqual([
			'100 web.1 a',
			'150 web.2 b',
			'150 web.2 c',
			'170 web.1 ! oops',
			'200 web.1 d',
		]);
	});

	test('begins where it was rotated away', async () => {
		const one = source('web.1');
		write(one, 100, 'old 1\nold 2\ncut in ');
		await rotate(file(one));
		write(one, 200, 'two\nnew\n');
		expect(await collect([one])).toEqual([
			'100 web.1 old 1',
			'100 web.1 old 2',
			'200 web.1 cut in two',
			'200 web.1 new',
		]);
		expect(await collect([one], {tail: 1})).toEqual(['200 web.1 new']);
		expect(await collect([one], {tail: 3})).toEqual(['100 web.1 old 2', '200 web.1 cut in two', '200 web.1 new']);
		expect(await collect([one], {sinceAt: 150})).toEqual(['200 web.1 cut in two', '200 web.1 new']);
	});

	test('of what was too long to be copied the end, with its times', async () => {
		const one = source('web.1');
		write(one, 100, 'old 1\nold 2\n');
		write(one, 150, 'kept 1\n');
		write(one, 200, 'kept 2\ncut in ');
		expect(await rotate(file(one), 17)).toBe(12);
		write(one, 300, 'two\n');
		expect(await collect([one])).toEqual(['150 web.1 kept 1', '200 web.1 kept 2', '300 web.1 cut in two']);
		expect(await collect([one], {sinceAt: 200})).toEqual(['200 web.1 kept 2', '300 web.1 cut in two']);
		expect(await collect([one], {tail: 3})).toEqual(['150 web.1 kept 1', '200 web.1 kept 2', '300 web.1 cut in two']);
	});

	test('since a moment, from the beginning of a line', async () => {
		const one = source('web.1');
		write(one, 100, 'a\nhalf ');
		write(one, 200, 'and half\nb\n');
		write(one, 300, 'c\n');
		expect(await collect([one], {sinceAt: 200})).toEqual(['200 web.1 half and half', '200 web.1 b', '300 web.1 c']);
		expect(await collect([one], {sinceAt: 201})).toEqual(['300 web.1 c']);
		expect(await collect([one], {sinceAt: 301})).toEqual([]);
	});

	test('the last lines of each instance, its streams together', async () => {
		const [one, two] = [source('web.1'), source('web.2')];
		for (let at = 1; at <= 20; at++) {
			write(one, at, `line ${at}\n`, at % 2 ? 'stdout' : 'stderr');
		}

		write(two, 5, 'only\n');
		expect(await collect([one, two], {tail: 3})).toEqual([
			'5 web.2 only',
			'18 web.1 ! line 18',
			'19 web.1 line 19',
			'20 web.1 ! line 20',
		]);
		expect(await collect([one, two], {tail: 0})).toEqual([]);
	});

	test('ends with a line that has no end', async () => {
		const one = source('web.1');
		write(one, 100, 'a\r\n\nlogin: ');
		expect(await collect([one])).toEqual(['100 web.1 a', '100 web.1 ', '100 web.1 login: ']);
		expect(await collect([one], {tail: 1})).toEqual(['100 web.1 login: ']);
	});

	test('a line that is too long comes in pieces', async () => {
		const one = source('web.1');
		write(one, 100, `${'x'.repeat(150_000)}\nshort\n`);
		const lines = await collect([one]);
		expect(lines.map(line => line.length - '100 web.1 '.length)).toEqual([65_536, 65_536, 18_928, 5]);
	});

	test('without an index the time is that of the last change', async () => {
		const one = source('web.1');
		writeFileSync(file(one), 'a\n');
		const before = Math.floor(statSync(file(one)).mtimeMs);
		expect(await collect([one])).toEqual([`${before} web.1 a`]);
	});

	test('of nobody is nothing', async () => {
		expect(await collect([source('web.1'), {...source('gone'), folder: path.join(root, 'no/such')}])).toEqual([]);
	});
});

describe('following', () => {
	test('goes on with each line as soon as it is whole', async () => {
		const one = source('web.1');
		write(one, 100, 'a\n');
		const {texts, has} = follow([one]);
		await has(1);
		appendFileSync(file(one), 'b\nhalf');
		await has(2);
		appendFileSync(file(one), ' whole\n');
		appendFileSync(file(one, 'stderr'), 'oops\n');
		await has(4);
		expect(texts.toSorted()).toEqual(['a', 'b', 'half whole', 'oops']);
	});

	test('is not confused by a rotation', async () => {
		const one = source('web.1');
		const {texts, has} = follow([one]);
		const expected: string[] = [];
		for (let round = 0; round < 5; round++) {
			for (let line = 0; line < 50; line++) {
				expected.push(`${round}.${line}`);
				appendFileSync(file(one), `${round}.${line}\n`);
			}

			await rotate(file(one));
			// Two rotations between two looks would lose what the first took away; so each is seen before the next.
			expected.push(`after ${round}`);
			appendFileSync(file(one), `after ${round}\n`);
			await has(expected.length);
		}

		expect(texts).toEqual(expected);
	});

	test('goes on where it was in what was too long to be copied whole', async () => {
		const one = source('web.1');
		const stream = new LogStream({instanceId: 'i', instanceName: 'web.1', stream: 'stdout', file: file(one)}, {});
		const texts: string[] = [];
		const readAll = () => {
			for (let lines = stream.read(); lines.length > 0; lines = stream.read()) {
				texts.push(...lines.map(({text}) => text));
			}
		};

		appendFileSync(file(one), 'cut off\nread\n');
		readAll();
		appendFileSync(file(one), 'not read\nnor this\n');
		await rotate(file(one), 23);
		appendFileSync(file(one), 'new\n');
		await until(() => {
			readAll();
			return texts.length >= 5;
		});
		expect(texts).toEqual(['cut off', 'read', 'not read', 'nor this', 'new']);
	});

	test('goes on from the start of a log that was emptied', async () => {
		const one = source('web.1');
		const {texts, has} = follow([one]);
		appendFileSync(file(one), 'before\n');
		await has(1);
		truncateSync(file(one));
		appendFileSync(file(one), 'new\n');
		await has(2);
		expect(texts).toEqual(['before', 'new']);
	});

	test('ends when all have ended, with what was left', async () => {
		let hasEnded = false;
		const one = source('web.1', () => hasEnded);
		const {texts, done, has} = follow([one]);
		appendFileSync(file(one), 'a\nlast words');
		await has(1);
		hasEnded = true;
		await done;
		expect(texts).toEqual(['a', 'last words']);
	});

	test('takes in those that come later', async () => {
		const later = Promise.withResolvers<LogSource>();
		const one = source('web.1', () => true);
		async function* joining() {
			yield await later.promise;
		}

		const {texts, done, has} = follow([one], {joining: joining()});
		const two = {...source('web.2', () => true), folder: path.join(root, 'later')};
		mkdirSync(two.folder);
		appendFileSync(file(two), 'from two\n');
		later.resolve(two);
		await has(1);
		await done;
		expect(texts).toEqual(['from two']);
	});

	test('ends at once when nobody listens any more', async () => {
		const {done} = follow([source('web.1')]);
		stop.abort();
		await done;
	});
});
