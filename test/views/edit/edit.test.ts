import {describe, expect, test} from 'vitest';
import {parse, stringify} from 'yaml';
import {compare} from '../../../source/core/difference/comparison.ts';
import {withoutProblems, withProblems} from '../../../source/core/difference/problem-lines.ts';
import type {Service} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import type {Yaml} from '../../../source/core/yaml.ts';
import {comparisonRows} from '../../../source/views/edit/comparison-rows.ts';
import {documentOf, readDocument} from '../../../source/views/edit/document.ts';
import {aService} from '../../helpers/objects.ts';

const yaml: Yaml = {stringify: value => stringify(value, {aliasDuplicateObjects: false}), parse: text => parse(text)};
const web: Service = aService('web', {spec: serviceSpec({replicas: 3, template: {image: 'nodejs'}})});
const document = documentOf(web, yaml);

describe('a document', () => {
	/** What is done to the text → what is read from it. */
	const check = (name: string, change: (text: string) => string, expected: string) => {
		test(name, () => {
			const reading = readDocument(change(document), web, yaml);
			const text =
				'spec' in reading
					? comparisonRows(compare(web.spec, reading.spec as object, web.spec))
							.map(row => `${row.name} ${row.change}`)
							.join('\n')
					: reading.problems.join('\n');
			expect(text).toMatch(new RegExp(`^${expected}$`));
		});
	};

	check('as it is', text => text, '');
	check('another number', text => text.replace('replicas: 3', 'replicas: 5'), 'replicas you: 3 → 5');
	check('comments are not read', text => `# x\n${text.replace('mode:', '# y\n  mode:')}`, '');
	check('what is left out is as in a new one', text => text.replace(/ {4}tty: false\n/, ''), '');
	check(
		'no number',
		text => text.replace('replicas: 3', 'replicas: x'),
		'spec.replicas must be a whole number from 0 to 100000, found "x"',
	);
	check(
		'two mistakes',
		text => text.replace('replicas: 3', 'replicas: -1').replace('tty: false', 'tty: 1'),
		'spec.replicas must[\\s\\S]*\\n[\\s\\S]*tty must[\\s\\S]*',
	);
	check(
		'an unknown member',
		text => text.replace('replicas: 3', 'replicas: 3\n  replcas: 4'),
		'[\\s\\S]*unknown member "replcas"[\\s\\S]*',
	);
	check('no YAML', text => text.replace('replicas: 3', 'replicas: [3'), '[\\s\\S]*at line \\d+[\\s\\S]*');
	check('no spec', () => 'web: 1', 'there is no spec: [\\s\\S]*');
	check('something besides', text => `${text}\nstatus: {}`, 'only spec can be changed, found also "status"');
});

test('problems stand on top, and go when the text is read again', () => {
	const first = withProblems(document, ['one', 'two\nlines']);
	expect(first.split('\n').slice(0, 3)).toEqual(['# ✗ one', '# ✗ two', '# ✗ lines']);
	expect(withoutProblems(first)).toBe(document);
	expect(withProblems(first, ['other']).split('\n')[1]).toBe(document.split('\n')[0]);
});

test('a hostile name is harmless in a document', () => {
	expect(documentOf({...web, name: 'a\n\x1b[2J#b'}, yaml).split('\n')[0]).toMatch(/^# service a #b\. /);
});

describe('beside what others did', () => {
	const check = (name: string, mine: object, theirs: object, rows: string, joined: object) => {
		test(name, () => {
			const opened = {a: 1, b: 1, c: {d: 1, e: 1}};
			const comparison = compare(opened, {...opened, ...mine}, {...opened, ...theirs});
			const found = comparisonRows(comparison).map(
				row => `${row.blocked ? '✗ ' : ''}${row.name} ${row.change}${row.note ? ` (${row.note})` : ''}`,
			);
			expect(found.join('\n')).toBe(rows);
			expect(comparison.joined).toEqual({...opened, ...joined});
		});
	};

	check('nobody else', {a: 2}, {}, 'a you: 1 → 2', {a: 2});
	check('elsewhere', {a: 2}, {b: 3}, 'a you: 1 → 2\nb meanwhile: 1 → 3', {a: 2, b: 3});
	check('in the same place', {a: 2}, {a: 3}, '✗ a you: 1 → 2 (meanwhile 3)', {a: 3});
	check('the same', {a: 2}, {a: 2}, 'a you: 1 → 2', {a: 2});
	check('deep down', {c: {d: 2, e: 1}}, {c: {d: 1, e: 2}}, 'c.d you: 1 → 2\nc.e meanwhile: 1 → 2', {c: {d: 2, e: 2}});
	check('taken away by both sides', {c: {d: 1}}, {c: {d: 1, e: 5}}, '✗ c.e you: − 1 (meanwhile 5)', {c: {d: 1, e: 5}});
});
