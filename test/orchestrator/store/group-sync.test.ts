import {expect, test} from 'vitest';
import {createGroupSync} from '../../../source/orchestrator/store/group-sync.ts';

/** A disk that is done with a sync when it is told to. */
function open() {
	const running: Array<PromiseWithResolvers<void>> = [];
	const done: string[] = [];
	let begun = 0;
	const group = createGroupSync(() => {
		begun++;
		const one = Promise.withResolvers<void>();
		running.push(one);
		return one.promise;
	});
	return {
		group,
		done,
		get begun() {
			return begun;
		},
		write(who: string) {
			group.written();
			return group.synced().then(
				() => done.push(who),
				(error: Error) => done.push(`${who}: ${error.message}`),
			);
		},
		async finish(error?: Error) {
			const one = running.shift();
			if (error) one?.reject(error);
			else one?.resolve();
			await new Promise(resolve => setImmediate(resolve));
		},
	};
}

test('who writes while the disk is busy is not told by that sync, and all of them share the next', async () => {
	const disk = open();
	void disk.write('a');
	void disk.write('b');
	void disk.write('c');
	expect([disk.begun, disk.done]).toEqual([1, []]);
	await disk.finish();
	expect([disk.begun, disk.done]).toEqual([2, ['a']]);
	void disk.write('d');
	await disk.finish();
	expect([disk.begun, disk.done]).toEqual([3, ['a', 'b', 'c']]);
	await disk.finish();
	expect(disk.done).toEqual(['a', 'b', 'c', 'd']);
});

test('where nothing was written there is nothing to wait for, and who asks during a sync waits for that', async () => {
	const disk = open();
	await disk.group.synced();
	expect(disk.begun).toBe(0);
	void disk.write('a');
	const reader = disk.group.synced().then(() => disk.done.push('reader'));
	await disk.finish();
	await reader;
	expect([disk.begun, disk.done]).toEqual([1, ['a', 'reader']]);
	await disk.group.synced();
	expect(disk.begun).toBe(1);
});

test('after a failure nothing is promised any more', async () => {
	const disk = open();
	void disk.write('a');
	void disk.write('b');
	await disk.finish(new Error('broken'));
	expect(disk.done).toEqual(['a: broken', 'b: broken']);
	await disk.write('c');
	expect([disk.begun, disk.done.at(-1)]).toEqual([1, 'c: broken']);
});
