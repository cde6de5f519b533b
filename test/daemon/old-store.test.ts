import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {type LocalEngine, localEngine, until} from '../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;

/** A store that the first version of muster wrote, after a day with it. */
beforeEach(() => {
	engine = localEngine();
	mkdirSync(engine.home.state, {recursive: true, mode: 0o700});
	const database = new DatabaseSync(engine.home.store);
	database.exec(readFileSync(path.join(import.meta.dirname, 'store-of-format-1.sql'), 'utf8'));
	database.close();
});

afterEach(async () => {
	await engine.end();
});

test('the store of an older muster goes on where it was, and can be changed', async () => {
	const backend = await engine.open();
	const services = () => backend.list({kind: 'service'}).then(({items}) => items);
	const lines = async () =>
		(await services()).map(({name, spec, status}) => `${name} ${spec.mode} ${status.healthy}/${status.desired}`).sort();
	await until(lines, found => found.includes('web replicated 2/2') && found.includes('clock replicated 2/2'), 30_000);
	const {items: instances} = await backend.list({kind: 'instance'});
	expect(instances.filter(({serviceName}) => serviceName === 'sum').map(({status}) => status.state)).toEqual([
		'completed',
		'completed',
	]);
	const {items: nodes} = await backend.list({kind: 'node'});
	expect(nodes.map(({name, availability}) => `${name} ${availability}`).sort()).toEqual([
		'n1 active',
		'n2 active',
		'n3 cordoned',
	]);
	const web = await backend.apply({kind: 'service', name: 'web'}, {template: {env: {COLOUR: 'green'}}}, {});
	expect(web).toMatchObject({
		spec: {labels: {tier: 'front'}, update: {order: 'stop-first'}, template: {env: {COLOUR: 'green'}}},
		version: 2,
	});
	const {items: versions} = {items: await backend.facets.history?.({kind: 'service', id: web.id, name: 'web'})};
	expect(versions?.map(({version}) => version).sort()).toEqual([1, 2]);
});

test('the store of a newer muster is refused, and not a byte of it changed', async () => {
	const database = new DatabaseSync(engine.home.store);
	database.exec('PRAGMA user_version = 99');
	database.close();
	const before = readFileSync(engine.home.store);
	await expect(engine.open()).rejects.toMatchObject({
		code: 'unreachable',
		message: expect.stringContaining('format 99'),
		hint: 'It was written by a newer muster: use that one.',
	});
	expect(readFileSync(engine.home.store).equals(before)).toBe(true);
	expect(existsSync(`${engine.home.store}-wal`)).toBe(false);
});
