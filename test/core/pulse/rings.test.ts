import {expect, test} from 'vitest';
import {resample} from '../../../source/core/pulse/resample.ts';
import {Rings, type Samples} from '../../../source/core/pulse/rings.ts';

function text(samples: Samples): string {
	return samples.map(sample => (sample === undefined ? '.' : String(sample))).join(' ');
}

/** `5s 3` records 3 at 5 s, `5s +3` counts 3; windows are 10 s, five of them are kept. */
function check(name: string, script: string, at: string, expected: string) {
	test(name, () => {
		const rings = new Rings({points: 5, windowMs: 10_000});
		const now = (word: string) => Number(word.replace('s', '')) * 1000;
		for (const line of script.split(' · ').filter(Boolean)) {
			const [moment = '', value = ''] = line.split(' ');
			value.startsWith('+')
				? rings.count('web', now(moment), Number(value))
				: rings.record('web', now(moment), Number(value));
		}

		expect(text(rings.samples('web', now(at)))).toBe(expected);
	});
}

check('nothing is known', '', '50s', '');
check('a window holds the mean of what was measured in it', '40s 2 · 45s 4', '45s', '. . . . 3');
check('or the sum of what happened', '40s +2 · 45s +4', '45s', '. . . . 6');
check('what was not measured is absent, not zero', '0s 1 · 20s 0 · 40s 5', '45s', '1 . 0 . 5');
check('time goes on without anything new', '0s 1 · 20s 2', '45s', '1 . 2 . .');
check('and takes the old ones away', '0s 1 · 20s 2', '65s', '2 . . . .');
check('until none is left', '0s 1 · 20s 2', '1000s', '. . . . .');
check('a long pause clears what lay where the new ones go', '0s 1 · 10s 2 · 20s 3 · 1000s 9', '1000s', '. . . . 9');
check('what comes late is dropped', '40s 1 · 20s 7', '45s', '. . . . 1');
check('more than is kept', '0s 1 · 10s 2 · 20s 3 · 30s 4 · 40s 5 · 50s 6 · 60s 7', '65s', '3 4 5 6 7');

test('what is silent is forgotten, and its room used again', () => {
	const rings = new Rings({points: 3, windowMs: 1000});
	for (let index = 0; index < 200; index++) rings.record(`old ${index}`, 0, index);
	rings.record('young', 2000, 7);
	rings.sweep(3000);
	expect(rings.size).toBe(1);
	for (let index = 0; index < 200; index++) rings.record(`new ${index}`, 3000, index);
	expect(text(rings.samples('young', 3000))).toBe('. 7 .');
	expect(text(rings.samples('new 42', 3000))).toBe('. . 42');
	expect(text(rings.samples('old 42', 3000))).toBe('');
});

test.each([
	['fewer than there is room for', [1, undefined, 2], 4, '1 . 2'],
	['a mean for each cell', [1, 3, 5, 7], 2, '2 6'],
	['what is absent does not count', [1, undefined, undefined, undefined], 2, '1 .'],
	['uneven', [1, 2, 3], 2, '1 2.5'],
])('resample: %s', (_, samples, cells, expected) => {
	expect(text(resample(samples, cells))).toBe(expected);
});
