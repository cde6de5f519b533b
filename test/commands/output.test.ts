import {describe, expect, test} from 'vitest';
import {toJson} from '../../source/commands/output/json.ts';
import {portText} from '../../source/commands/output/listings.ts';
import {type Column, renderTable} from '../../source/commands/output/table.ts';
import {parseTemplate} from '../../source/commands/output/template.ts';
import {toYaml} from '../../source/commands/output/yaml.ts';

const paint = {tone: (_: unknown, text: string) => text, nth: (_: number, text: string) => text};
const columns: Array<Column<string[]>> = [
	{title: 'NAME', value: ([name = '']) => name},
	{title: 'N', align: 'right', value: ([, count = '']) => count},
	{title: 'WHY', shrinkTo: 6, value: ([, , why = '']) => why},
];
const table = (rows: string[][], width?: number, headers = true) =>
	renderTable(columns, rows, {headers, width, paint}).split('\n').slice(0, -1);

describe('tables', () => {
	test('are as wide as their texts, counted as a terminal shows them', () => {
		expect(
			table([
				['日本', '1', 'a'],
				['web', '100', 'a much longer reason'],
			]),
		).toEqual(['NAME    N  WHY', '日本    1  a', 'web   100  a much longer reason']);
	});
	test('cut off what may shrink, and no more than it may', () => {
		expect(table([['web', '100', 'a much longer reason']], 20)).toEqual(['NAME    N  WHY', 'web   100  a much l…']);
		expect(table([['web', '100', 'a much longer reason']], 5)).toEqual(['NAME    N  WHY', 'web   100  a muc…']);
	});
	test('without titles, with nothing in a cell', () => {
		expect(table([['web', '', '']], undefined, false)).toEqual(['web  -  -']);
	});
	test('keep a line a row, whatever is in it', () => {
		expect(table([['a\nb\x1b[2J', '1', '\u202e']])).toEqual(['NAME  N  WHY', 'a b   1  <202e>']);
	});
});

describe('templates', () => {
	const object = {name: 'web', status: {running: 3}, list: [1], nothing: null};
	test.each([
		['{{.name}} {{ .status.running }}', 'web 3'],
		['{{.Name}}\\t{{.Status.Running}}', 'web\t3'],
		['{{json .status}} {{.list}}', '{"running":3} [1]'],
		['{{.nothing}}|{{.missing.deep}}|{{json .nothing}}', '||null'],
		['{{json .}}', '{"name":"web","status":{"running":3},"list":[1],"nothing":null}'],
		['plain } {', 'plain } {'],
	])('%s', (template, expected) => {
		expect(parseTemplate(template)(object)).toBe(expected);
	});
	test.each(['{{name}}', '{{.a', '}}', '{{range .x}}', '{{.a | b}}'])('%s is refused', template => {
		expect(() => parseTemplate(template)).toThrow('--format');
	});
});

test('data keeps hostile text, and shows no terminal any of it', () => {
	const value = [{name: '\x1b[31m\x9b\u202e\u2066 plain größe 日本', 'key\x9b': 1}];
	for (const text of [toJson(value), toJson(value, '  '), toYaml(value)]) {
		expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
		expect(text).toContain('größe 日本');
	}

	expect(JSON.parse(toJson(value))).toEqual(value);
});

test('a port says where it listens, but for the usual 127.0.0.1', () => {
	const port = {published: 8080, target: 80, protocol: 'tcp'} as const;
	expect([
		portText({...port, host: '127.0.0.1'}),
		portText({...port, host: '0.0.0.0'}),
		portText({...port, host: '::1'}),
	]).toEqual(['8080→80', '0.0.0.0:8080→80', '[::1]:8080→80']);
});
