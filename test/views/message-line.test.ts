import {expect, test} from 'vitest';
import {ClusterError} from '../../source/core/error.ts';
import {errorText} from '../../source/views/errands/running.ts';
import {frameParts} from '../../source/views/state.ts';
import {messageLines} from '../../source/views/widgets/message-line.ts';
import {openUi} from '../helpers/ui.ts';

const long = `${'it could not be done because of this and that, '.repeat(4)}so do something else.`;

test('what failed is told in as many lines as it takes', async () => {
	const {ui} = await openUi([]);
	ui.say('bad', long);
	const {message, body} = frameParts(ui.state);
	expect([message, body]).toEqual([3, 19]);
	const lines = messageLines(ui, message);
	expect(lines.map(line => line.trim()).join(' ')).toBe(long);
	expect(lines.every(line => line.length <= 100)).toBe(true);
});

test('on a small terminal in what there is', async () => {
	const {ui} = await openUi([], {size: {columns: 40, rows: 8}});
	ui.say('bad', long);
	expect(frameParts(ui.state)).toEqual({header: 1, body: 5, message: 1, hints: 1});
	expect(messageLines(ui, 1).map(line => line.length)).toEqual([40]);
});

test('a prompt takes its place', async () => {
	const {ui, press} = await openUi([]);
	ui.say('bad', long);
	press('/', 'a');
	expect(messageLines(ui, 3)[0]).toMatch(/^ \/a▏ +0 of 0 $/);
});

test('a hint that is longer than the terminal leaves what is typed to be seen', async () => {
	const {ui, press} = await openUi([], {size: {columns: 40, rows: 24}});
	press(':');
	const [line = ''] = messageLines(ui, 1);
	expect(line).toMatch(/^ :▏ +services .*… $/);
	expect(line.length).toBe(40);
});

test('control characters in it are not passed on', async () => {
	const {ui} = await openUi([]);
	ui.say('bad', 'broke \u001B[2Jbadly\n');
	expect(messageLines(ui, 1)[0]?.trim()).toBe('broke badly');
});

test('what went wrong and what helps are two sentences, however the first one ends', () => {
	const hint = 'Look at it again';
	for (const message of ['it was changed', 'it was changed.']) {
		expect(errorText(new ClusterError('conflict', message, {hint}))).toBe('✗ it was changed. Look at it again');
	}
});

test('why a cluster is stale is told where nothing else is said', async () => {
	const {ui, advance, cluster} = await openUi([]);
	cluster.disconnect();
	await advance(100);
	expect(messageLines(ui, 1)[0]).toMatch(/^ ! the scripted cluster cannot be reached +$/);
	ui.say('good', 'done');
	expect(messageLines(ui, 1)[0]).toMatch(/^ done +$/);
});

test('and with what helps, as sentences', async () => {
	const {ui, advance, cluster} = await openUi([]);
	cluster.disconnect();
	await advance(100);
	const {connection} = ui.collections;
	const error = new ClusterError('unreachable', 'This manager is locked.', {hint: 'Unlock it'});
	ui.collections.connection = () => ({...connection(), state: 'stale', since: 0, error});
	expect(messageLines(ui, 1)[0]).toMatch(/^ ! This manager is locked\. Unlock it +$/);
});
