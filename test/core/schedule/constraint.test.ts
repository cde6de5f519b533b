import {describe, expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {meetsConstraint, parseConstraint, parsePreference} from '../../../source/core/schedule/constraint.ts';
import {named, readCluster} from '../../helpers/cluster-text.ts';

const {nodes} = readCluster('node n1 zone=a disk= · node m1 role manager zone=b');

/** A constraint in, the nodes that meet it out. */
function check(constraint: string, ...expected: string[]): void {
	test(`${constraint} is met by ${expected.join(' and ') || 'none'}`, () => {
		const parsed = parseConstraint(constraint);
		expect(nodes.filter(node => meetsConstraint(node, parsed)).map(({name}) => name)).toEqual(expected);
	});
}

describe('a constraint', () => {
	check('node.name==n1', 'n1');
	check('node.name!=n1', 'm1');
	check('node.hostname==m1', 'm1');
	check(`node.id==${named(nodes, 'n1').id}`, 'n1');
	check('node.role==worker', 'n1');
	check('node.role!=worker', 'm1');
	check('node.labels.zone==a', 'n1');
	check(' node.labels.zone == a ', 'n1');
	check('node.labels.zone==A');
	check('node.labels.disk!=ssd', 'n1', 'm1');
	check('node.labels.constructor!=x', 'n1', 'm1');
	check('node.labels.x==y==z');
});

/** What is none in, the problem out. */
function refuse(parse: (text: string) => unknown, text: string, problem: string): void {
	test(`${JSON.stringify(text)} is none`, () => {
		expect(() => parse(text)).toThrow(new ClusterError('usage', problem));
	});
}

describe('what is no constraint', () => {
	const allowed =
		'allowed is node.id, node.name, node.hostname, node.role or node.labels.KEY, then == or != and a value';
	refuse(parseConstraint, '', `constraint "" has neither == nor !=: ${allowed}`);
	refuse(parseConstraint, 'node.name=n1', `constraint "node.name=n1" has neither == nor !=: ${allowed}`);
	refuse(parseConstraint, 'zone==a', `constraint "zone==a" asks for "zone": ${allowed}`);
	refuse(parseConstraint, 'toString==a', `constraint "toString==a" asks for "toString": ${allowed}`);
	refuse(parseConstraint, 'node.labels.==a', `constraint "node.labels.==a" asks for "node.labels.": ${allowed}`);
	refuse(parseConstraint, 'node.name==', `constraint "node.name==" has no value after ==: ${allowed}`);
	refuse(
		parseConstraint,
		'node.name==a\u001b[2J\nb!=\u0007',
		`constraint "node.name==a\\u001b[2J\\nb!=\\u0007" has a control character in its value: ${allowed}`,
	);
	refuse(
		parseConstraint,
		'node.role==king',
		'constraint "node.role==king" asks for the role "king": allowed are manager and worker',
	);
});

describe('a preference', () => {
	test('names the label of the groups', () => {
		expect(parsePreference('spread=node.labels.zone')).toEqual({text: 'spread=node.labels.zone', label: 'zone'});
	});
	for (const text of ['', 'zone', 'spread=zone', 'spread=node.labels.', 'binpack=node.labels.zone']) {
		refuse(
			parsePreference,
			text,
			`placement preference ${JSON.stringify(text)} is not of the form spread=node.labels.KEY, the only one allowed`,
		);
	}
});
