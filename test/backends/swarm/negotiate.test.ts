import {expect, test} from 'vitest';
import {negotiate} from '../../../source/backends/swarm/connection.ts';

function check(ApiVersion: string, MinAPIVersion: string, expected: string | RegExp): void {
	test(`an engine of API ${MinAPIVersion} to ${ApiVersion}`, () => {
		const ask = () => negotiate({Version: '1.2', ApiVersion, MinAPIVersion});
		if (typeof expected === 'string') expect(ask()).toBe(expected);
		else expect(ask).toThrow(expected);
	});
}

check('1.41', '1.12', 'v1.41');
check('1.43', '1.12', 'v1.43');
check('1.60', '1.24', 'v1.47');
check('1.60', '1.50', 'v1.50');
check('1.40', '1.12', /docker 1\.2 \(API 1\.40\) is too old: muster needs 20\.10/);
check('1.9', '1.1', /too old/);
