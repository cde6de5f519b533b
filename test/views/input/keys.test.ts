import type {Key as InkKey} from 'ink';
import {expect, test} from 'vitest';
import {keysOf} from '../../../source/views/input/keys.ts';

const none = Object.fromEntries(
	['upArrow', 'downArrow', 'leftArrow', 'rightArrow', 'pageDown', 'pageUp', 'home', 'end', 'return', 'escape', 'ctrl']
		.concat(['shift', 'tab', 'backspace', 'delete', 'meta', 'super', 'hyper', 'capsLock', 'numLock'])
		.map(name => [name, false]),
) as unknown as InkKey;

function check(name: string, input: string, key: Partial<InkKey>, expected: string) {
	test(name, () => {
		expect(keysOf(input, {...none, ...key}).join(' ')).toBe(expected);
	});
}

check('a character', 'j', {}, 'j');
check('characters of one read are walked one by one', 'jjq', {}, 'j j q');
check('enter, tab and backspace among characters', 'a\rb\tc\x7f', {}, 'a enter b tab c backspace');
check('a control character among others', 'j\x04', {}, 'j ctrl-d');
check('a control character alone', 'd', {ctrl: true}, 'ctrl-d');
check('an arrow', '', {upArrow: true}, 'up');
check('enter', '\r', {return: true}, 'enter');
check('escape', '', {escape: true}, 'esc');
check('escape twice', '', {escape: true, meta: true}, 'esc esc');
check('escape and a key in one read look like alt and that key', 'q', {meta: true}, 'esc q');
check('escape and enter in one read', '\r', {return: true, meta: true}, 'esc enter');
check('escape and a control character in one read', 'd', {ctrl: true, meta: true}, 'esc ctrl-d');
check('alt and an arrow', '', {upArrow: true, meta: true}, 'up');
check('tab backwards', '', {tab: true, shift: true}, 'shift-tab');
check('what is outside the first plane is one key', 'x👍y', {}, 'x 👍 y');
check('the release of a key', 'j', {eventType: 'release'}, '');
check('ctrl and nothing that can be told', '', {ctrl: true}, '');
