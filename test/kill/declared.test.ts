import {expect, test} from 'vitest';
import {aService} from '../helpers/objects.ts';
import type {Command} from './actions.ts';
import {DeclaredServices} from './declared.ts';

const scale: Command = {type: 'command', args: ['service', 'scale'], declares: {name: 'web', replicas: 2}};
const remove: Command = {type: 'command', args: ['service', 'rm'], declares: {name: 'web', isRemoved: true}};
const done = {code: 0, text: ''};

test('what was acknowledged and is lost is told', () => {
	const declared = new DeclaredServices();
	declared.answered(scale, done, declared.asked(scale));
	expect(declared.problems([])).toEqual(['service web was acknowledged and is lost']);
	declared.answered(remove, done, declared.asked(remove));
	expect(declared.problems([])).toEqual([]);
	expect(declared.problems([aService('web')])).toEqual(['service web was removed and is there']);
});

test('of two that are under way about one service nobody knows which was done last', () => {
	const declared = new DeclaredServices();
	const [one, other] = [declared.asked(remove), declared.asked(scale)];
	declared.answered(remove, done, one);
	declared.answered(scale, done, other);
	expect(declared.problems([])).toEqual([]);
	declared.answered(scale, done, declared.asked(scale));
	expect(declared.problems([])).toHaveLength(1);
});
