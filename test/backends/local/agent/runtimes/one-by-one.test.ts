import {expect, test} from 'vitest';
import {oneByOne} from '../../../../../source/backends/local/agent/runtimes/one-by-one.ts';

test('what is asked for while it is done is done once more, behind it', async () => {
	let size = 1;
	const told: string[] = [];
	const answers: Array<() => void> = [];
	const tell = oneByOne(async () => {
		told.push(`tells ${size}`);
		await new Promise<void>(resolve => answers.push(resolve));
		told.push('told');
	});
	tell();
	for (size of [2, 3]) tell();
	expect(told).toEqual(['tells 1']);
	for (let turn = 0; turn < 2; turn++) {
		answers.shift()?.();
		await new Promise(resolve => setImmediate(resolve));
	}

	expect(told).toEqual(['tells 1', 'told', 'tells 3', 'told']);
	tell();
	expect(told.at(-1)).toBe('tells 3');
});
