import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {readTar, type TarEntry, tarEnd, tarHeader, tarPadding} from '../../../source/core/archive/tar.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-tar-'));
afterAll(() => rmSync(folder, {recursive: true}));

const plain: TarEntry = {name: 'a', type: 'file', mode: 0o644, modifiedS: 1_000_000, size: 5, target: ''};

function archive(...entries: ReadonlyArray<TarEntry & {readonly text?: string}>): Uint8Array[] {
	return [
		...entries.flatMap(({text = '', ...entry}) => {
			const size = Buffer.byteLength(text);
			return [tarHeader({...entry, size}), Buffer.from(text), tarPadding(size)];
		}),
		tarEnd,
	];
}

/** In pieces of an odd size, as a network brings it. */
async function* pieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function read(whole: Uint8Array, size = 700): Promise<string[]> {
	const reader = readTar(pieces(whole, size));
	const found: string[] = [];
	for (let entry = await reader.next(); entry; entry = await reader.next()) {
		const {name, type, mode, target} = entry;
		const text = Buffer.concat(await Array.fromAsync(reader.data())).toString();
		found.push([type, name, mode.toString(8), target, text].filter(part => part !== '').join(' '));
	}

	return found;
}

const long = `${'folder/'.repeat(40)}file`;
const entries = [
	{...plain, name: 'top/', type: 'folder', mode: 0o755},
	{...plain, name: 'top/a', text: 'hello'},
	{...plain, name: 'top/empty', mode: 0o600},
	{...plain, name: `top/${long}`, text: 'x'.repeat(1500)},
	{...plain, name: 'top/ümlaut', text: 'u'},
	{...plain, name: 'top/link', type: 'symlink', target: 'a'},
] as const;
const told = [
	'folder top/ 755',
	'file top/a 644 hello',
	'file top/empty 600',
	`file top/${long} 644 ${'x'.repeat(1500)}`,
	'file top/ümlaut 644 u',
	'symlink top/link 644 a',
];

test.each([1, 511, 512, 513, 100_000])('what is written is read again, in pieces of %i bytes', async size => {
	expect(await read(Buffer.concat(archive(...entries)), size)).toEqual(told);
});

test('tar itself reads it', () => {
	const file = path.join(folder, 'ours.tar');
	writeFileSync(file, Buffer.concat(archive(...entries)));
	const listed = execFileSync('tar', ['tf', file, '--quoting-style=literal'], {encoding: 'utf8'}).trim().split('\n');
	expect(listed).toEqual(entries.map(({name}) => name));
});

test.each(['gnu', 'ustar', 'pax'])('what tar writes (%s) is read', async format => {
	const deep =
		format === 'ustar' ? path.join('d'.repeat(90), 'e'.repeat(60)) : path.join('d'.repeat(140), 'e'.repeat(130));
	const at = path.join(folder, format, deep);
	execFileSync('mkdir', ['-p', at]);
	writeFileSync(path.join(at, 'f'), 'found');
	const whole = execFileSync('tar', [`--format=${format}`, '-cf', '-', '-C', folder, format]);
	expect((await read(whole)).at(-1)).toMatch(new RegExp(`^file ${format}/${deep}/f \\d+ found$`));
});

test.each([
	['what is none', Buffer.from('{"error": "this is no archive"}'.padEnd(512))],
	['one that breaks off in a file', Buffer.concat(archive({...plain, text: 'hello'})).subarray(0, 514)],
	['one that breaks off in a head', Buffer.concat(archive({...plain, text: 'hello'})).subarray(0, 100)],
])('%s is refused', async (_, whole) => {
	await expect(read(whole)).rejects.toThrow(/no tar archive, or not all of one/);
});

test('what nobody reads is passed over', async () => {
	const reader = readTar(pieces(Buffer.concat(archive(...entries)), 300));
	const names: string[] = [];
	for (let entry = await reader.next(); entry; entry = await reader.next()) names.push(entry.name);
	expect(names).toEqual(entries.map(({name}) => name));
});
