import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveCommand, resolveExecutable} from '../../../../../source/backends/local/agent/launch/program.ts';
import {resolveUser} from '../../../../../source/backends/local/agent/launch/user.ts';
import type {Image} from '../../../../../source/core/model/index.ts';
import type {Assignment} from '../../../../../source/orchestrator/fleet.ts';

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-program-'));
	mkdirSync(path.join(folder, 'bin'));
	for (const name of ['server.js', 'bin/run', 'plain']) writeFileSync(path.join(folder, name), '#!/bin/sh\n');
	chmodSync(path.join(folder, 'bin/run'), 0o755);
});

afterAll(() => rmSync(folder, {recursive: true}));

describe('the command of an instance', () => {
	/** `IMAGE-COMMAND | COMMAND`; in what is expected and given, @ is the image's folder. */
	const check = (name: string, text: string, expected: string) => {
		test(name, () => {
			const [own = '', given = ''] = text.split('|').map(part => part.trim());
			const image = {path: folder, command: own.split(' ').filter(Boolean)} as unknown as Image;
			const template = {image: 'any', command: given.split(' ').filter(Boolean)};
			const assignment = {template, image} as unknown as Assignment;
			const resolve = () => resolveCommand(assignment, {PATH: '/usr/bin:/bin'}).join(' ');
			const full = expected.replaceAll('@', folder).replace('NODE', process.execPath);
			if (expected.startsWith('!')) expect(resolve).toThrow(full.slice(1));
			else expect(resolve()).toBe(full);
		});
	};

	check(
		'node is the packaged one, files are those of the image',
		'node server.js --port 80',
		'NODE @/server.js --port 80',
	);
	check('a program of the image', './bin/run now', '@/bin/run now');
	check('a program of the machine', 'sh -c exit', '/usr/bin/sh -c exit');
	check('a command given replaces all of it', 'node server.js | node server.js', 'NODE server.js');
	check('a word is not taken for a file outside', 'node ../other', 'NODE ../other');
	check('one that cannot be run', './plain', '!not permitted to run: @/plain');
	check('one that is not there', 'no-such', '!no such executable on the PATH: no-such');
});

test('a folder on the PATH that is no path is passed over', () => {
	expect(() => resolveExecutable('run', `bin::${folder}/no`)).toThrow('no such executable on the PATH: run');
	expect(resolveExecutable('run', `bin:${folder}/bin`)).toBe(`${folder}/bin/run`);
});

describe.runIf(process.getuid?.() === 0)('the user of an instance', () => {
	test.each([
		[undefined, undefined],
		['', undefined],
		['root', undefined],
		['nobody', {uid: 65_534, gid: 65_534, home: '/nonexistent'}],
		['65534', {uid: 65_534, gid: 65_534, home: '/nonexistent'}],
		['1234', {uid: 1234, gid: 1234, home: undefined}],
		['nobody:daemon', {uid: 65_534, gid: 1, home: '/nonexistent'}],
		['1234:5', {uid: 1234, gid: 5, home: undefined}],
	])('%s', (text, expected) => {
		expect(resolveUser(text)).toEqual(expected);
	});

	test.each([
		['no-such', 'no such user: no-such'],
		['root:no-such', 'no such group: no-such'],
	])('%s is refused', (text, message) => {
		expect(() => resolveUser(text)).toThrow(message);
	});
});
