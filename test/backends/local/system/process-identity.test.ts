import {expect, test} from 'vitest';
import {parseStat} from '../../../../source/backends/local/system/process-identity.ts';

const rest = '1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0';

function check(text: string, expected: string) {
	test(text.slice(0, 24), () => {
		const found = parseStat(text);
		expect(found && `${found.pid} since ${found.startTime}${found.isZombie ? ', a zombie' : ''}`).toBe(expected);
	});
}

check(`7 (node) S ${rest} 11 0 900 0 0`, '7 since 900');
check(`7 (a ) Z (b) R ${rest} 1 0 900 0 0`, '7 since 900');
check(`7 (sleep) Z ${rest} 1 0 900 0 0`, '7 since 900, a zombie');
check(`7 (sleep) Z ${rest} 0 0 900 0 0`, '7 since 900, a zombie');
// A killed daemon was taken for gone while its last threads still had its socket: an upgrade that was taken back saw it answer,
// and started no other.
check(`7 (node) Z ${rest} 3 0 900 0 0`, '7 since 900');
