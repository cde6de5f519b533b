import {expect, test} from 'vitest';
import {settingsOf} from '../../../source/views/config/apply.ts';
import {namedRows} from '../../../source/views/config/vocabulary.ts';
import {frameLines} from '../../../source/views/frame.ts';
import {smallCluster} from '../../helpers/small-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

test('every row has a name of its own kind, and what tells its keys apart is known', () => {
	const rows = namedRows();
	expect(
		[...rows.keys()].filter(name => !/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*\.[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(name)),
	).toEqual([]);
	expect(rows.get('services.scale')).toMatchObject({keys: ['+', '-'], apart: true});
	expect(rows.get('list.down')).toMatchObject({keys: ['j', 'down'], apart: false});
});

test('a row on another key is there and nowhere else', async () => {
	const harness = await openUi(smallCluster(0));
	harness.ui.configure(settingsOf({keys: {'list.down': 'z', 'services.scale': ['>', '<']}}, 'local'));
	harness.press('j', 'down');
	expect(harness.selected).toBe('api');
	harness.press('z');
	expect(harness.selected).toBe('batch');
	harness.press('k', '>', '>', '<');
	expect(harness.ui.state.scaling).toMatchObject({from: 4, to: 5});
	harness.press('esc', '+');
	expect(harness.ui.state.scaling).toBeUndefined();
	expect(harness.hints).toContain('>/< scale');
});

test('a column by a path is shown, sorted by, and absent where nothing is there', async () => {
	const cluster = smallCluster(0).map(object =>
		object.kind === 'service' && object.name !== 'api'
			? {...object, spec: {...object.spec, labels: {team: `of ${object.name}\u{1b}[2J`}}}
			: object,
	);
	const harness = await openUi(cluster);
	harness.ui.configure(settingsOf({columns: {services: [{title: 'TEAM', path: 'spec.labels.team'}]}}, 'local'));
	const lines = frameLines(harness.ui);
	expect(lines[1]).toContain('TEAM');
	expect(lines[2]).toContain('–');
	expect(lines[4]).toContain('of web');
	expect(lines.join('')).not.toContain('\u{1b}[2J');
});

test('what is read-only by policy says so, and nothing is written', async () => {
	const harness = await openUi(smallCluster(0));
	harness.ui.configure(settingsOf({contexts: {'*': {readOnly: true}}}, 'local'));
	for (const key of ['+', 'S', 'R', 'ctrl-d', 'u', 'n', 'e', 's']) {
		harness.press(key);
		expect([key, harness.message]).toEqual([key, expect.stringContaining('read-only')]);
	}

	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual([]);
});
