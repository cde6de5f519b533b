import {expect, test} from 'vitest';
import type {LogLine} from '../../../source/core/backend.ts';
import {LogBuffer} from '../../../source/live/log-buffer.ts';
import {LogView} from '../../../source/views/logs/log-view.ts';
import {parsePattern} from '../../../source/views/text/pattern.ts';

// Lines are words, a time each; `!` in front: on stderr. Rows are written `word`, their further pieces `word+1`.

function line(word: string, at: number): LogLine {
	const isError = word.startsWith('!');
	const stream = isError ? 'stderr' : 'stdout';
	return {at, instanceId: 'i', instanceName: 'web.1', stream, text: isError ? word.slice(1) : word};
}

function fill(buffer: LogBuffer, text: string, from = buffer.end): void {
	buffer.add(text.split(' ').map((word, index) => line(word, from + index)));
}

function rows(view: LogView): string {
	return Array.from({length: view.count}, (_, index) => {
		const row = view.at(index);
		if (row === undefined) return '?';
		const {entry, piece} = row;
		return `${'mark' in entry ? '--' : entry.text}${piece === 0 ? '' : `+${piece}`}`;
	}).join(' ');
}

function open(text: string, limits = {}) {
	const buffer = new LogBuffer(limits);
	if (text !== '') fill(buffer, text);
	const view = new LogView(buffer);
	view.sync();
	return {buffer, view};
}

type Look = {filter?: string; stderrOnly?: boolean; wrapAt?: number};

function lookOf({filter = '', stderrOnly = false, wrapAt}: Look) {
	return {filter: parsePattern(filter), stderrOnly, wrapAt};
}

const looks: ReadonlyArray<readonly [name: string, text: string, look: Look, expected: string]> = [
	['all', 'a !b c', {}, 'a b c'],
	['only those that match', 'get post get', {filter: 'GET|x'}, ''],
	['small letters find capitals', 'GET post get', {filter: 'get'}, 'GET get'],
	['capitals only themselves', 'GET post get', {filter: 'G'}, 'GET'],
	['only those that do not', 'get post get', {filter: '!ge'}, 'post'],
	['no regular expression', 'a( b) a', {filter: 'a('}, 'a('],
	['stderr only', 'a !b c !d', {stderrOnly: true}, 'b d'],
	['both', 'a !b b !d', {stderrOnly: true, filter: 'b'}, 'b'],
	['wrapped', 'abc abcd abcdefg', {wrapAt: 3}, 'abc abcd abcd+1 abcdefg abcdefg+1 abcdefg+2'],
	['wide characters are not cut in two', '日本語 a', {wrapAt: 5}, '日本語 日本語+1 a'],
];

test.each(looks)('%s', (_, text, look, expected) => {
	const {view} = open(text);
	view.look(lookOf(look));
	view.sync();
	expect(rows(view)).toBe(expected);
});

test.each(looks)('line by line: %s', (_, text, look, expected) => {
	const {buffer, view} = open('');
	view.look(lookOf(look));
	for (const word of text.split(' ')) {
		fill(buffer, word);
		view.sync();
	}

	expect(rows(view)).toBe(expected);
});

test('a mark is shown whatever the filter', () => {
	const {buffer, view} = open('a b');
	buffer.mark(1, 9);
	fill(buffer, 'c', 10);
	view.look(lookOf({filter: 'c'}));
	view.sync();
	expect(rows(view)).toBe('-- c');
});

test('what the buffer drops goes from the top, and rows are still found', () => {
	const {buffer, view} = open('', {maxLines: 5});
	view.look(lookOf({wrapAt: 2}));
	for (let index = 0; index < 40; index++) {
		fill(buffer, index % 2 === 0 ? `w${index}x` : `${index}`);
		view.sync();
		const whole = rows(view);
		expect(whole.includes('?')).toBe(false);
		const number = buffer.end - 1;
		expect(view.at(view.rowOf(number))).toMatchObject({number, piece: 0});
	}

	expect(rows(view).endsWith('37 w38x w38x+1 39')).toBe(true);
	expect(view.rowOf(0)).toBe(0);
	expect(view.rowOf(1000)).toBe(view.count);
});

test('a line that is late takes its place', () => {
	const {buffer, view} = open('');
	buffer.add([line('a', 1), line('c', 3)]);
	view.sync();
	buffer.add([line('b', 2), line('d', 4)]);
	view.sync();
	expect(rows(view)).toBe('a b c d');
});

test('what is searched for is found in what is shown, and in what comes', () => {
	const {buffer, view} = open('x1 y2 x3');
	view.search(parsePattern('x'));
	expect(view.found).toEqual([0, 2]);
	fill(buffer, 'y4 x5');
	view.sync();
	expect(view.found).toEqual([0, 2, 4]);
	view.look(lookOf({filter: '[345]'}));
	view.sync();
	expect(view.found).toEqual([2, 4]);
	view.search(undefined);
	expect(view.found).toEqual([]);
});

test('random lines, late ones, drops and looks: the rows are those that a fresh view would have', () => {
	let seed = 7;
	const random = () => {
		seed = (seed * 16_807) % 2_147_483_647;
		return seed / 2_147_483_647;
	};
	const {buffer, view} = open('', {maxLines: 30});
	let look = lookOf({});
	const search = parsePattern('a');
	view.search(search);
	for (let step = 0; step < 2000; step++) {
		if (random() < 0.02) {
			look = lookOf({
				...(random() < 0.5 ? {filter: 'a|c'} : {}),
				stderrOnly: random() < 0.3,
				...(random() < 0.5 ? {wrapAt: 1 + Math.floor(random() * 4)} : {}),
			});
			view.look(look);
		}

		const words = Array.from(
			{length: Math.floor(random() * 4)},
			() => `${random() < 0.5 ? '!' : ''}${'abcd'.slice(Math.floor(random() * 4))}`,
		);
		buffer.add(words.map(word => line(word, step - Math.floor(random() * 3))));
		if (random() < 0.01) buffer.mark(1, step);
		view.sync();
		const fresh = new LogView(buffer);
		fresh.look(look);
		fresh.search(search);
		fresh.sync();
		// The fresh one has taken the note of what was revised, which the view has acted on.
		expect([rows(view), view.found.join()]).toEqual([rows(fresh), fresh.found.join()]);
	}
});
