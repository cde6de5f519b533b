import {expect, test} from 'vitest';
import {type TendedContext, tendedLines} from '../../source/core/tend/tended.ts';
import {noPorts} from '../../source/views/ports.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {openUi} from '../helpers/ui.ts';

type Options = {readonly tended?: readonly TendedContext[]; readonly holder?: string; readonly isTendable?: boolean};

/** What `:tending` says of a cluster. */
async function open({tended = [], holder, isTendable = true}: Options) {
	const cluster = createScriptedCluster([]);
	let all = tended;
	const lease = {read: async () => holder && {holder, revision: '1'}};
	if (isTendable) Object.assign(cluster.facets, {tend: {lease}});
	const harness = await openUi([], {cluster, ports: {...noPorts, tended: async () => all}});
	harness.press(':', ...'tending', 'enter');
	await harness.advance(0);
	return {
		harness,
		tend(next: readonly TendedContext[]) {
			all = next;
		},
		get lines() {
			const {text} = harness.ui;
			return Array.from({length: text.count}, (_, index) =>
				text
					.at(index)
					.map(span => (typeof span === 'string' ? span : span.text))
					.join('')
					.trim(),
			).filter(line => line !== '');
		},
	};
}

const here: TendedContext = {
	context: 'scripted',
	does: 'autoscaling, spreading by 3 at a time',
	state: {
		owner: 'me',
		autoscale: {web: {replicas: 5, reason: 'cpu 82 % of 70 %'}},
		spread: 'all is spread as it can be',
	},
};

test('an engine that does so by itself is tended by nobody', async () => {
	const {lines, harness} = await open({isTendable: false});
	expect(lines).toEqual([`${harness.ui.executor.backend.name} scales what has a policy by itself: nobody tends it.`]);
});

test('that nobody tends it is said, with what that means and the command', async () => {
	const {lines, harness} = await open({});
	const {name} = harness.ui.executor.backend;
	expect(lines).toEqual([
		`Nobody tends ${name}.`,
		'What has a policy (A) is not scaled, and a drain begun with -d goes no further.',
		`$ muster daemon tend ${name}`,
		"has muster's daemon here do it too: of several only one acts.",
	]);
});

test('who tends it from elsewhere is named, made harmless', async () => {
	const {lines} = await open({holder: 'host-\u{1B}[31m7'});
	expect(lines[0]).toMatch(/^host-.*7 is in charge\.$/);
	expect(lines.join('')).not.toContain('\u{1B}');
});

test('what is decided here, and why, is followed', async () => {
	const dashboard = await open({});
	const {name} = dashboard.harness.ui.executor.backend;
	dashboard.tend([{...here, context: name}]);
	await dashboard.harness.advance(2000);
	expect(dashboard.lines).toEqual([
		"muster's daemon here: autoscaling, spreading by 3 at a time",
		'in charge',
		'web 5: cpu 82 % of 70 %',
		'spread: all is spread as it can be',
		`$ muster daemon tend --off ${name}`,
	]);
	dashboard.tend([{...here, context: 'another'}]);
	await dashboard.harness.advance(2000);
	expect(dashboard.lines[0]).toBe(`Nobody tends ${name}.`);
});

test('what is longer than a line goes on in the next', async () => {
	const reason = `cpu ${'very '.repeat(30)}high`;
	const dashboard = await open({});
	const {name} = dashboard.harness.ui.executor.backend;
	dashboard.tend([{...here, context: name, state: {owner: 'me', autoscale: {web: {replicas: 5, reason}}}}]);
	await dashboard.harness.advance(2000);
	const decision = dashboard.lines.slice(2, -1);
	expect(decision.length).toBe(2);
	expect(decision.join(' ')).toBe(`web 5: ${reason}`);
});

const stands: ReadonlyArray<readonly [string, TendedContext['state'] | undefined, readonly string[]]> = [
	['before it has said anything', undefined, ['its process has not said anything yet']],
	['in charge of nothing', {owner: 'me', autoscale: {}}, ['in charge']],
	['nobody', {owner: 'nobody', autoscale: {}}, ['nobody is in charge yet']],
	['another', {owner: 'b 12', autoscale: {}}, ['b 12 is in charge; this one waits']],
	['that cannot be reached', {owner: 'me', error: 'no route', autoscale: {}}, ['no route']],
	[
		'that brings hosts',
		{owner: 'me', autoscale: {}, hosts: {brought: ['n9'], reason: 'room for all'}},
		['in charge', 'hosts: n9, room for all'],
	],
];

test.each(stands)('how it stands: %s', (_, state, expected) => {
	expect(tendedLines({context: 'c', does: 'autoscaling', ...(state && {state})})).toEqual(expected);
});
