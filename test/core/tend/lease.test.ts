import {expect, test} from 'vitest';
import {decideLease} from '../../../source/core/tend/lease.ts';

function check(what: string, holder: string | undefined, unchangedMs: number, expected: string): void {
	test(what, () => {
		const seen = holder === undefined ? undefined : {holder, revision: '1'};
		expect(decideLease({me: 'me', seen, unchangedMs, leaseMs: 60_000})).toBe(expected);
	});
}

check('what nobody has is taken', undefined, 0, 'take');
check('one’s own is renewed', 'me', 5000, 'renew');
check('one’s own is renewed also when it should have run out', 'me', 600_000, 'renew');
check('somebody else’s is waited for', 'other', 59_999, 'wait');
check('somebody else’s that was not renewed for its whole time is taken', 'other', 60_000, 'take');
