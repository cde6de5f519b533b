import {expect, test} from 'vitest';
import {Ages} from '../../../source/views/age.ts';
import {grown, toldAge} from '../../../source/views/resources/told-age.ts';
import {aBoat} from '../../helpers/scripted-resources.ts';

/** What a cell said at minute ten → what it says a minute later; `–`: as it was told. */
function check(cell: string, expected: string, isAge = true): void {
	test(`${cell}${isAge ? ' in a column of ages' : ''}`, () => {
		const boat = aBoat('one', [cell], {toldAt: 600_000});
		const age = toldAge(boat, {title: 'SEEN', wide: false, numeric: false, isAge}, 1);
		expect(age === undefined ? '–' : grown(age, new Ages(660_000))).toBe(expected);
	});
}

check('5s', '65s');
check('9m30s', '10m');
check('2y3d', '733d');
check('3 (5m ago)', '3 (6m ago)');
check('3 (5m ago)', '3 (6m ago)', false);
// A job's duration need not grow.
check('12s', '–', false);
check('<unknown>', '–');
check('', '–');
