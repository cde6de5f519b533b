import {expect, test} from 'vitest';
import {editLine, insert, type Line, lineOf} from '../../../source/views/form/line-edit.ts';

/** `|` is the caret. */
const read = (text: string): Line => ({text: text.replace('|', ''), caret: [...text].indexOf('|')});
const write = ({text, caret}: Line) => [...text].toSpliced(caret, 0, '|').join('');

function check(before: string, keys: string, after: string) {
	test(`${before} ${keys} → ${after}`, () => {
		const line = keys.split(' ').reduce((one, key) => editLine(one, key === 'space' ? ' ' : key), read(before));
		expect(write(line)).toBe(after);
	});
}

check('|', 'a b', 'ab|');
check('ac|', 'left b', 'ab|c');
check('|', 'left backspace delete', '|');
check('abc|', 'home delete', '|bc');
check('abc|', 'ctrl-a ctrl-k', '|');
check('a|bc', 'ctrl-u', '|bc');
check('one two|', 'ctrl-w', 'one |');
check('one two |', 'ctrl-w ctrl-w', '|');
check('größe|', 'left left ü', 'gröü|ße');
check('👍|', 'backspace', '|');
check('a|', 'pgup space', 'a |');

test('what is pasted is one line, however many it was', () => {
	expect(write(insert(lineOf('a'), 'b\r\nc\nd'))).toBe('ab c d|');
});

test('a text has an end', () => {
	expect([...insert(lineOf(''), 'x'.repeat(20_000)).text].length).toBe(10_000);
});
