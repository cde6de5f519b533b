import {expect, test} from 'vitest';
import {Ages} from '../../../source/views/age.ts';
import {pairRows, sectionLines} from '../../../source/views/describe/sections.ts';
import {serviceSections} from '../../../source/views/describe/service.ts';
import {spanText} from '../../../source/views/widgets/line.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {worldOf} from '../../helpers/table-text.ts';

// All labels of a service were one line, of which a terminal shows the first three.
test('each label and each variable has a line of its own', () => {
	const [web] = readCluster('service web replicas 1').services;
	if (web === undefined) throw new Error('no service');
	const {spec} = web;
	const labels = {team: 'shop', 'app.kubernetes.io/name': 'web', spot: ''};
	const template = {...spec.template, env: {COLOUR: 'blue', EMPTY: ''}};
	const sections = serviceSections(
		{...web, spec: {...spec, labels, template}},
		{world: worldOf({}), ages: new Ages(0)},
	);
	const lines = sectionLines(sections).map(spans => spans.map(spanText).join(''));
	const from = (label: string) => lines.findIndex(line => line.startsWith(`   ${label} `));
	expect(lines.slice(from('labels'), from('age')).map(line => line.slice(3).replace(/ +/g, ' '))).toEqual([
		'labels team=shop',
		' app.kubernetes.io/name=web',
		' spot=',
	]);
	expect(lines.slice(from('environment'), from('stop')).map(line => line.slice(3).replace(/ +/g, ' '))).toEqual([
		'environment COLOUR=blue',
		' EMPTY=',
	]);
});

test('where there is none, there is no line', () => {
	expect(pairRows('labels', {})).toEqual([]);
});
