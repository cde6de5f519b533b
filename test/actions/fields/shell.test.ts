import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {quote, splitWords} from '../../../source/actions/fields/shell.ts';

test.each(['web=5', 'a b', "it's", '', '$HOME', '--env=A="x"', 'a\nb', '*', '~', '#x', 'a\\b', 'größe'])(
	'a shell reads %j back',
	word => {
		const printed = execFileSync('sh', ['-c', `printf %s ${quote(word)}`], {encoding: 'utf8'});
		expect(printed).toBe(word);
	},
);

test.each([
	['', []],
	['  ', []],
	['a b', ['a', 'b']],
	[`-c 'a  b' "c d"`, ['-c', 'a  b', 'c d']],
	[`a'b'"c"`, ['abc']],
	[`''`, ['']],
	['a\\ b', ['a b']],
	[`"a\\"b\\n"`, ['a"b\\n']],
	[`'a`, undefined],
	[`"a`, undefined],
	['a\\', undefined],
])('%j is split as a shell does', (line, words) => {
	expect(splitWords(line)).toEqual(words);
});
