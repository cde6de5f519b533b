import {expect, test} from 'vitest';
import {withSwap} from '../../../../../source/backends/local/agent/runtimes/container-options.ts';

test.each([
	[64, undefined, 64],
	[64, 0, 64],
	[64, 32, 96],
	[64, -1, -1],
])('memory %s and swap %s are %s to Docker', (memory, swap, expected) => {
	expect(withSwap(memory, swap)).toBe(expected);
});
