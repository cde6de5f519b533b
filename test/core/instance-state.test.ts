import {describe, expect, test} from 'vitest';
import {
	canMove,
	holdsRoom,
	type InstanceState,
	instanceStates,
	isFinal,
	isForward,
	stateTable,
} from '../../source/core/instance-state.ts';

const order = (state: InstanceState) => instanceStates.indexOf(state);

describe('the table of states', () => {
	test('leads forward only', () => {
		for (const from of instanceStates) {
			for (const to of stateTable[from].to) {
				expect(order(to), `${from} to ${to}`).toBeGreaterThan(order(from));
			}
		}
	});

	test('has a way into every state but the first, and the one that only an engine tells of', () => {
		const reached = new Set(instanceStates.flatMap(from => stateTable[from].to));
		expect(instanceStates.filter(state => !reached.has(state))).toEqual(['pending', 'unknown']);
	});

	test('ends what ended', () => {
		expect(instanceStates.filter(isFinal)).toEqual(['completed', 'stopped', 'failed', 'rejected', 'lost']);
	});

	test('gives room to what has a node and lives', () => {
		const living = ['assigned', 'preparing', 'ready', 'starting', 'running', 'unknown'];
		expect(instanceStates.filter(holdsRoom)).toEqual(living);
	});
});

describe('a move', () => {
	const check = (from: InstanceState, to: InstanceState, expected: string) => {
		test(`from ${from} to ${to}: ${expected}`, () => {
			const found = canMove(from, to) ? 'a step' : isForward(from, to) ? 'forward' : 'never';
			expect(found).toBe(expected);
		});
	};

	check('pending', 'assigned', 'a step');
	check('pending', 'lost', 'forward');
	check('assigned', 'running', 'forward');
	check('assigned', 'completed', 'forward');
	check('running', 'running', 'forward');
	check('running', 'starting', 'never');
	check('running', 'rejected', 'never');
	check('failed', 'running', 'never');
	check('failed', 'failed', 'forward');
	check('lost', 'failed', 'never');
});
