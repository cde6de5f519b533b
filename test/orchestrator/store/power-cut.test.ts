import {copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import {openSqlite} from '../../../source/orchestrator/store/sqlite.ts';
import {aNode} from '../../helpers/objects.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

// What a power cut leaves: of the log any beginning that holds what was synced, its end perhaps torn. Whatever is left is opened,
// and holds all of one earlier state: no older than the last write that a user was told of, and no mixture of two.

let folder: string;
const name = 'store.db';

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-power-'));
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

type Kept = ReadonlyMap<string, number>;

function stateOf(store: ReturnType<typeof createMemoryStore>): Kept {
	return new Map([...store.all('node')].map(({id, generation}) => [id, generation] as const).sort());
}

/** Some thousand bytes a write, so that the log has many pages, and is written back to the file now and then. */
function write(store: ReturnType<typeof createMemoryStore>, random: () => number, step: number): boolean {
	const isDurable = random() < 0.3;
	store.transact(isDurable, step, tx => {
		for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
			const node = `n${Math.floor(random() * 12)}`;
			if (random() < 0.2) {
				tx.remove('node', `${node}-id`);
			} else {
				const spec = {
					availability: 'active',
					labels: {x: 'y'.repeat(Math.floor(random() * 6000))},
					capacity: {},
				} as const;
				tx.put('node', aNode(node, {generation: step, spec}));
			}
		}
	});
	return isDurable;
}

function copy(to: string): void {
	for (const suffix of ['', '-wal']) {
		copyFileSync(path.join(folder, name + suffix), path.join(to, name + suffix));
	}
}

/** Cuts the log anywhere behind what was synced, or spoils what is there. */
function cut(to: string, syncedBytes: number, random: () => number): void {
	const log = path.join(to, `${name}-wal`);
	const {size} = statSync(log);
	const at = syncedBytes + Math.floor(random() * (size - syncedBytes + 1));
	if (random() < 0.5) {
		truncateSync(log, at);
		return;
	}

	// A page that came to the disk in part: zeros from there on, as a file system leaves them.
	const bytes = readFileSync(log);
	bytes.fill(0, at, Math.min(size, at + 1 + Math.floor(random() * 5000)));
	writeFileSync(log, bytes);
}

function play(seed: number): void {
	const random = seededRandom(seed);
	const store = createMemoryStore({persistence: openSqlite(path.join(folder, name))});
	const states: Kept[] = [stateOf(store)];
	let synced = {state: 0, bytes: statSync(path.join(folder, `${name}-wal`), {throwIfNoEntry: false})?.size ?? 0};
	for (let step = 1; step <= 40; step++) {
		const isDurable = write(store, random, step);
		states.push(stateOf(store));
		if (isDurable) synced = {state: step, bytes: statSync(path.join(folder, `${name}-wal`)).size};
		if (random() > 0.3) continue;
		const after = mkdtempSync(path.join(folder, 'after-'));
		copy(after);
		cut(after, synced.bytes, random);
		const reopened = createMemoryStore({persistence: openSqlite(path.join(after, name))});
		const found = JSON.stringify([...stateOf(reopened)]);
		reopened.close();
		const could = states.slice(synced.state).map(state => JSON.stringify([...state]));
		expect(could, `seed ${seed}, step ${step}, synced at ${synced.state}`).toContain(found);
	}

	store.close();
	rmSync(path.join(folder, name), {force: true});
}

test('whatever a power cut leaves of the log, 20 seeds', {timeout: 60_000}, () => {
	for (let seed = 1; seed <= 20; seed++) {
		play(seed);
	}
});
