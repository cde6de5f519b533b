import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {unreadText} from '../../../source/views/live/waiting.ts';
import type {Ui} from '../../../source/views/ui.ts';

/** What is said where nothing could be read for five seconds, for this reason. */
function said(error: ClusterError): string | undefined {
	const ages = {now: 5000, again() {}, of: () => '5s'};
	const collections = {unread: () => ({kind: 'service', since: 0, error})};
	return unreadText({context: {ages}, collections} as unknown as Ui, ['service']);
}

test('what cannot be read says why, and what to do: whole sentences, and nothing that moves the cursor', () => {
	const hint = '`muster swarm init` makes it the first node of one';
	expect(said(new ClusterError('unsupported', 'This engine is in no \u001b[2Jswarm.', {hint}))).toBe(
		`Nothing could be read for 5 s: This engine is in no swarm. ${hint}. It is tried again by itself; :ctx shows other contexts, q leaves.`,
	);
	expect(said(new ClusterError('unreachable', 'nobody answers'))).toMatch(
		/^Nothing could be read for 5 s: nobody answers\. It is/,
	);
});
