import {expect, test} from 'vitest';
import {bar, sparkline} from '../../source/views/widgets/meter.ts';

test.each([
	[0, '░░░░'],
	[0.01, '░░░░'],
	[0.04, '▏░░░'],
	[0.5, '██░░'],
	[0.97, '███▉'],
	[1, '████'],
	[7, '████'],
	[-1, '░░░░'],
])('a bar of %f', (share, expected) => {
	expect(bar(share, 4)).toBe(expected);
});

test.each<[number[], number, string]>([
	[[], 0, ''],
	[[0, 0], 0, '▁▁'],
	[[0, 1, 2, 4], 0, '▁▂▄█'],
	[[1, 2, 3, 4, 5, 6], 0, '▄▆▇█'],
	[[1, 1], 8, '▁▁'],
	[[8, 4], 8, '█▄'],
])('a sparkline of %j against %i', (samples, top, expected) => {
	expect(sparkline(samples, 4, top)).toBe(expected);
});
