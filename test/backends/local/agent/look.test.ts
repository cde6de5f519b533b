import {expect, test} from 'vitest';
import {lookGoodForMs} from '../../../../source/backends/local/agent/instance/probe.ts';

// A look at who listens that was held up among a hundred starts was believed for a second, and so long the last of them
// were taken for not yet there.
test.each([
	[0, 40],
	[1, 40],
	[5, 100],
	[12.5, 250],
	[60, 250],
])('a look that cost %d ms is believed for %d ms', (costMs, expected) => {
	expect(lookGoodForMs(costMs)).toBe(expected);
});
