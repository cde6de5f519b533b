import {expect, test} from 'vitest';
import {frameLines} from '../../../source/views/frame.ts';
import {press} from '../../../source/views/input/dispatch.ts';
import {point} from '../../../source/views/input/mouse.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {openUi} from '../../helpers/ui.ts';

const text = `
	node n1 · node n2
	service web replicas 2 · service api replicas 1
	instance web.1 on n1 running · instance web.2 on n2 failed exit 3 · instance api.1 on n1 running
`;

async function open(words = 'xray', wanted = text) {
	const {services, instances, nodes} = readCluster(wanted);
	const harness = await openUi([...services, ...instances, ...nodes]);
	harness.press(':', ...words, 'enter');
	const {ui} = harness;
	const seen = () => frameLines(ui).slice(1, -2);
	return {
		...harness,
		get message() {
			return harness.message;
		},
		/** The name under the cursor, read off the screen. */
		get at() {
			return /^▸ *[-+ ] . (?:node )?(\S+)/.exec(seen().find(line => line.startsWith('▸')) ?? '')?.[1];
		},
		get names() {
			return seen().flatMap(line => /^[ ▸] *[-+ ] . (?:node )?(\S+)/.exec(line)?.[1] ?? []);
		},
		seen,
	};
}

test('it opens unfolded, each with its health, and enter goes in by what is under the cursor', async () => {
	const harness = await open();
	expect(harness.names).toEqual(['api', 'api.1', 'web', 'web.1', 'web.2']);
	expect(harness.seen().join('\n')).toMatch(/✗ web\.2 +failed on n2 {2}exit 3/);
	harness.press('enter');
	expect([harness.ui.screen.id, harness.ui.place.about?.name]).toEqual(['instances', 'api']);
	harness.press('esc', 'j', 'enter');
	expect([harness.ui.screen.id, harness.ui.place.about?.name]).toEqual(['logs', 'api.1']);
	harness.press('esc', 'd');
	expect([harness.ui.screen.id, harness.ui.place.about?.name]).toEqual(['describe', 'api.1']);
});

test('a job tells how much of it is done', async () => {
	const harness = await open('xray', 'node n1 · service once replicas 3');
	const once = harness.cluster;
	const {items} = await once.list({kind: 'service'});
	const [job] = items;
	if (job !== undefined) {
		once.put({...job, spec: {...job.spec, mode: 'job'}, status: {...job.status, desired: 3, completed: 2}});
	}

	await harness.advance(1000);
	expect(harness.seen().join('\n')).toMatch(/once +2\/3 completed/);
});

test('space and x fold, left and right walk, and X does it to all', async () => {
	const harness = await open();
	harness.press(' ');
	expect(harness.names).toEqual(['api', 'web', 'web.1', 'web.2']);
	harness.press('x', 'j', 'right');
	expect(harness.names).toEqual(['api', 'api.1', 'n1', 'web', 'web.1', 'web.2']);
	harness.press('right', 'enter');
	expect([harness.ui.screen.id, harness.ui.place.about?.name]).toEqual(['instances', 'n1']);
	harness.press('esc', 'left');
	expect(harness.at).toBe('api.1');
	harness.press('left', 'left');
	expect(harness.at).toBe('api');
	harness.press('X');
	expect(harness.names).toEqual(['api', 'web']);
	harness.press('X');
	expect(harness.names).toEqual(['api', 'api.1', 'web', 'web.1', 'web.2']);
});

test('x on what nothing is below folds what it is below', async () => {
	const harness = await open();
	harness.press('j', 'right', 'j', 'x');
	expect([harness.at, harness.names]).toEqual(['api.1', ['api', 'api.1', 'web', 'web.1', 'web.2']]);
});

test('filters and faults narrow it, esc takes that back', async () => {
	const harness = await open();
	harness.press('/', ...'web.2', 'enter');
	expect([harness.names, harness.message]).toEqual([['web', 'web.2'], '/web.2 · 1/2']);
	harness.press('esc', 'ctrl-z');
	expect([harness.names, harness.message]).toEqual([['web', 'web.2'], 'faults only · 1/2']);
	harness.press('esc');
	expect(harness.names.length).toBe(5);
	harness.press('/', ...'nothing', 'enter');
	expect(harness.seen().join('')).toContain('Press esc to see all.');
});

test('the command bar takes a service, a kind as in k9s, or a filter', async () => {
	expect((await open('xray web')).names).toEqual(['web', 'web.1', 'web.2']);
	expect((await open('xray deploy')).names.length).toBe(5);
	expect((await open('tree api.1')).names).toEqual(['api', 'api.1']);
});

test('what is removed is asked about first, by what it is', async () => {
	const harness = await open();
	harness.press('ctrl-d');
	expect(harness.seen().join('\n')).toContain('Remove the service api');
	harness.press('esc', 'j', 'ctrl-d');
	expect(harness.seen().join('\n')).toMatch(/api\.1/);
	harness.press('esc', 'right', 'j', 'ctrl-d');
	expect(harness.message).toContain('Only services and instances are removed here.');
	expect(harness.cluster.writes).toEqual([]);
});

test('a click selects, one more goes in', async () => {
	const {ui, names} = await open();
	point(ui, {type: 'click', row: 1 + names.indexOf('web.1'), column: 8});
	expect(ui.target?.name).toBe('web.1');
	point(ui, {type: 'click', row: 1 + names.indexOf('web.1'), column: 8});
	expect(ui.screen.id).toBe('logs');
});

test('many instances are folded at first', async () => {
	const many = Array.from({length: 501}, (_, index) => `instance web.${index + 1} on n1 running`);
	const harness = await open('xray', `node n1\nservice web replicas 501\n${many.join('\n')}`);
	expect(harness.names).toEqual(['web']);
	press(harness.ui, ' ');
	expect(harness.names.slice(0, 2)).toEqual(['web', 'web.1']);
});
