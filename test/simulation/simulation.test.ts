import {expect, test} from 'vitest';
import {shrink, simulateSeed, stepsOf} from './simulate.ts';
import {crashPoints, simulateScenario} from './systematic.ts';

// More seeds, and a transcript of one: npm run simulate -- --seeds 10000, npm run simulate -- --seed 7

const seeds = 200;
const limitMs = 180_000;

test(`${seeds} seeds of random operations and misfortune come to rest as declared`, {timeout: limitMs}, () => {
	for (let seed = 1; seed <= seeds; seed++) {
		const {problems} = simulateSeed(seed);
		if (problems.length > 0) {
			const steps = shrink(seed, stepsOf(seed)).map(step => JSON.stringify(step));
			expect.fail(`seed ${seed}: ${problems.join('\n')}\nalready with these steps:\n${steps.join('\n')}`);
		}
	}
});

test('a daemon that dies at any write or effect goes on where it was', {timeout: limitMs}, () => {
	for (const crash of crashPoints(1)) {
		const {problems} = simulateScenario(1, crash);
		expect(problems, `crash ${crash.isAfter ? 'after' : 'before'} ${crash.at} ${crash.count}`).toEqual([]);
	}
});

test('the same seed gives the same run', () => {
	const transcript = () => {
		const lines: string[] = [];
		simulateSeed(3, line => lines.push(line));
		return lines;
	};
	const first = transcript();
	expect(first.length).toBeGreaterThan(100);
	expect(transcript()).toEqual(first);
});
