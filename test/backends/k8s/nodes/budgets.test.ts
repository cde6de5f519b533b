import {expect, test} from 'vitest';
import {selectorText} from '../../../../source/backends/k8s/nodes/budgets.ts';

test('a selector is written as the server takes it in a query', () => {
	const matchExpressions = [
		{key: 'tier', operator: 'In', values: ['a', 'b']},
		{key: 'zone', operator: 'NotIn', values: ['x']},
		{key: 'kept', operator: 'Exists'},
		{key: 'old', operator: 'DoesNotExist'},
	];
	expect(selectorText({matchLabels: {app: 'web'}, matchExpressions})).toBe(
		'app=web,tier in (a,b),zone notin (x),kept,!old',
	);
	expect(selectorText({})).toBe('');
});
