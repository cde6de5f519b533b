import {describe, expect, test} from 'vitest';
import {clipboardSequence} from '../../../source/views/terminal/copying.ts';
import {tableCsv, tableText} from '../../../source/views/terminal/saving.ts';
import {smallCluster} from '../../helpers/small-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

test('a text goes to the clipboard, within tmux and screen too', () => {
	expect(clipboardSequence('größe', undefined)).toBe('\x1b]52;c;Z3LDtsOfZQ==\x07');
	expect(clipboardSequence('a', 'tmux')).toBe('\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\');
	expect(clipboardSequence('a', 'screen')).toBe('\x1bP\x1b]52;c;YQ==\x07\x1b\\');
});

test('c copies the name at once; then the id, the row, or it does what any key does', async () => {
	const harness = await openUi(smallCluster(0));
	const written: string[] = [];
	harness.ui.terminal.write = text => void written.push(text);
	const copied = () => written.map(one => Buffer.from(/;c;(.*)\x07/.exec(one)?.[1] ?? '', 'base64').toString());
	harness.press('c');
	expect(copied()).toEqual(['api']);
	harness.press('i');
	expect(copied()).toEqual(['api', 'api-id']);
	harness.press('c', 'j', 'c', 'r');
	expect(copied().slice(2, 4)).toEqual(['api', 'batch']);
	expect(copied()[4]).toMatch(/^batch\tjobs\t/);
	expect(harness.message).toContain('copied the row of batch');
	harness.press(' ', ' ', 'k', ' ', 'j', ' ', 'c');
	expect(copied().at(-1)?.split('\n').length).toBeGreaterThan(1);
});

describe('saved', () => {
	const cells = {
		titles: ['NAME', 'N'],
		rows: [
			['a', '1'],
			['größer,"x"', '=1+1'],
		],
	};

	test('as text', () => {
		expect(tableText(cells)).toBe('NAME        N\na           1\ngrößer,"x"  =1+1\n');
	});

	test('as CSV, in which nothing is a formula', () => {
		expect(tableCsv(cells)).toBe(`NAME,N\r\na,1\r\n"größer,""x""",'=1+1\r\n`);
	});
});
