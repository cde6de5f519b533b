import {expect, test} from 'vitest';
import {createItems} from '../../source/live/items.ts';
import {anInstance} from '../helpers/objects.ts';

const usage = {cpus: 1, memoryBytes: 49, at: 1};

// A service went on counting the memory of instances that had ended.
test('an instance that has ended uses nothing, whatever is told late', () => {
	const items = createItems<'instance'>();
	const running = anInstance('web.1', {revision: '1', usage});
	items.replaceAll([running]);
	const status = {...running.status, state: 'stopped'} as const;
	const ended = anInstance('web.1', {revision: '2', status});
	items.fold({type: 'put', object: ended, revision: '2'});
	expect(items.byId.get(ended.id)).toEqual(ended);
	expect(items.fold({type: 'usage', usage: {[ended.id]: usage}})).toBe(false);
	expect(items.byId.get(ended.id)).toEqual(ended);
});
