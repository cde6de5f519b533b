import {expect, test} from 'vitest';
import {createUsageSampler} from '../../../../../source/backends/local/agent/watch/usage-sampler.ts';
import type {ProcessUse} from '../../../../../source/backends/local/system/proc.ts';

/** Each line a process: pid, parent, session, CPU time in ms, memory in bytes. */
function table(...lines: string[]): ProcessUse[] {
	return lines.map(line => {
		const [pid = 0, parent = 0, session = 0, cpuMs = 0, memoryBytes = 0] = line.split(' ').map(Number);
		return {pid, parent, session, cpuMs, memoryBytes};
	});
}

const subjects = [
	{id: 'web', sessions: [100]},
	{id: 'job', sessions: [200]},
];

test('sums over the session, and over what left it but has its parent there', () => {
	let nowMs = 0;
	const usageOf = createUsageSampler(() => nowMs);
	const others = ['1 0 1 5000 10', '50 1 50 5000 10', '200 1 200 0 1'];
	const first = usageOf(
		subjects,
		table('100 1 100 10 1', '101 100 100 200 30', '102 101 102 300 500', '103 102 103 0 7', ...others),
	);
	expect([first.web?.cpus, first.web?.memoryBytes, first.job?.memoryBytes]).toEqual([undefined, 538, 1]);
	nowMs = 2000;
	const second = usageOf(subjects, table('100 1 100 10 1', '101 100 100 700 30', '102 101 102 1300 400', ...others));
	expect([second.web?.cpus, second.web?.memoryBytes, second.job?.cpus]).toEqual([0.75, 431, 0]);
});

test('what cannot be told is absent, never 0', () => {
	let nowMs = 0;
	const usageOf = createUsageSampler(() => nowMs);
	usageOf(subjects, table('100 1 100 900 1'));
	nowMs = 1000;
	const usage = usageOf(subjects, table('100 1 100 10 1'));
	expect(usage).toEqual({web: {cpus: undefined, memoryBytes: 1, at: expect.any(Number)}});
});

test('a control group knows its memory better', () => {
	const usageOf = createUsageSampler(() => 0);
	expect(usageOf([{id: 'web', sessions: [100], memoryBytes: 77}], table('100 1 100 10 1')).web?.memoryBytes).toBe(77);
});

test('what runs in several sessions is one sum: a container, and what was started in it besides', () => {
	const usageOf = createUsageSampler(() => 0);
	const container = {id: 'box', sessions: new Set([300, 400])};
	const usage = usageOf([container], table('300 1 300 1 10', '301 300 301 1 5', '400 1 400 1 100', '500 1 500 1 1000'));
	expect(usage.box?.memoryBytes).toBe(115);
});
