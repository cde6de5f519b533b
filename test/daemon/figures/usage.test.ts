import {expect, test} from 'vitest';
import type {Usage} from '../../../source/core/model/index.ts';
import {UsageBoard} from '../../../source/daemon/figures/usage.ts';

function used(memoryBytes: number, at: number): Usage {
	return {cpus: 0.5, memoryBytes, at};
}

test('a node uses what its instances use together', () => {
	const board = new UsageBoard();
	board.record('n1', {a: used(1, 10), b: used(2, 10)}, 10);
	expect(board.get('n1')).toEqual({cpus: 1, memoryBytes: 3, at: 10});
});

// A drained node was shown with 49 MiB for ever: the agent told nothing more, and the last figures stayed.
test('what a node does not tell of any more uses nothing', () => {
	const board = new UsageBoard();
	board.record('n1', {a: used(1, 10), b: used(2, 10)}, 10);
	board.record('n2', {c: used(4, 10)}, 10);
	board.record('n1', {b: used(3, 12)}, 12);
	expect(['n1', 'a', 'b', 'n2', 'c'].map(id => board.get(id)?.memoryBytes)).toEqual([3, undefined, 3, 4, 4]);
	board.record('n1', {}, 14);
	expect([board.get('n1'), board.get('b')]).toEqual([{cpus: 0, memoryBytes: 0, at: 14}, undefined]);
});

test('a node that was removed is forgotten', () => {
	const board = new UsageBoard();
	board.record('n1', {a: used(1, 0)}, 0);
	board.record('n2', {}, 61_000);
	expect([board.get('n1'), board.get('a')]).toEqual([undefined, undefined]);
});
