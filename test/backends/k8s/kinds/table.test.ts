import {expect, test} from 'vitest';
import {readTable} from '../../../../source/backends/k8s/kinds/table.ts';
import {boats} from '../../../helpers/scripted-resources.ts';

const metadata = {name: 'anna', namespace: 'shop', uid: 'u1', resourceVersion: '7'};

test('a table is read in the server’s own columns', () => {
	const {columns, rows, revision} = readTable(
		boats,
		{
			metadata: {resourceVersion: '9'},
			columnDefinitions: [{name: 'Name'}, {name: 'Sails', type: 'integer', priority: 1}],
			rows: [{cells: ['anna', 3], object: {metadata} as never}],
		},
		5,
	);
	expect(columns.map(({title, wide, numeric}) => ({title, wide, numeric}))).toEqual([
		{title: 'NAME', wide: false, numeric: false},
		{title: 'SAILS', wide: true, numeric: true},
	]);
	expect(rows).toMatchObject([{id: 'u1', name: 'anna', scope: 'shop', cells: ['anna', '3'], toldAt: 5, revision: '7'}]);
	expect(revision).toBe('9');
});

test('who knows of no tables and answers with objects is listed by their names', () => {
	const object = {metadata: {...metadata, creationTimestamp: '2030-01-01T00:00:00Z'}} as never;
	const {columns, rows, revision} = readTable(boats, {metadata: {resourceVersion: '9'}, items: [object]}, 5);
	expect(columns.map(({title}) => title)).toEqual(['NAME', 'CREATED']);
	expect(rows.map(({cells}) => cells)).toEqual([['anna', '2030-01-01T00:00:00Z']]);
	expect(revision).toBe('9');
});

test('nothing there: the columns alone', () => {
	expect(readTable(boats, {columnDefinitions: [{name: 'Name'}], rows: null}, 5).rows).toEqual([]);
});

test('columns of ages are known by their names, or by their type', () => {
	const columnDefinitions = [{name: 'Last Seen', type: 'string'}, {name: 'Docked', type: 'date'}, {name: 'Duration'}];
	const {columns} = readTable(boats, {columnDefinitions, rows: []}, 5);
	expect(columns.map(({isAge}) => isAge)).toEqual([true, true, undefined]);
});
