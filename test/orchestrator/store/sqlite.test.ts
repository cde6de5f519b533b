import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {DatabaseSync} from 'node:sqlite';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import {openSqlite} from '../../../source/orchestrator/store/sqlite.ts';
import type {Store} from '../../../source/orchestrator/store/store.ts';
import {aNode, aService} from '../../helpers/objects.ts';

const writer = path.resolve(import.meta.dirname, '../../helpers/store-writer.ts');
let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-sqlite-'));
	file = path.join(folder, 'store.db');
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

function open(): Store {
	return createMemoryStore({persistence: openSqlite(file)});
}

/** A closed store of `count` nodes. */
function fill(count: number): void {
	const store = open();
	store.transact(true, 1, tx => {
		for (let index = 0; index < count; index++) {
			tx.put('node', aNode(`n${index}`));
		}
	});
	store.close();
}

function refusal(run: () => unknown = open): ClusterError {
	try {
		run();
	} catch (error) {
		if (error instanceof ClusterError) return error;
		throw error;
	}

	throw new Error('it was opened');
}

test('what was written is there again', () => {
	const before = open();
	const service = before.transact(true, 5, tx => tx.put('service', aService('web')));
	before.transact(false, 6, tx => tx.put('node', aNode('n1')));
	before.transact(false, 7, tx => tx.remove('node', 'n1-id'));
	before.close();
	const after = open();
	expect([...after.all('service')]).toStrictEqual([service]);
	expect(after.count('node')).toBe(0);
	expect(after.revision).toBeGreaterThan(before.revision);
	after.close();
});

test('only its owner may read it', () => {
	const store = open();
	store.transact(true, 1, tx => tx.put('node', aNode('n1')));
	expect(['store.db', 'store.db-wal'].map(name => statSync(path.join(folder, name)).mode & 0o777)).toEqual([
		0o600, 0o600,
	]);
	store.close();
});

test('a second process is refused', () => {
	const store = open();
	expect(refusal()).toMatchObject({code: 'unreachable', message: expect.stringContaining('in use by another process')});
	store.close();
});

test('a folder that is not there', () => {
	file = path.join(folder, 'none', 'store.db');
	expect(refusal()).toMatchObject({code: 'failed', message: expect.stringContaining(file)});
});

test('a folder in its place', () => {
	mkdirSync(file);
	expect(refusal().code).toBe('failed');
});

test.each<[string, (bytes: Buffer) => Buffer]>([
	['is empty', () => Buffer.alloc(0)],
	['is something else', () => Buffer.from('hello '.repeat(1000))],
	['was cut off', bytes => bytes.subarray(0, bytes.length / 2)],
	['was overwritten in the middle', bytes => bytes.fill(0x5a, 4096 * 3, 4096 * 12)],
	['lost its header', bytes => bytes.fill(0, 0, 100)],
	['has a broken index', breakIndex],
])('a file that %s is named, and not touched', (_, damage) => {
	fill(500);
	const bytes = damage(readFileSync(file));
	writeFileSync(file, bytes);
	const error = refusal();
	expect(error).toMatchObject({code: 'unreachable', hint: expect.stringContaining(file)});
	expect(error.message).toContain(`the store ${file} is damaged`);
	expect(readFileSync(file).equals(bytes)).toBe(true);
});

/** Spoils the cells of every leaf of an index, and no row. */
function breakIndex(bytes: Buffer): Buffer {
	for (let page = 4096; page < bytes.length; page += 4096) {
		if (bytes[page] === 0x0a) bytes.fill(0xff, page + 8, page + 64);
	}

	return bytes;
}

test('after a write that failed halfway the next one is whole', () => {
	fill(1);
	const database = new DatabaseSync(file);
	database.exec(
		`CREATE TRIGGER refuse BEFORE INSERT ON objects WHEN NEW.id = 'bad' BEGIN SELECT RAISE(FAIL, 'refused'); END`,
	);
	database.close();
	const store = open();
	const error = refusal(() =>
		store.transact(true, 1, tx => {
			tx.put('node', aNode('n1'));
			tx.put('node', aNode('bad', {id: 'bad'}));
		}),
	);
	expect(error.code).toBe('storage');
	store.transact(true, 1, tx => tx.put('node', aNode('n2')));
	store.close();
	const again = open();
	expect([...again.all('node')].map(({name}) => name)).toEqual(['n0', 'n2']);
	again.close();
});

test('an object that cannot be read is damage too', () => {
	fill(2);
	const database = new DatabaseSync(file);
	database.exec(`UPDATE objects SET json = '{"kind":"node"' WHERE id = 'n1-id'`);
	database.close();
	expect(refusal().message).toContain('node n1-id cannot be read');
	// Nothing is held after that.
	expect(refusal().message).toContain('node n1-id cannot be read');
});

test('a database of another program is left alone', () => {
	const database = new DatabaseSync(file);
	database.exec('CREATE TABLE theirs (x)');
	database.close();
	expect(refusal()).toMatchObject({code: 'unreachable', message: expect.stringContaining('of another program')});
});

test('services of the first format are updated as docker would', () => {
	const store = open();
	const {update, rollback, paused, canary, ...oldSpec} = aService('web').spec;
	const rollout = {state: 'completed', startedAt: 1, updated: 1, total: 1};
	store.transact(true, 1, tx => {
		tx.put('service', {...aService('web'), spec: oldSpec, rollout} as never);
		tx.put('service', {...aService('api'), spec: oldSpec} as never);
	});
	store.close();
	const database = new DatabaseSync(file);
	database.exec('PRAGMA user_version = 1');
	database.close();
	const after = open();
	const spec = serviceSpec({template: {image: 'x'}});
	expect(after.byName('service', 'web')).toMatchObject({
		spec: {...oldSpec, update: spec.update, rollback: spec.rollback, paused: false, canary: 0},
		rollout: {...rollout, isRollback: false, failed: 0},
	});
	expect(after.byName('service', 'api')?.rollout).toBeUndefined();
	after.close();
});

test('a newer format is left alone', () => {
	fill(1);
	const database = new DatabaseSync(file);
	database.exec('PRAGMA user_version = 99');
	database.close();
	expect(refusal()).toMatchObject({
		code: 'unreachable',
		message: expect.stringContaining('format 99, this muster knows formats up to '),
	});
});

test('a store that was moved away does not come back out of its log', () => {
	const store = open();
	store.transact(true, 1, tx => tx.put('node', aNode('n1')));
	const log = readFileSync(`${file}-wal`);
	store.close();
	rmSync(file);
	writeFileSync(`${file}-wal`, log);
	const fresh = open();
	expect([fresh.count('node'), fresh.revision]).toEqual([0, 0]);
	fresh.close();
});

/** What the writer printed: the last number that was acknowledged, and how it ended. */
function readWriter(output: string): {acknowledged: number; error: unknown} {
	const lines = output.trim().split('\n');
	const last = lines.at(-1) ?? '';
	const error = last.startsWith('{') ? JSON.parse(lines.pop() ?? '') : undefined;
	return {acknowledged: Number(lines.at(-1) ?? 0), error};
}

test('a write that the disk has no room for is refused, all before it stays', () => {
	const script = `ulimit -f 3000; exec "$0" "$1" "$2"`;
	const {stdout} = spawnSync('sh', ['-c', script, process.execPath, writer, file], {encoding: 'utf8'});
	const {acknowledged, error} = readWriter(stdout);
	expect(acknowledged).toBeGreaterThan(10);
	expect(error).toMatchObject({code: 'storage', nodes: acknowledged, services: acknowledged});
	const store = open();
	expect([store.count('node'), store.count('service')]).toEqual([acknowledged, acknowledged]);
	store.close();
});

const canMount = process.getuid?.() === 0 && process.platform === 'linux';
test.skipIf(!canMount)('on a full disk nothing is written until there is room again', context => {
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'muster-test', folder], {stdio: 'ignore'});
	} catch {
		context.skip('a file system cannot be mounted here');
	}

	try {
		const ballast = path.join(folder, 'ballast');
		writeFileSync(ballast, Buffer.alloc(600_000));
		const store = open();
		const put = (number: number) => store.transact(true, number, tx => tx.put('node', aNode(`n${number}`)));
		let written = 0;
		const error = refusal(() => {
			for (;;) {
				put(written + 1);
				written++;
			}
		});
		expect(error.code).toBe('storage');
		expect(store.count('node')).toBe(written);
		expect(refusal(() => put(written + 1)).code).toBe('storage');
		rmSync(ballast);
		put(written + 1);
		store.close();
		const again = open();
		expect(again.count('node')).toBe(written + 1);
		again.close();
	} finally {
		execFileSync('umount', [folder]);
	}
});

test('a writer that is killed loses nothing that was acknowledged, and no half of anything', async () => {
	let known = 0;
	for (let round = 0; round < 10; round++) {
		rmSync(folder, {recursive: true, force: true});
		mkdirSync(folder);
		const child = spawn(process.execPath, [writer, file], {stdio: ['ignore', 'pipe', 'inherit']});
		let acknowledged = 0;
		for await (const line of createInterface({input: child.stdout})) {
			acknowledged = Number(line);
			if (acknowledged === 20 + round * 37) child.kill('SIGKILL');
		}

		const store = open();
		expect(store.count('node')).toBeGreaterThanOrEqual(acknowledged);
		expect(store.count('service')).toBe(store.count('node'));
		expect(store.byName('node', `n${acknowledged}`)).toBeDefined();
		known += acknowledged;
		store.close();
	}

	expect(known).toBeGreaterThan(1000);
}, 90_000);

test('what was not durable is brought to the disk when that is asked for, and nothing else is', async () => {
	const store = open();
	store.transact(true, 1, tx => tx.put('node', aNode('n1')));
	// Whoever looks for the log does not find it: a look is what is seen here.
	renameSync(`${file}-wal`, `${file}-moved`);
	await store.synced();
	store.transact(false, 2, tx => tx.put('node', aNode('n2')));
	await expect(store.synced()).rejects.toMatchObject({code: 'storage'});
	// Nobody knows what the disk has: neither does who asks later.
	renameSync(`${file}-moved`, `${file}-wal`);
	await expect(store.synced()).rejects.toMatchObject({code: 'storage'});
	store.close();
});
