import {expect, test} from 'vitest';
import {type Column, layOut} from '../../source/views/widgets/columns.ts';

const column = (title: string, priority: number, min: number): Column<never> => ({
	title,
	priority,
	min,
	max: 50,
	cell: () => '',
});

const columns = [column('NAME', 0, 4), column('IMAGE', 4, 6), column('HEALTH', 1, 5), column('AGE', 2, 3)];
const natural = new Map([
	['NAME', 10],
	['IMAGE', 8],
	['HEALTH', 13],
	['AGE', 3],
]);

function check(available: number, expected: string) {
	test(`in ${available} columns`, () => {
		const layout = layOut(columns, natural, available);
		expect(layout.map(({column: {title}, width}) => `${title} ${width}`).join(' · ')).toBe(expected);
		expect(layout.reduce((sum, {width}) => sum + width + 2, -2)).toBeLessThanOrEqual(Math.max(4, available));
	});
}

check(100, 'NAME 10 · IMAGE 8 · HEALTH 13 · AGE 3');
check(40, 'NAME 10 · IMAGE 8 · HEALTH 13 · AGE 3');
check(30, 'NAME 10 · IMAGE 6 · HEALTH 5 · AGE 3');
check(26, 'NAME 10 · HEALTH 9 · AGE 3');
check(23, 'NAME 10 · HEALTH 6 · AGE 3');
check(15, 'NAME 10');
check(8, 'NAME 8');
check(2, 'NAME 4');

// A list whose last column may go, in a terminal of one column, ended the dashboard.
test('no column is kept where there is room for none', () => {
	const loose = [column('CPU', 2, 4), column('AGE', 3, 3)];
	expect(layOut(loose, natural, -1)).toEqual([]);
	expect(layOut([], natural, 80)).toEqual([]);
});
