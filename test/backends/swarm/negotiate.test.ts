import {expect, test} from 'vitest';
import {aboutEngine, negotiate} from '../../../source/backends/swarm/connection/connection.ts';

function check(ApiVersion: string, MinAPIVersion: string, expected: string | RegExp): void {
	test(`an engine of API ${MinAPIVersion} to ${ApiVersion}`, () => {
		const ask = () => negotiate({Version: '1.2', ApiVersion, MinAPIVersion});
		if (typeof expected === 'string') expect(ask()).toBe(expected);
		else expect(ask).toThrow(expected);
	});
}

check('1.41', '1.12', 'v1.41');
check('1.43', '1.12', 'v1.43');
check('1.60', '1.24', 'v1.56');
check('1.60', '1.58', 'v1.58');
check('1.40', '1.12', /docker 1\.2 \(API 1\.40\) is too old: muster needs 20\.10/);
check('1.9', '1.1', /too old/);

/** What an engine is asked for, and what is known then. */
async function asked(headers: Readonly<Record<string, string>>) {
	const paths: string[] = [];
	const read = {
		async headers(path: string) {
			paths.push(path);
			return new Map(Object.entries(headers));
		},
		async get<T>(path: string) {
			paths.push(path);
			return {Version: '99', ApiVersion: '1.60', MinAPIVersion: '1.58'} as T;
		},
	};
	return {about: await aboutEngine(read), paths};
}

test('a ping says all that is needed of an engine', async () => {
	const {about, paths} = await asked({'api-version': '1.41', server: 'docker/20.10.24 (linux)'});
	expect([about, paths]).toEqual([{Version: '20.10.24', ApiVersion: '1.41'}, ['/_ping']]);
});

test('one that is newer than what is known, or says nothing, is asked for more', async () => {
	const newer = await asked({'api-version': '1.60', server: 'docker/99 (linux)'});
	expect([negotiate(newer.about), newer.paths]).toEqual(['v1.58', ['/_ping', '/version']]);
	expect((await asked({})).paths).toEqual(['/_ping', '/version']);
});
