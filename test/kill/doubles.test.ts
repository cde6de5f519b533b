import {expect, test} from 'vitest';
import {anInstance} from '../helpers/objects.ts';
import {notHandedOver} from './doubles.ts';
import type {FoundProcess} from './processes.ts';

const run = (id: string): FoundProcess => ({
	pid: 1,
	startTime: 1,
	bootId: 'boot',
	role: 'instance',
	instance: {id, name: 'web.1', service: 'web', slot: 1, node: 'n1'},
});
const older = anInstance('web.1', {id: 'older'});
const younger = anInstance('web.1', {id: 'younger', replaces: 'older'});

test('one that replaces another may run beside it, also when both are forgotten at the end', () => {
	const processes = [run('older'), run('younger')];
	expect(notHandedOver([{processes, instances: []}], [older, younger])).toEqual([]);
	expect(notHandedOver([{processes, instances: [older, younger]}], [])).toEqual([]);
});

test.each([
	['of whom nothing is known', [run('older'), run('younger')], []],
	['that do not replace each other', [run('older'), run('other')], [older, anInstance('web.1', {id: 'other'})]],
	['of which there are three', [run('older'), run('younger'), run('other')], [older, younger]],
])('two in a slot are told: those %s', (_, processes, instances) => {
	const [first] = notHandedOver([{processes, instances}], []);
	expect(first).toBe(
		`a slot ran more than once at the same time: ${processes.map(each => each.instance?.id).join(' ')}`,
	);
});
