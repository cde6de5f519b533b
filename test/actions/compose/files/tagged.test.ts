import {expect, test, vi} from 'vitest';
import {isTagged} from '../../../../source/actions/compose/files/tagged.ts';

// The program's files have a copy each of what they share: a reader's values came to the loader as plain mappings.
test('what another copy of the program has tagged is tagged', async () => {
	vi.resetModules();
	const other = await import('../../../../source/actions/compose/files/tagged.ts');
	expect(other.isTagged).not.toBe(isTagged);
	expect(isTagged(new other.Tagged('reset', null))).toBe(true);
	expect(isTagged({tag: 'reset', value: null})).toBe(false);
});
