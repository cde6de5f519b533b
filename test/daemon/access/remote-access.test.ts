import {statSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {stopDaemon} from '../../../source/backends/local/client/daemon-control.ts';
import {addRemote, openRemote} from '../../../source/backends/local/client/remote.ts';
import {createJournalFile} from '../../../source/cli/journal-file.ts';
import type {Role} from '../../../source/core/access.ts';
import type {Backend} from '../../../source/core/backend.ts';
import {type LocalEngine, localEngine} from '../../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;
let own: Backend;
const opened: Backend[] = [];

beforeEach(async () => {
	engine = localEngine();
	own = await engine.open();
});

afterEach(async () => {
	for (const backend of opened.splice(0)) {
		backend.close();
	}

	await engine.end();
});

async function come(name: string, role: Role): Promise<Backend> {
	const {host, port} = (await own.facets.access?.list())?.listening ?? {host: '', port: 0};
	const granted = await own.facets.access?.grant({name, role, forMs: 3_600_000});
	addRemote(engine.home, {name, host: `tcp://${host}:${port}`, identity: granted?.identity ?? ''});
	const backend = await openRemote(engine.home, `local:${name}`);
	opened.push(backend);
	return backend;
}

test('others come by TCP as what they may, and the log says who', async () => {
	expect((await own.facets.access?.list())?.listening).toBeUndefined();
	await own.facets.access?.listen({host: '127.0.0.1', port: 0});
	const operator = await come('olga', 'operator');
	const viewer = await come('vera', 'viewer');
	const spec = {template: {image: 'nodejs'}, replicas: 0};
	await operator.apply({kind: 'service', name: 'web'}, spec, {create: true});
	expect((await viewer.list({kind: 'service'})).items.map(({name}) => name)).toEqual(['web']);
	await expect(viewer.apply({kind: 'service', name: 'web'}, {replicas: 1}, {})).rejects.toMatchObject({
		code: 'not-allowed',
	});
	// Who asks first is told without having tried.
	expect(viewer.facets.permissions?.refusal('service.scale', undefined)).toBe(
		'This takes the role operator, and vera is viewer here.',
	);
	expect([operator, own].map(({facets}) => facets.permissions)).toEqual([undefined, undefined]);
	await expect(viewer.facets.access?.list()).rejects.toMatchObject({code: 'not-allowed'});
	await operator.apply({kind: 'secret', name: 'db'}, {data: {data: 'hunter2'}}, {create: true});
	// A program of the caller's machine is not one of the daemon's.
	await expect(
		operator.apply({kind: 'service', name: 'x'}, {...spec, template: {image: 'ls'}}, {create: true}),
	).rejects.toMatchObject({code: 'not-found'});

	// It stays so when the daemon is another.
	await stopDaemon(engine.home, {all: false});
	own = await engine.open();
	expect((await viewer.list({kind: 'service'})).items.map(({name}) => name)).toEqual(['web']);
	await own.facets.access?.revoke('vera');
	await expect(viewer.list({kind: 'service'})).rejects.toMatchObject({code: 'not-allowed'});
	await own.facets.access?.listen(undefined);
	await expect(operator.list({kind: 'service'})).rejects.toMatchObject({code: 'unreachable'});

	const entries = await createJournalFile(engine.home.accessLog).read();
	expect(
		entries.map(
			({who, command, result}) => `${who.split(' from')[0]}: ${command}: ${result.ok ? 'done' : result.code}`,
		),
	).toEqual([
		`olga (operator): muster service create web '{"template":{"image":"nodejs"},"replicas":0}': done`,
		'vera (viewer): muster (POST /v1/apply): not-allowed',
		'vera (viewer): muster (GET /v1/access): not-allowed',
		'olga (operator): muster secret create db: done',
		'unknown (no access): muster (GET /v1/list): not-allowed',
	]);
	const {access, accessLog, contexts} = engine.home;
	const modes = [access, path.join(access, 'authority.pem'), path.join(access, 'granted.json'), accessLog, contexts];
	expect(modes.map(file => statSync(file).mode & 0o777)).toEqual([0o700, 0o600, 0o600, 0o600, 0o700]);
});
