import {expect, test} from 'vitest';
import {resolveEnv} from '../../../source/commands/arguments/env.ts';
import type {Host} from '../../../source/commands/host.ts';
import {toClusterError} from '../../../source/core/error.ts';

const files: Readonly<Record<string, string>> = {
	'/home/ann/vars': '# a comment\n\nA=1\nB=x=y z\n  C=\nKNOWN\nUNKNOWN\nWIN=1\r\n',
	'/home/ann/bad': 'A=1\nnot a line\n',
};
const host = {
	cwd: '/home/ann',
	env: {KNOWN: 'here'},
	async readFile(file: string) {
		if (files[file] === undefined) throw Object.assign(new Error('gone'), {code: 'ENOENT'});
		return files[file];
	},
} as unknown as Host;

async function resolve(input: Record<string, unknown>): Promise<string> {
	try {
		const {env = [], ...rest} = (await resolveEnv({host}, input)) as {env?: Array<{key: string; value: string}>};
		return [...env.map(({key, value}) => `${key}=${value}`), ...Object.keys(rest)].join(' | ');
	} catch (error) {
		return toClusterError(error).message;
	}
}

test.each<[string, Record<string, unknown>, string]>([
	['nothing', {name: 'web'}, 'name'],
	['a file', {envFile: ['vars']}, 'A=1 | B=x=y z | C= | KNOWN=here | WIN=1'],
	[
		'flags come after files',
		{envFile: ['vars'], env: [{key: 'A', value: '2'}]},
		'A=1 | B=x=y z | C= | KNOWN=here | WIN=1 | A=2',
	],
	[
		'a key alone is inherited, or left out',
		{
			env: [
				{key: 'KNOWN', value: '', inherited: true},
				{key: 'NO', value: '', inherited: true},
			],
		},
		'KNOWN=here',
	],
	['no such file', {envFile: ['none']}, '--env-file: "none" cannot be read: there is no such file'],
	['a bad line', {envFile: ['bad']}, '--env-file: line 2 of "bad" is not KEY=VALUE'],
])('%s', async (_, input, expected) => {
	expect(await resolve(input)).toBe(expected);
});
