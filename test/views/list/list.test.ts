import {expect, test} from 'vitest';
import {emptyList, type ListState, move, select, settle} from '../../../source/views/list/list.ts';

const ids = [...'abcdefghij'];

/** `c@2/1`: the cursor on c, in row 2, the first visible row being 1. */
function text({selectedId, index, top}: ListState): string {
	return `${selectedId ?? '-'}@${index}/${top}`;
}

function check(name: string, list: ListState, expected: string) {
	test(name, () => {
		expect(text(list)).toBe(expected);
	});
}

const on = (id: string, top = 0) => select({...emptyList, top}, ids, id, 4);

check('begins on the first row', settle(emptyList, ids, 4), 'a@0/0');
check('of nothing stays nothing', settle(emptyList, [], 4), '-@0/0');
check('moves down and takes the view along', move(on('d'), ids, 1, 4), 'e@4/1');
check('moves up within the view', move(on('e'), ids, -1, 4), 'd@3/1');
check('stops at the end', move(on('i'), ids, 5, 4), 'j@9/6');
check('stops at the start', move(on('c'), ids, -50, 4), 'a@0/0');
check('moves by very much', move(on('c'), ids, Number.MAX_SAFE_INTEGER, 4), 'j@9/6');
check('follows its object when rows come before it', settle(on('c'), ['x', 'y', ...ids], 4), 'c@4/1');
check('follows its object when the order is another', settle(on('b'), ids.toReversed(), 4), 'b@8/5');
check('stays in its row when its object goes', settle(on('c'), [...'abdefghij'], 4), 'd@2/0');
check('goes up when the last object goes', settle(on('j'), [...'abcdefghi'], 4), 'i@8/5');
check('shows no empty rows below when the list gets short', settle(on('j'), [...'abcj'], 4), 'j@3/0');
check('keeps the cursor visible in a lower view', settle(on('d'), ids, 2), 'd@3/2');
check('shows more in a higher view', settle(on('j'), ids, 8), 'j@9/2');
check('selects by id', select(emptyList, ids, 'h', 4), 'h@7/4');
check('an unknown id changes nothing', select(on('c'), ids, 'zz', 4), 'c@2/0');

test('keeps what it remembers while the list is empty', () => {
	const list = settle(on('c'), [], 4);
	expect(text(settle(list, ids, 4))).toBe('c@2/0');
});
