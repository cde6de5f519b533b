import {expect, test} from 'vitest';
import type {LogLine} from '../../../source/core/backend.ts';
import {type RowLook, rowSpans, savedLine} from '../../../source/views/logs/row-spans.ts';
import {parsePattern} from '../../../source/views/text/pattern.ts';
import {spanText} from '../../../source/views/widgets/line.ts';

const at = new Date(2026, 0, 1, 9, 5, 7, 40).getTime();
const line: LogLine = {at, instanceId: 'i1', instanceName: 'web.12', stream: 'stdout', text: 'GET /a GET'};
const plain: RowLook = {
	...{columns: 24, times: false, nameColumns: 0, byContainer: false, wraps: false, pan: 0, search: undefined},
};

/** What was found stands in brackets. */
function check(name: string, parts: Partial<RowLook & LogLine>, expected: string, {piece = 0, isCurrent = false} = {}) {
	test(name, () => {
		const look = {...plain, ...parts};
		const entry = {
			...line,
			...(parts.text !== undefined && {text: parts.text}),
			...(parts.instanceName && {instanceName: parts.instanceName}),
			...(parts.stream && {stream: parts.stream}),
			...(parts.container && {container: parts.container}),
		};
		const spans = rowSpans(entry, piece, isCurrent, look);
		const texts = spans.map(span =>
			typeof span !== 'string' && span.role === 'match' ? `[${span.text}]` : spanText(span),
		);
		expect(texts.join('').trimEnd()).toBe(expected);
	});
}

check('a text', {}, '  GET /a GET');
check('with its time', {times: true}, '  09:05:07.040 GET /a GET');
check('with its instance', {nameColumns: 7}, '  web.12  GET /a GET');
check('with its container', {nameColumns: 5, byContainer: true, container: 'proxy'}, '  proxy GET /a GET');
check('of one container among others that are longer', {nameColumns: 5, byContainer: true}, '        GET /a GET');
check('a longer name is cut', {nameColumns: 4}, '  web… GET /a GET');
check(
	'of a long name the end is kept, which tells it from others',
	{nameColumns: 20, instanceName: 'web-frontend-application-85fcf8d986-9vc9z'},
	'  web-frontend-…-9vc9z GET /a GET',
);
check('what was found', {search: parsePattern('get')}, '  [GET] /a [GET]');
check('what was found, where the search is', {search: parsePattern('/a')}, '▸ GET [/a] GET', {isCurrent: true});
check('what must not be there is not marked', {search: parsePattern('!get')}, '  GET /a GET');
check('a match of nothing', {search: parsePattern('x*')}, '  GET /a GET');
check('seen from further right', {pan: 4, search: parsePattern('/a')}, '  [/a] GET');
check('seen from within a match', {pan: 1, search: parsePattern('GET')}, '  [ET] /a [GET]');
check('the first piece', {wraps: true, columns: 12, text: 'abcdefghijklmno'}, '  abcdefghij');
check('the second piece', {wraps: true, columns: 12, text: 'abcdefghijklmno'}, '  klmno', {piece: 1});
check(
	'a match over two pieces',
	{wraps: true, columns: 12, text: 'abcdefghijklmno', search: parsePattern('jk')},
	'  [k]lmno',
	{piece: 1},
);

test('a mark goes over the whole row', () => {
	const [span = ''] = rowSpans({mark: 2, at}, 0, false, plain);
	expect(spanText(span)).toBe('── mark 2 · 09:05:07.040 ');
	const [wide = ''] = rowSpans({mark: 2, at}, 0, false, {...plain, columns: 30});
	expect(spanText(wide).length).toBe(30);
});

test('in a file every line has its time, its instance, and whether it is of stderr', () => {
	expect(savedLine({...line, at: 0, stream: 'stderr'})).toBe('1970-01-01T00:00:00.000Z web.12 ! GET /a GET');
	expect(savedLine({...line, at: 0, instanceName: 'a\u{1B}[2J'})).toBe('1970-01-01T00:00:00.000Z a GET /a GET');
	expect(savedLine({mark: 1, at: 0})).toBe('1970-01-01T00:00:00.000Z -------- mark 1 --------');
});
