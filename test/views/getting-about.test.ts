import {expect, test} from 'vitest';
import {frameLines} from '../../source/views/frame.ts';
import {markedIds} from '../../source/views/list/marks.ts';
import {type Kept, noPorts, type Ports} from '../../source/views/ports.ts';
import type {Ui} from '../../source/views/ui.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {anEvent} from '../helpers/objects.ts';
import {openUi} from '../helpers/ui.ts';

const text = `
	node n1 · node n2 cordoned · node n3
	service api replicas 2 · service batch replicas 1 · service web replicas 4
	instance api.1 on n1 running · instance api.2 on n2 running
	instance web.1 on n1 running · instance web.2 on n2 running · instance web.3 on n3 running · instance web.4 pending
`;

async function open(options = {}) {
	const {services, nodes, instances} = readCluster(text);
	return openUi([...services, ...nodes, ...instances, anEvent('e1')], options);
}

function keysOf(keys: string): readonly string[] {
	return keys === '' ? [] : keys.split(' ').map(key => (key === 'space' ? ' ' : key));
}

/** Where it is: the crumbs, and the row under the cursor. */
function check(name: string, keys: string, expected: string) {
	test(name, async () => {
		const {ui, press} = await open();
		press(...keysOf(keys));
		const crumbs = ui.state.places.map(({screen, about}) => (about ? `${screen}(${about.name})` : screen));
		expect(`${crumbs.join(' > ')}: ${ui.target?.name ?? '–'}`).toBe(expected);
	});
}

check('from an instance to its service', ': i n s enter J', 'instances > services: api');
check('and back', ': i n s enter J esc', 'instances: api.1');
check('from an instance to its node', ': i n s enter j H', 'instances > nodes: n2');
check('from a description too', ': i n s enter j d H', 'instances > describe(api.2) > nodes: n2');
check('an instance without a node stays', ': i n s enter G H', 'instances: web.4');
check('a service has no service', 'J', 'services: api');
check('from an event to what it is about', ': e v enter J', 'events > services: web');
check('to the last view and back', ': n o enter j : e v enter - j', 'nodes: n3');
check('and forth again, the cursor where it was', ': n o enter j : e v enter - -', 'events: Started');
check('- scales where there are replicas', '-', 'services: api');
check('[ goes to the view before', 'j enter [', 'services: batch');
check('several times', 'G enter d [ [', 'services: web');
check('and ] to the one after', 'G enter d [ [ ]', 'services > instances(web): web.1');
check('nothing is before the first', '[', 'services: api');
check('what was ahead is forgotten by going elsewhere', 'G enter [ j : n o enter ]', 'nodes: n1');
check(
	'a description leads to the YAML, and that back',
	'd y d',
	'services > describe(api) > yaml(api) > describe(api): api',
);
check('a text leads to the logs', 'x l', 'services > explain(api) > logs(api): api');
check('to the control plane', ': c s enter', 'control-plane: –');
check('to the versions of a service', ': h i s t o r y space w e b enter', 'services > history(web): web');
check('and of the one under the cursor', 'G : h i s t o r y enter', 'services > history(web): web');
check('a shifted arrow that nobody has moves', ': p u l s e enter shift-down', 'pulse: –');

/** What is typed, and behind it what it would do. */
function checkBar(name: string, keys: string, expected: string) {
	test(name, async () => {
		const harness = await open();
		harness.press(':', ...keysOf(keys));
		expect(harness.message.replace(/\s{2,}/g, ' | ')).toBe(expected);
	});
}

checkBar('tells what an alias means', 's v c', ':svc▏ | services');
checkBar('and what stands behind it', 'i n s space w e b', ':ins web▏ | instances of service web');
checkBar('a filter', 'i n s space w e', ':ins we▏ | instances filtered by we');
checkBar('a near miss', 's r v i c e s', ':srvices▏ | no screen is called srvices: services?');
checkBar('tab takes it', 's r v i c e s tab', ':services ▏ | services');
checkBar('tab completes a word', 'n o d tab', ':nodes ▏ | nodes');
checkBar('goes through what fits', 'n tab tab', ':networks ▏ | networks');
checkBar('round', 'n tab tab tab', ':nodes ▏ | nodes');
checkBar('and back', 'n shift-tab', ':networks ▏ | networks');
checkBar('completes names of objects', 'n o space n tab tab tab', ':nodes n2▏ | node n2');
checkBar(
	'as far as they have something in common',
	'd e s c r i b e space w tab',
	':describe web▏ | describe of service web',
);
checkBar('tells of a name that is not there', 'l o g s space w b e', ':logs wbe▏ | nothing is called wbe: web?');
checkBar('edits within the line', 'x o d e home delete n', ':n▏ode | nodes');
checkBar('a label as in k9s', 'p o space a p p = w e b', ':po app=web▏ | instances filtered by -l app=web');
checkBar('what is done by a key', 'd r a i n', ':drain▏ | drain: that is the key D of nodes');
checkBar('another context', 'c t x space f a r', ':ctx far▏ | open the context far');
checkBar('a command', 's u s p', ':susp▏ | back to the shell for a while; fg comes back');

/** The order of the rows, after the keys. */
function checkOrder(name: string, keys: string, expected: string) {
	test(name, async () => {
		const {ui, press} = await open();
		press(...keysOf(keys));
		expect(ui.listing.objects.map(object => object.name).join(' ')).toBe(expected);
	});
}

checkOrder(
	'a capital that nobody has sorts by the column of its letter, here the other way round',
	'N',
	'web batch api',
);
checkOrder('and back', 'N N', 'api batch web');
checkOrder('while another key is waited for it does not', 'o N', 'api batch web');

test('instances are found by the labels of their service', async () => {
	const {services, nodes, instances} = readCluster(text);
	const labelled = services.map(one => ({...one, spec: {...one.spec, labels: {app: one.name, tier: 'x'}}}));
	const {ui, press} = await openUi([...labelled, ...nodes, ...instances]);
	press(...': po app=api'.replace(' ', ''), 'enter');
	expect(ui.listing.objects.map(({name}) => name)).toEqual(['api.1', 'api.2']);
	press(...':po -l tier=x,app!=api', 'enter');
	expect(ui.listing.objects.length).toBe(4);
});

test('another context is opened by its name, and offered', async () => {
	const opened: string[] = [];
	const entry = (name: string) => ({name, engine: 'local', endpoint: '', current: false});
	const contexts = {
		list: async () => [entry('local'), entry('far')],
		open: async (name: string) => {
			if (name !== 'far') throw new Error(`no context is called ${name}`);
			opened.push(name);
		},
	};
	const harness = await open({ports: {...noPorts, contexts}});
	harness.press(...':ctx x', 'enter');
	await harness.advance(1);
	expect(harness.message).toContain('no context is called x');
	harness.press(...':ctx f', 'tab');
	await harness.advance(1);
	harness.press('tab');
	expect(harness.message).toMatch(/^:contexts far▏/);
	harness.press('enter');
	await harness.advance(1);
	expect([opened, harness.hasLeft]).toEqual([['far'], true]);
	harness.press(...':ctx local', 'enter');
	expect(harness.message).toContain('local is the one shown.');
});

test('lines of before come again, those that begin with what was typed', async () => {
	const harness = await open();
	harness.press(...keysOf(': n o enter : e v enter : n o space n 2 enter'));
	const shown: string[] = [];
	harness.press(':');
	for (const key of ['up', 'up', 'up', 'up', 'down', 'down', 'down', 'down']) {
		harness.press(key);
		shown.push(harness.message.split('▏')[0] ?? '');
	}

	expect(shown).toEqual([':no n2', ':ev', ':no', ':no', ':ev', ':no n2', ':', ':']);
	harness.press('n', 'o', 'up', 'up');
	expect(harness.message).toMatch(/^:no/);
});

test('commands and filters are kept for the next dashboard, the newest last, each once', async () => {
	const files = new Map<string, string>([['commands', 'pulse\nnodes\n']]);
	const ports: Ports = {...noPorts, recall: name => files.get(name), keep: (name, kept) => void files.set(name, kept)};
	const first = await open({ports});
	first.press(...keysOf(': p u l s e enter : x y z enter esc esc [ / w e enter'));
	expect(Object.fromEntries(files)).toEqual({commands: 'nodes\npulse\n', filters: 'we\n'});
	const second = await open({ports});
	second.press('/', 'up');
	expect(second.message).toMatch(/^\/we/);
});

test('what cannot be kept is no error', async () => {
	const fails = () => {
		throw new Error('no space left');
	};
	const harness = await open({ports: {...noPorts, keep: fails}});
	harness.press(...keysOf(': n o enter : up'));
	expect(harness.message).toMatch(/^:no/);
});

/** What is marked, in the order of marking. */
function checkMarks(name: string, keys: string, expected: string) {
	test(name, async () => {
		const {ui, press} = await open();
		press(...keysOf(`: i n s enter ${keys}`));
		expect([...markedIds(ui)].map(id => id.replace('-id', '')).join(' ')).toBe(expected);
	});
}

checkMarks('space marks and takes back', 'space j space j space k space', 'api.1 web.1');
checkMarks('ctrl-space marks from the last mark', 'j space j j j ctrl-space', 'api.2 web.1 web.2 web.3');
checkMarks('upwards too', 'G space k k ctrl-space', 'web.4 web.2 web.3');
checkMarks('a range marks what is passed', 'v j j', 'api.1 api.2 web.1');
checkMarks('and gives it back on the way back', 'v j j k', 'api.1 api.2');
checkMarks('until it ends', 'v j v j j space', 'api.1 api.2 web.2');
checkMarks('esc gives the range up', 'v j j esc', '');
checkMarks('M marks all', 'M', 'api.1 api.2 web.1 web.2 web.3 web.4');
checkMarks('and none', 'M M', '');
checkMarks('all that a filter leaves', '/ w e b enter M', 'web.1 web.2 web.3 web.4');
checkMarks('marks outlast a filter', 'space / w e b enter', 'api.1');
checkMarks('esc takes the filter back first', 'space / w e b enter esc', 'api.1');
checkMarks('and then the marks', 'space / w e b enter esc esc', '');
checkMarks('ctrl-\\ takes all back', 'M ctrl-\\', '');

test('the line below counts marks, also those that are not shown', async () => {
	const harness = await open();
	harness.press(...keysOf(': i n s enter space j space / w e b enter'));
	expect(harness.message).toContain('2 marked, 2 of them not shown');
});

// One esc took the list away as well.
test('esc takes only the question of what else is copied away', async () => {
	const {ui, press} = await open();
	press('enter', 'c', 'esc');
	expect([ui.state.overlay, ui.screen.id]).toEqual([undefined, 'instances']);
	press('esc');
	expect(ui.screen.id).toBe('services');
});

// It asked "Kill: send a signal: these 300 instances?"
test.each([
	['space ctrl-d', 'Remove the service api?'],
	['M ctrl-d', 'Remove these 3 services?'],
	[': n o d e s enter space G space D', 'Drain these 2 nodes?'],
])('what is marked is asked about in a sentence: %s', async (keys, question) => {
	const {press, ui} = await open();
	press(...keysOf(keys));
	expect(ui.state.overlay).toMatchObject({type: 'panel', question});
});

test('one confirmation lists all that are marked, and each is done', async () => {
	const harness = await open();
	harness.press(...keysOf('space G space ctrl-d'));
	const {overlay} = harness.ui.state;
	expect(overlay).toMatchObject({type: 'panel', title: 'Remove 2 services'});
	const preview = overlay?.type === 'panel' ? overlay.preview(harness.ui.world) : undefined;
	expect(preview?.rows.map(({name}) => name)).toEqual(['api', 'web']);
	await harness.advance(0);
	expect(harness.cluster.writes).toEqual([]);
	harness.press('y');
	await harness.advance(0);
	expect(harness.cluster.writes).toEqual(['remove service api', 'remove service web']);
	expect(harness.message).toBe('✓ muster service rm api web');
	expect(harness.ui.place.marks.size).toBe(0);
});

test('what fails is told by name, and stays marked', async () => {
	const harness = await open();
	const {remove} = harness.cluster;
	harness.cluster.remove = async (ref, options) => {
		if (ref.name === 'web') throw new Error('a lock is held');
		return remove(ref, options);
	};
	harness.press(...keysOf('M ctrl-d enter'));
	await harness.advance(0);
	await harness.advance(200);
	expect(harness.message).toMatch(/^✗ 1 of 3 failed and stay marked. web: /);
	expect([...harness.ui.place.marks]).toEqual(['web-id']);
});

test('what cannot be done to some of them is left out, and said', async () => {
	const harness = await openUi(readCluster('service a replicas 1 · service b global · service c replicas 2').services);
	harness.press(...keysOf('M S 7 enter'));
	const {overlay} = harness.ui.state;
	const preview = overlay?.type === 'panel' ? overlay.preview(harness.ui.world) : undefined;
	expect(preview?.summary).toBe('1 of 3 marked cannot be done');
	expect(preview?.rows[1]).toMatchObject({name: 'b', change: 'left out', blocked: true});
	harness.press('enter');
	await harness.advance(0);
	expect(harness.cluster.writes.map(write => write.replace(/ \{.*/, ''))).toEqual([
		'apply service a',
		'apply service c',
	]);
});

test('what cannot be done to any of them says why', async () => {
	const harness = await openUi(readCluster('service a global · service b global').services);
	harness.press(...keysOf('M S 7 enter'));
	expect(harness.message).toMatch(/^None of the 2 marked: /);
});

test('cordons and uncordons all that are marked', async () => {
	const harness = await open();
	harness.press(...keysOf(': n o enter M C enter'));
	await harness.advance(0);
	expect(harness.cluster.writes.map(write => write.replace(/ \{.*/, ''))).toEqual([
		'apply node n1',
		'apply node n2',
		'apply node n3',
	]);
});

test('replicas of all that are marked', async () => {
	const harness = await open();
	harness.press(...keysOf('M + S 7 enter'));
	await harness.advance(1000);
	expect(harness.cluster.writes).toEqual([]);
	harness.press('y');
	await harness.advance(0);
	expect(harness.cluster.writes.map(write => write.replace(/ \{.*/, ''))).toEqual([
		'apply service api',
		'apply service batch',
		'apply service web',
	]);
});

test('shifted arrows sort by any column, and turn the order round', async () => {
	const harness = await open();
	const sorted = () => {
		const {sort} = harness.ui.place;
		return sort && `${sort.column} ${sort.reverse ? '↓' : '↑'}`;
	};
	harness.press('shift-right');
	expect(sorted()).toBe('IMAGE ↑');
	harness.press('shift-right', 'shift-up');
	expect(sorted()).toBe('REPLICAS ↓');
	harness.press('shift-left', 'shift-left', 'shift-left');
	expect(sorted()).toBe('AGE ↑');
});

test('suspending asks whoever stops programs', async () => {
	let stops = 0;
	const harness = await open({ports: {...noPorts, stop: async () => void stops++}});
	harness.press(':', ...'suspend', 'enter');
	await harness.advance(0);
	expect(stops).toBe(1);
});

function titlesOf(ui: Ui): readonly string[] {
	const [, titles = ''] = frameLines(ui);
	return titles
		.trim()
		.replace(/ [↑↓]/, '')
		.split(/\s{2,}/);
}

test('columns are chosen, put in another order, and kept for their screen', async () => {
	const files = new Map<string, string>();
	const ports: Ports = {...noPorts, recall: name => files.get(name), keep: (name, kept) => void files.set(name, kept)};
	const first = await open({ports});
	const usual = titlesOf(first.ui);
	const [name, , replicas, ...others] = usual;
	const chosen = [replicas, name, ...others];
	first.press('W', 'j', ' ', 'j', 'K', 'K', 'enter');
	expect(titlesOf(first.ui)).toEqual(chosen);
	const second = await open({ports});
	expect(titlesOf(second.ui)).toEqual(chosen);
	second.press(':', ...'nodes', 'enter');
	expect(titlesOf(second.ui)).toContain('STATUS');
	second.press('-', 'W', 'r');
	expect(titlesOf(second.ui)).toEqual(usual);
	expect(files.get('columns')).toBe('{}\n');
});

test('a list keeps a column, and what is left is as it was', async () => {
	const {ui, press} = await open();
	const usual = titlesOf(ui);
	press('W');
	const {overlay} = ui.state;
	const items = overlay?.type === 'choices' ? overlay.items : [];
	press(...items.flatMap(({isOn}) => (isOn ? [' ', 'j'] : ['j'])), 'enter');
	expect(ui.state.message?.text).toBe('A list has at least one column.');
	press('esc');
	expect(titlesOf(ui)).toEqual(usual);
});

test.each(['[', '{"services": "NAME"}', '{"services": ["NO SUCH"]}', '[1]', 'null'])(
	'what somebody wrote into the file of columns is no harm: %s',
	async text => {
		const {ui} = await open({ports: {...noPorts, recall: (name: Kept) => (name === 'columns' ? text : undefined)}});
		expect(titlesOf(ui)).toEqual(titlesOf((await open()).ui));
	},
);
