import {expect, test} from 'vitest';
import {segmenter} from '../../../source/views/terminal/segmenter.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

const real = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

const pieces = ['a', ' ', '\x1b[1;31m', '\x1b]8;;x\x1b\\', '▸', '│', '–', '…', 'é', '©', 'ж', '→', '⣿', '✓'];
const others = ['e\u{301}', '日', '👩‍👩‍👧', '🇩🇪', '\u{200D}', '\u{FE0F}', '\r\n', '\u{600}', '\u{1100}\u{1161}'];

function check(text: string): void {
	const found = Array.from(segmenter.segment(text), ({segment, index}) => ({segment, index}));
	const expected = Array.from(real.segment(text), ({segment, index}) => ({segment, index}));
	expect(found, JSON.stringify(text)).toEqual(expected);
}

test('characters are told apart as Intl does', () => {
	const random = seededRandom(1);
	const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
	for (let round = 0; round < 3000; round++) {
		const isOdd = random() < 0.5;
		check(Array.from({length: Math.floor(random() * 9)}, () => pick(isOdd ? [...pieces, ...others] : pieces)).join(''));
	}
});

test('each letter that is taken for one character alone is one, whatever comes next to it', () => {
	for (let code = 0x20; code < 0x3000; code++) {
		const letter = String.fromCharCode(code);
		check(`${letter}▸${letter}${letter}\x1b${letter}a`);
	}
});
