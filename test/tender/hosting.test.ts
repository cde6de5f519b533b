import {expect, test} from 'vitest';
import type {Instance, Node} from '../../source/core/model/index.ts';
import {broughtLabel, Hosting} from '../../source/tender/hosting.ts';
import type {Outcome, TenderPorts} from '../../source/tender/ports.ts';
import {aNode} from '../helpers/objects.ts';

const waiting = {
	desired: 'running',
	status: {state: 'pending', reason: 'insufficient resources on 2 nodes'},
} as Instance;

/** Who brings and takes hosts; each look is so many seconds after the one before. */
function hosting(outcome: Outcome) {
	const seen: string[] = [];
	let nowMs = 0;
	const ports = {
		backend: {
			facets: {tend: {joinWords: async () => ({})}},
			async apply({name}: {name: string}, patch: {availability?: string; labels?: Record<string, string>}) {
				seen.push(`${name} ${patch.availability} ${patch.labels?.[broughtLabel]}`);
			},
		},
		clock: {monotonicMs: () => nowMs},
		options: {hosts: {bring: 'bring', take: 'take', most: 1, waitMs: 0, idleMs: 1000, joinMs: 60_000}},
		async run(command: string) {
			seen.push(command);
			return outcome;
		},
		log() {},
	} as unknown as TenderPorts;
	const own = new Hosting(ports);
	return {
		seen,
		async look(afterS: number, instances: readonly Instance[], nodes: readonly Node[]) {
			nowMs += afterS * 1000;
			await own.look([], instances, nodes);
			// What it has begun is over.
			await new Promise(resolve => setImmediate(resolve));
			return own.reason;
		},
	};
}

// It was run every two seconds for as long as it failed, and only a log told why.
test('a command that fails is run less and less often, and why is told', async () => {
	const {seen, look} = hosting({code: 3, output: '', errors: 'none is \u001b[2Jfree\n'});
	const why = 'the command that brings a host ended with 3: none is free';
	expect(await look(2, [waiting], [])).toBe(why);
	expect(await look(2, [waiting], [])).toBe(`1 instance lacks room; ${why}; tried again in 13s`);
	await look(13, [waiting], []);
	expect(await look(2, [waiting], [])).toContain('tried again in 28s');
	expect(await look(2, [], [])).toBe('nothing lacks room');
	expect(seen).toEqual(['bring', 'bring']);
});

test('a host that is about to go is used again when something lacks room, and one of somebody else’s is not', async () => {
	const {seen, look} = hosting({code: 1, output: '', errors: 'it does not go'});
	const host = (availability: 'active' | 'drained', label: string) =>
		aNode('h1', {availability, spec: {availability, capacity: {}, labels: {[broughtLabel]: label}}});
	await look(2, [], [host('active', 'yes')]);
	await look(2, [], [host('active', 'yes')]);
	await look(2, [], [host('drained', 'leaving')]);
	expect(await look(2, [waiting], [host('drained', 'leaving')])).toBe('1 instance lacks room');
	expect(await look(2, [waiting], [host('drained', 'yes')])).toMatch(/the most allowed$/);
	expect(seen).toEqual(['h1 drained leaving', 'take', 'h1 active yes']);
});
