import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {
	addRemote,
	checkRemote,
	openRemote,
	remoteContexts,
	removeRemote,
} from '../../../../source/backends/local/client/remote.ts';
import {AccessBoard} from '../../../../source/daemon/access/access-board.ts';

const dayMs = 86_400_000;
let folder: string;
let home: {readonly contexts: string};

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-remote-'));
	home = {contexts: path.join(folder, 'contexts')};
});

afterEach(() => {
	rmSync(folder, {recursive: true});
});

function identityOf(name: string, now = Date.now()): string {
	return new AccessBoard(path.join(folder, name), () => now).grant({name, role: 'viewer', forMs: dayMs}).identity;
}

function refusal(name: string, host: string, identity: string): string {
	try {
		checkRemote(home, {name, host, identity});
		return 'taken';
	} catch (error) {
		const {code, message} = error as {code: string; message: string};
		return `${code} ${message.split(':')[0]}`;
	}
}

test('what is no address, name or identity is refused', () => {
	const identity = identityOf('alice');
	const other = identityOf('bob');
	const mixed = identity.replace(
		/-----BEGIN PRIVATE KEY[\s\S]*KEY-----/,
		/-----BEGIN PRIVATE KEY[\s\S]*KEY-----/.exec(other)?.[0] ?? '',
	);
	expect([
		refusal('prod', 'tcp://h:7443', identity),
		refusal('local:prod', 'tcp://[::1]:7443', identity),
		refusal('../prod', 'tcp://h:7443', identity),
		refusal('prod', 'h:7443', identity),
		refusal('prod', 'tcp://h', identity),
		refusal('prod', 'tcp://h:70000', identity),
		refusal('prod', 'tcp://h:7443', 'hello'),
		refusal('prod', 'tcp://h:7443', mixed),
		refusal('prod', 'tcp://h:7443', identity.slice(0, -400)),
	]).toEqual([
		'taken',
		'taken',
		'usage NAME',
		'usage --host',
		'usage --host',
		'usage --host',
		'usage --identity',
		'usage --identity',
		'usage --identity',
	]);
});

test('a context is kept for its owner only, and can be removed', () => {
	const host = 'tcp://127.0.0.1:7443';
	expect(addRemote(home, {name: 'prod', host, identity: identityOf('alice')})).toBe('local:prod');
	const file = path.join(home.contexts, 'prod.json');
	expect([statSync(file).mode & 0o777, statSync(home.contexts).mode & 0o777]).toEqual([0o600, 0o700]);
	expect(readFileSync(file, 'utf8')).toContain('PRIVATE KEY');
	expect(remoteContexts(home)).toEqual([{name: 'local:prod', engine: 'local', endpoint: host}]);
	expect(refusal('prod', host, identityOf('bob'))).toBe('conflict there is a context local');
	removeRemote(home, 'local:prod');
	expect(remoteContexts(home)).toEqual([]);
	expect(() => removeRemote(home, 'local:prod')).toThrow('there is no context');
	expect(() => removeRemote(home, 'local:../../etc/passwd')).toThrow('there is no context');
});

test('one that has expired, or was damaged, is told before anything is connected to', async () => {
	addRemote(home, {name: 'old', host: 'tcp://127.0.0.1:1', identity: identityOf('alice', Date.now() - 2 * dayMs)});
	await expect(openRemote(home, 'local:old')).rejects.toMatchObject({code: 'not-allowed'});
	writeFileSync(path.join(home.contexts, 'old.json'), '{');
	expect(remoteContexts(home)).toEqual([{name: 'local:old', engine: 'local', endpoint: '(damaged)'}]);
	await expect(openRemote(home, 'local:old')).rejects.toMatchObject({code: 'failed'});
});
