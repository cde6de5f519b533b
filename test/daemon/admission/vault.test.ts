import {chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {openVault} from '../../../source/daemon/admission/vault.ts';

let file: string;

beforeEach(() => {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-vault-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	file = path.join(folder, 'secret.key');
});

const plain = Buffer.from('hunter2');

test('what is sealed is opened again, by another process too, and never sealed alike', () => {
	const vault = openVault(file, true);
	const [one, other] = [vault.seal(plain, 'a.1'), vault.seal(plain, 'a.1')];
	expect(one).not.toBe(other);
	expect(Buffer.from(one, 'base64').includes(plain)).toBe(false);
	expect(openVault(file, false).open(other, 'a.1')).toEqual(plain);
	expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('without secrets there is no key', () => {
	openVault(file, true);
	expect(() => statSync(file)).toThrow();
});

test('what belongs to one secret is not opened as another, nor when a bit of it is wrong', () => {
	const vault = openVault(file, true);
	const sealed = vault.seal(plain, 'a.1');
	expect(() => vault.open(sealed, 'a.2')).toThrow(/cannot be opened/);
	for (const at of [0, 15, 30]) {
		const bytes = Buffer.from(sealed, 'base64');
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		expect(() => vault.open(bytes.toString('base64'), 'a.1')).toThrow(/cannot be opened/);
	}

	expect(() => vault.open('', 'a.1')).toThrow();
});

test('a key that is missing, damaged or open to others is refused', () => {
	const sealed = openVault(file, true).seal(plain, 'a.1');
	const key = readFileSync(file);
	chmodSync(file, 0o640);
	expect(() => openVault(file, false).open(sealed, 'a.1')).toThrow(/others can read it/);
	chmodSync(file, 0o600);
	writeFileSync(file, key.subarray(0, 20));
	expect(() => openVault(file, false).open(sealed, 'a.1')).toThrow(/no key of secrets/);
	rmSync(file);
	expect(() => openVault(file, false).open(sealed, 'a.1')).toThrow(/is missing/);
	expect(() => openVault(file, false).seal(plain, 'a.2')).toThrow(/is missing/);
});
