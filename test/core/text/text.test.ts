import {describe, expect, test} from 'vitest';
import {
	displayWidth,
	dropColumns,
	fitName,
	fitWidth,
	shorten,
	stripControl,
	truncate,
} from '../../../source/core/text/text.ts';

describe('stripControl', () => {
	const check = (name: string, text: string, expected: string) => {
		test(name, () => {
			expect(stripControl(text)).toBe(expected);
		});
	};

	check('leaves plain text', 'web – größer 日本 👍🏽', 'web – größer 日本 👍🏽');
	check('takes colours out', '\x1b[31mred\x1b[0m', 'red');
	check('takes a title out, ended by BEL', 'a\x1b]0;owned\x07b', 'ab');
	check('takes a link out, ended by ST', '\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\', 'text');
	check('takes the rest of an open string', 'a\x1b]0;owned', 'a');
	check('takes 8-bit sequences out', 'a\x9b31mb\x9d0;t\x9cc', 'abc');
	check('takes a device control string out', 'a\x1bPq#0\x1b\\b', 'ab');
	check('takes a reset out', 'a\x1bcb', 'ab');
	check('takes an escape at the end', 'a\x1b', 'a');
	check('keeps one line', 'a\r\nb\nc\u2028d\x85e', 'a b c d e');
	check('makes a tab a space', 'a\tb', 'a b');
	check('shows what rings, erases or overprints', 'a\x07b\x08c\x7fd', 'a<7>b<8>c<7f>d');
	check('shows what reorders', 'exe\u202egpj.\u2066x', 'exe<202e>gpj.<2066>x');
	check('shows what is not seen', 'a\u200bb\ufeff', 'a<200b>b<feff>');
	check('mends half a pair', 'a\ud800b', 'a\ufffdb');
	check('does not build a sequence out of pieces', '\x1b\x1b[31m[31mx', '[31mx');

	test('leaves no control whatever comes', () => {
		const alphabet = ['\x1b', '[', ']', '\x9b', '\x9d', '3', 'm', ';', '\x07', '\\', '\n', 'a', '\u202e', '\x00', 'P'];
		let seed = 7;
		for (let round = 0; round < 3000; round++) {
			let text = '';
			for (let index = 0; index < 12; index++) {
				seed = (seed * 1103515245 + 12345) % 2147483648;
				text += alphabet[Math.floor((seed / 2147483648) * alphabet.length)];
			}

			expect(stripControl(text), JSON.stringify(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
		}
	});
});

describe('displayWidth', () => {
	test.each([
		['', 0],
		['web', 3],
		['größer', 6],
		['gro\u0308ßer', 6],
		['日本', 4],
		['한글', 4],
		['👍🏽', 2],
		['👨‍👩‍👧', 2],
		['🇩🇪', 2],
		['❤️', 2],
		['▸ ███▊░ ▂▃▅ ●', 13],
	])('%s', (text, expected) => {
		expect(displayWidth(text)).toBe(expected);
	});
});

describe('cutting and filling', () => {
	test.each([
		['web', 5, 'web  ', 'web'],
		['nodejs-2', 5, 'node…', 'node…'],
		['日本語', 4, '日… ', '日…'],
		['日本', 4, '日本', '日本'],
		['web', 0, '', ''],
	])('%s in %i', (text, columns, filled, cut) => {
		expect(fitWidth(text, columns)).toBe(filled);
		expect(truncate(text, columns)).toBe(cut);
	});

	test.each([
		['web.3', 8, 'web.3'],
		['web-frontend-85fcf8d986-9vc9z', 24, 'web-frontend-85f…6-9vc9z'],
		['a-service-of-a-longer-name.100', 14, 'a-servi…me.100'],
		['a-service-of-a-longer-name.100', 8, 'a-se…100'],
		['a-service-of-a-longer-name.100', 4, 'a-s…'],
		['ゆっくりサービス.12', 11, 'ゆっ…ス.12'],
		['ゆっくりサービス.12', 12, 'ゆっく…ス.12'],
		['名'.repeat(9), 10, '名名…名名'],
	])('the name %s in %i', (name, columns, short) => {
		expect(shorten(name, columns)).toBe(short);
		expect(displayWidth(fitName(name, columns))).toBe(columns);
	});

	test('to the right', () => {
		expect(fitWidth('7', 3, 'right')).toBe('  7');
	});
});

describe('from further right', () => {
	test.each([
		['größer', 0, 'größer'],
		['größer', 3, 'ßer'],
		['größer', 9, ''],
		['日本x', 2, '本x'],
		['日本x', 3, ' x'],
		['日本', 9, ''],
		['e\u0301日', 1, '日'],
	])('%s without %i columns', (text, columns, left) => {
		expect(dropColumns(text, columns)).toBe(left);
	});
});
