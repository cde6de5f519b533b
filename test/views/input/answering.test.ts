import {expect, test} from 'vitest';
import {openPrompt} from '../../../source/views/errands/asking.ts';
import {answering} from '../../../source/views/input/answering.ts';
import {aService} from '../../helpers/objects.ts';
import {openUi} from '../../helpers/ui.ts';

/** A dashboard that has asked for something, and opens a line when the answer comes. */
async function asked() {
	const harness = await openUi([aService('web'), aService('api')]);
	const answer = answering(harness.ui);
	return {
		harness,
		answered: () =>
			answer('web was changed', () => openPrompt(harness.ui, {label: 'Answer ', text: '', submit: () => undefined})),
		get isOpen() {
			return harness.message.startsWith('Answer');
		},
	};
}

test('an answer opens at once where nobody has pressed a key since', async () => {
	const dashboard = await asked();
	dashboard.answered();
	expect(dashboard.isOpen).toBe(true);
});

test('what is typed meanwhile is not for it: it waits until the line is closed and the keys are quiet', async () => {
	const dashboard = await asked();
	const {harness} = dashboard;
	harness.press('/', 'w');
	dashboard.answered();
	await harness.advance(5000);
	harness.press('e', 'b');
	expect(harness.message).toContain('/web');
	harness.press('enter');
	await harness.advance(500);
	expect(dashboard.isOpen).toBe(false);
	harness.press('j');
	await harness.advance(900);
	expect(dashboard.isOpen).toBe(false);
	await harness.advance(250);
	expect(dashboard.isOpen).toBe(true);
});

test('it opens nothing in a dashboard that was left', async () => {
	const dashboard = await asked();
	const {harness} = dashboard;
	harness.press('j');
	dashboard.answered();
	expect(harness.message).toBe('web was changed: it is shown when nothing is typed.');
	harness.ui.close();
	await harness.advance(5000);
	expect(dashboard.isOpen).toBe(false);
});
