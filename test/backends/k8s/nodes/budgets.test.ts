import {describe, expect, test} from 'vitest';
import {heldOf, isMeant} from '../../../../source/backends/k8s/nodes/budgets.ts';

test('labels are meant by a selector as the server says', () => {
	const matchExpressions = [
		{key: 'tier', operator: 'In', values: ['a', 'b']},
		{key: 'zone', operator: 'NotIn', values: ['x']},
		{key: 'kept', operator: 'Exists'},
		{key: 'old', operator: 'DoesNotExist'},
	];
	const selector = {matchLabels: {app: 'web'}, matchExpressions};
	const labels = {app: 'web', tier: 'a', kept: ''};
	expect(isMeant(selector, labels)).toBe(true);
	const others: Array<Record<string, string>> = [{app: 'db'}, {tier: 'c'}, {zone: 'x'}, {old: 'yes'}];
	for (const other of others) {
		expect(isMeant(selector, {...labels, ...other})).toBe(false);
	}

	expect(isMeant(selector, {app: 'web', tier: 'a'})).toBe(false);
	expect(isMeant({}, {app: 'web'})).toBe(true);
	expect(isMeant(undefined, {app: 'web'})).toBe(false);
});

/**
 * `pod web-1 app=web` on a line: with `pending`, `ending`, `done`, `unready`, `of daemonset`, `bare`, `data`.
 * `budget web app=web allows 1 healthy 3 wants 2`: with `uncounted`, `always`, `in other`.
 */
function held(text: string): string {
	const lines = text
		.split('\n')
		.map(line => line.trim())
		.filter(Boolean);
	const pods = lines.filter(line => line.startsWith('pod ')).map(podOf);
	const budgets = lines.filter(line => line.startsWith('budget ')).map(budgetOf);
	return heldOf(pods, budgets)
		.map(({name, why, goes}) => `${name}${goes ? ' goes' : ''}: ${why}`)
		.join('\n');
}

function labelsOf(words: readonly string[]): Record<string, string> {
	return Object.fromEntries(words.filter(word => word.includes('=')).map(word => word.split('=') as [string, string]));
}

function podOf(line: string) {
	const [, name = '', ...words] = line.split(' ');
	const has = (word: string) => words.includes(word);
	const kind = has('daemonset') ? 'DaemonSet' : 'ReplicaSet';
	const owner = {apiVersion: 'apps/v1', kind, name: 'x', uid: 'x', controller: true};
	return {
		metadata: {
			...{name, namespace: 'default', uid: name, resourceVersion: '1', labels: labelsOf(words)},
			...(has('bare') ? {} : {ownerReferences: [owner]}),
			...(has('ending') ? {deletionTimestamp: '2026-01-01T00:00:00Z'} : {}),
		},
		spec: {volumes: has('data') ? [{name: 'data', emptyDir: {}}] : []},
		status: {
			phase: has('pending') ? 'Pending' : has('done') ? 'Succeeded' : 'Running',
			conditions: [{type: 'Ready', status: has('unready') ? 'False' : 'True'}],
		},
	} as const;
}

function budgetOf(line: string) {
	const [, name = '', ...words] = line.split(' ');
	const figure = (word: string) => Number(words[words.indexOf(word) + 1] ?? 0);
	return {
		metadata: {
			...{name, namespace: words.includes('other') ? 'other' : 'default', uid: name},
			...{resourceVersion: '1', generation: 2},
		},
		spec: {
			selector: {matchLabels: labelsOf(words)},
			...(words.includes('always') ? {unhealthyPodEvictionPolicy: 'AlwaysAllow'} : {}),
		},
		status: {
			observedGeneration: words.includes('uncounted') ? 1 : 2,
			disruptionsAllowed: figure('allows'),
			currentHealthy: figure('healthy'),
			desiredHealthy: figure('wants'),
		},
	};
}

function check(what: string, cluster: string, expected: string): void {
	test(what, () => {
		const lines = expected.split('\n').map(line => line.trim());
		expect(held(cluster)).toBe(lines.filter(Boolean).join('\n'));
	});
}

describe('what a drain finds held', () => {
	check(
		'as many go at once as the budget allows, whatever is not covered goes',
		`pod web-1 app=web
		pod web-2 app=web
		pod web-3 app=web
		pod api-1 app=api
		budget web app=web allows 1 healthy 3 wants 2`,
		`web-2: disruption budget web: 1 at a time
		web-3: disruption budget web: 1 at a time`,
	);
	check(
		'a budget of another namespace is about others',
		`pod web-1 app=web
		budget web app=web in other allows 0 healthy 3 wants 3`,
		'',
	);
	check(
		'what has not begun, has ended or is on its way out is not asked about, nor what stays',
		`pod web-1 app=web pending
		pod web-2 app=web ending
		pod web-3 app=web done bare
		pod web-4 app=web of daemonset
		pod web-5 app=web
		budget web app=web allows 0 healthy 1 wants 1`,
		'web-5: disruption budget web: 1 healthy, 1 must be',
	);
	check(
		'unhealthy ones go while as many are healthy as must be',
		`pod web-1 app=web unready
		pod web-2 app=web
		budget web app=web allows 0 healthy 2 wants 2`,
		'web-2: disruption budget web: 2 healthy, 2 must be',
	);
	check(
		'and stay where fewer are',
		`pod web-1 app=web unready
		budget web app=web allows 0 healthy 1 wants 2`,
		'web-1: disruption budget web: 1 healthy, 2 must be',
	);
	check(
		'but for a budget that always lets them go',
		`pod web-1 app=web unready
		budget web app=web always allows 0 healthy 1 wants 2`,
		'',
	);
	check(
		'of two budgets the eviction API takes neither',
		`pod web-1 app=web
		budget a app=web allows 1 healthy 3 wants 2
		budget b app=web allows 1 healthy 3 wants 2`,
		'web-1: it has more than one disruption budget (a and b): no eviction is possible',
	);
	check(
		'a budget that has just been changed holds all until it is counted',
		`pod web-1 app=web
		budget web app=web uncounted allows 1 healthy 3 wants 2`,
		'web-1: disruption budget web: it has not been counted yet what it allows',
	);
	check(
		'what is lost is told besides',
		`pod web-1 app=web bare data
		budget web app=web allows 0 healthy 1 wants 1`,
		`web-1 goes: nothing makes it anew; its local data is lost: data
		web-1: disruption budget web: 1 healthy, 1 must be`,
	);
});
