import {expect, test} from 'vitest';
import {paste} from '../../../source/views/input/dispatch.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {anEvent} from '../../helpers/objects.ts';
import {openUi} from '../../helpers/ui.ts';

const text = `
	node n1 · node n2 cordoned · node n3 draining
	service api replicas 1 · service batch replicas 1 · service web replicas 3
	instance api.1 on n1 running · instance web.1 on n1 running · instance web.2 on n2 running · instance web.3 pending
`;

async function open(options = {}) {
	const {services, nodes, instances} = readCluster(text);
	return openUi([...services, ...nodes, ...instances, anEvent('e1')], options);
}

/** Where it is: the crumbs, and the row under the cursor. */
function check(name: string, keys: string, expected: string) {
	test(name, async () => {
		const {ui, press, ...harness} = await open();
		press(...keys.split(' ').map(key => (key === 'space' ? ' ' : key)));
		const crumbs = ui.state.places.map(({screen, about}) => (about ? `${screen}(${about.name})` : screen));
		const overlay = ui.state.overlay ? ` [${ui.state.overlay.type}]` : '';
		void harness;
		expect(`${crumbs.join(' > ')}${overlay}: ${ui.target?.name ?? '–'}`).toBe(expected);
	});
}

check('opens on the services, on the first', '', 'services: api');
check('moves', 'j j k', 'services: batch');
check('moves with arrows to the ends', 'end', 'services: web');
check('stops at the end', 'j j j j j', 'services: web');
check('goes into a service', 'G enter', 'services > instances(web): web.1');
check('and back, on the same row', 'G enter esc', 'services: web');
check('q goes back before it leaves', 'G enter q', 'services: web');
check('from an instance into its logs', 'G enter enter', 'services > instances(web) > logs(web.1): web.1');
check('describes', 'j d', 'services > describe(batch): batch');
check('shows it as YAML', 'j y', 'services > yaml(batch): batch');
check('helps and comes back', '? esc', 'services: api');
check('goes to a screen by an alias', ': n o enter', 'nodes: n1');
check('by the beginning of its name', ': e v enter', 'events: Started');
check('with a filter', ': i n s space w e b . enter', 'instances: web.1');
check('with the name of what they belong to', ': i n s space w e b enter', 'instances > instances(web): web.1');
check('or of where they are', ': i n s space n 2 enter', 'instances > instances(n2): web.2');
check('with the name of an object', ': n o space n 2 enter', 'nodes: n2');
check('into a text about an object', ': y a m l space w e b . 2 enter', 'services > yaml(web.2): web.2');
check('about nothing that there is keeps the bar open', ': l o g s space z z enter', 'services [prompt]: api');
check('an unknown screen keeps the bar open', ': x y z enter', 'services [prompt]: api');
check('esc leaves the bar', ': x y z esc', 'services: api');
check('tab completes', ': n tab enter', 'nodes: n1');
check('filters as it is typed', '/ b a t', 'services [prompt]: batch');
check('and keeps it', '/ b a t enter', 'services: batch');
check('esc while typing takes it back', '/ b a t esc', 'services: batch');
check('esc afterwards takes it back, the cursor stays', '/ b a t enter esc', 'services: batch');
check('nothing matches', '/ z z z enter', 'services: –');
check('a key that needs an object has none', '/ z z z enter enter', 'services: –');
check('sorts by a column', 'o r', 'services: api');
check('a wrong letter sorts nothing', 'o z j', 'services: batch');
check('reverses', 'O g', 'services: web');
check('drain asks first', ': n o d e enter D', 'nodes [panel]: n1');
check('other keys do nothing in a panel', ': n o d e enter D j x :', 'nodes [panel]: n1');
check('esc leaves a panel', ': n o d e enter D esc', 'nodes: n1');
check('from an event to what it is about', ': e v enter enter', 'events > describe(web): web');

test('a list that is left remembers its row', async () => {
	const {press, selected, ui} = await open();
	press('j', 'enter', 'esc');
	void selected;
	expect(ui.target?.name).toBe('batch');
});

test('ctrl-c leaves, whatever is open', async () => {
	for (const keys of [[], [':'], ['?'], ['D'], ['o'], ['+']]) {
		const harness = await open();
		harness.press(...keys, 'ctrl-c');
		expect([keys, harness.hasLeft]).toEqual([keys, true]);
	}
});

test('q and :q leave at the top', async () => {
	for (const keys of [['q'], [':', 'q', 'enter']]) {
		const harness = await open();
		harness.press(...keys);
		expect(harness.hasLeft).toBe(true);
	}
});

test('drains when confirmed, with the deadline that was chosen', async () => {
	const harness = await open();
	harness.press(...':node', 'enter', 'D', 't', 't', 'enter');
	await harness.advance(0);
	const deadline = harness.clock.now() + 300_000;
	expect(harness.cluster.writes).toEqual([`apply node n1 {"availability":"drained","drainDeadlineAt":${deadline}}`]);
});

test('takes a drain back at once, cordons and uncordons', async () => {
	const harness = await open();
	harness.press(...':node', 'enter', 'C', 'j', 'C', 'j', 'D');
	await harness.advance(0);
	expect(harness.cluster.writes.map(write => write.replace(/,.*/, ''))).toEqual([
		'apply node n1 {"availability":"cordoned"',
		'apply node n2 {"availability":"active"',
		'apply node n3 {"availability":"active"',
	]);
});

test('delete asks, and only y or enter does it', async () => {
	const harness = await open();
	harness.press('ctrl-d', 'ctrl-d', 'd');
	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual([]);
	harness.press('y');
	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual(['remove service api']);
});

test('what is pasted is no row of keys', async () => {
	const harness = await open();
	paste(harness.ui, 'jjD\r');
	expect([harness.selected, harness.message]).toEqual(['api', expect.stringContaining('Pasted text')]);
	harness.press('/');
	paste(harness.ui, 'web\nrm -rf');
	expect(harness.selected).toBe('web');
});

test('the cursor stays on its object while the list changes', async () => {
	const harness = await open();
	harness.press('j');
	const {services} = readCluster('service aaa replicas 1 · service aab replicas 1');
	harness.cluster.put(...services);
	await harness.advance(200);
	expect([harness.selected, harness.ui.place.list.index]).toEqual(['batch', 3]);
	harness.cluster.drop('batch-id');
	await harness.advance(200);
	expect([harness.selected, harness.ui.place.list.index]).toEqual(['web', 3]);
});

test('a broken connection leaves what was there, marked, and comes back', async () => {
	const harness = await open();
	harness.cluster.disconnect();
	await harness.advance(100);
	expect(harness.ui.collections.connection().state).toBe('stale');
	expect(harness.selected).toBe('api');
	harness.press('j');
	expect(harness.selected).toBe('batch');
	harness.cluster.connect();
	await harness.advance(10_000);
	await harness.advance(100);
	expect(harness.ui.collections.connection().state).toBe('live');
});

test('progress is told until it is reached', async () => {
	const harness = await open();
	harness.press('S', '2', 'enter');
	await harness.advance(200);
	expect(harness.message).toContain('api: 1 of 2 running');
	const {instances} = readCluster(`${text}\ninstance api.2 on n2 running at 1s`);
	harness.cluster.put(...instances.filter(({name}) => name === 'api.2'));
	await harness.advance(200);
	expect(harness.message).toBe('✓ api: 2 of 2 running');
	await harness.advance(5000);
	// Heard of before it is taken for silent.
	harness.cluster.put(anEvent('e2'));
	await harness.advance(5000);
	expect(harness.message).toBe('');
});

test('a connection that says nothing any more is not called live', async () => {
	const harness = await open();
	const state = () => harness.ui.collections.connection().state;
	await harness.advance(9000);
	expect(state()).toBe('live');
	await harness.advance(1500);
	expect(harness.ui.collections.connection()).toMatchObject({state: 'stale', error: {code: 'timeout'}});
	harness.cluster.put(anEvent('e2'));
	await harness.advance(0);
	expect(state()).toBe('live');
});

test('on top of what grows at its top, the cursor stays there; elsewhere on its event', async () => {
	const harness = await open();
	harness.press(...':events', 'enter');
	const put = async (id: string, createdAt: number) => {
		harness.cluster.put(anEvent(id, {createdAt}));
		await harness.advance(200);
		return harness.ui.target?.id;
	};
	expect([await put('e2', 2), await put('e3', 3)]).toEqual(['e2', 'e3']);
	harness.press('j');
	expect([harness.ui.target?.id, await put('e4', 4)]).toEqual(['e2', 'e2']);
});

test('what failed before is not said below a question, what goes well or goes on is', async () => {
	for (const [role, isSaid] of [
		['bad', false],
		['warning', false],
		['good', true],
		['busy', true],
	] as const) {
		const {ui, press} = await open();
		press(':', 'n', 'o', 'enter');
		ui.say(role, 'web cannot be scaled');
		press('j', 'D');
		expect([role, ui.state.overlay?.type, ui.state.message !== undefined]).toEqual([role, 'panel', isSaid]);
	}
});
