import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {ask} from '../../source/cli/ask.ts';

async function asked(isHidden: boolean): Promise<readonly [answer: string, shown: string]> {
	const [input, output] = [new PassThrough(), new PassThrough()];
	const answer = ask({input, output}, 'Key: ', {isHidden});
	input.write('hunter2\n');
	const given = await answer;
	return [given, String(output.read())];
}

test('a hidden answer is not shown, and the line ends', async () => {
	expect(await asked(true)).toEqual(['hunter2', 'Key: \n']);
});

test('another is asked for on a line', async () => {
	expect(await asked(false)).toEqual(['hunter2', 'Key: ']);
});
