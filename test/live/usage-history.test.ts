import {expect, test} from 'vitest';
import {UsageHistory} from '../../source/live/usage-history.ts';
import {aNode, anInstance} from '../helpers/objects.ts';

const start = 1_000_000_000_000 - (1_000_000_000_000 % 30_000);

function used(cpus: number | undefined, at = 0) {
	const usage = cpus === undefined ? {at} : {cpus, at};
	return {
		instances: [anInstance('web.1', {usage})],
		nodes: [aNode('n1', {usage})],
		serviceUsage: new Map([['web-id', usage]]),
	};
}

test('each has its own history, each figure its own', () => {
	const history = new UsageHistory();
	history.record(start, () => used(1));
	history.record(start + 30_000, () => used(3));
	const now = start + 30_000;
	expect(history.ofMember('n1-id', 'cpus', now).slice(-3)).toEqual([undefined, 1, 3]);
	expect(history.ofMember('web-id', 'cpus', now).slice(-2)).toEqual([1, 3]);
	expect(history.ofInstance('web.1-id', 'cpus', now).slice(-3)).toEqual([1, undefined, 3]);
	expect(history.ofMember('n1-id', 'memoryBytes', now)).toEqual([]);
});

test('what was not measured leaves a gap', () => {
	const history = new UsageHistory();
	for (const [index, cpus] of [1, undefined, 2].entries()) {
		history.record(start + index * 30_000, () => used(cpus));
	}

	expect(history.ofMember('n1-id', 'cpus', start + 60_000).slice(-3)).toEqual([1, undefined, 2]);
});

test('is not looked at more often than is of use', () => {
	const history = new UsageHistory();
	let looks = 0;
	for (let ms = 0; ms < 20_000; ms += 100) {
		history.record(start + ms, () => {
			looks++;
			return used(1);
		});
	}

	expect(looks).toBe(4);
});

test('fifty thousand instances that come and go stay within bounds', () => {
	const history = new UsageHistory();
	const before = process.memoryUsage().arrayBuffers;
	for (let round = 0; round < 9; round++) {
		const usage = {cpus: 1, memoryBytes: 2, at: 0};
		const generation = Math.floor(round / 3);
		const instances = Array.from({length: 50_000}, (_, index) => anInstance(`${generation}.${index}`, {usage}));
		history.record(start + round * 180_000, () => ({instances, nodes: [], serviceUsage: new Map()}));
	}

	const bytes = process.memoryUsage().arrayBuffers - before;
	expect(bytes).toBeLessThan(40 * 2 ** 20);
});
