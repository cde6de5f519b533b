import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createSpareFolders} from '../../../../../source/backends/local/agent/launch/spare-folders.ts';

let root: string;
let spare: string;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-spare-'));
	spare = path.join(root, 'spare');
	vi.useFakeTimers({toFake: ['setTimeout', 'performance']});
});

afterEach(() => {
	vi.useRealTimers();
	rmSync(root, {recursive: true, force: true});
});

const made = () => (existsSync(spare) ? readdirSync(spare).length : 0);
const yes = () => true;

test('some are made when there is time, and taken whole', () => {
	const folders = createSpareFolders(spare, yes);
	expect(folders.take(path.join(root, 'early'))).toBe(false);
	vi.advanceTimersByTime(60_000);
	expect(made()).toBe(40);
	expect(folders.take(path.join(root, 'one'))).toBe(true);
	expect(made()).toBe(39);
	expect(readdirSync(path.join(root, 'one')).toSorted()).toEqual(['notes', 'stderr.log', 'stdout.log', 'work']);
	vi.advanceTimersByTime(10_000);
	expect(made()).toBe(40);
});

test('none is made while others start', () => {
	const folders = createSpareFolders(spare, yes);
	for (let second = 0; second < 10; second++) {
		folders.take(path.join(root, 'one'));
		vi.advanceTimersByTime(1000);
	}

	expect(made()).toBe(0);
});

test('nor by one who may not act', () => {
	createSpareFolders(spare, () => false);
	vi.advanceTimersByTime(60_000);
	expect(made()).toBe(0);
});

test('those of an earlier agent are used, but for the one that it had not finished', () => {
	createSpareFolders(spare, yes);
	vi.advanceTimersByTime(60_000);
	mkdirSync(path.join(spare, 'unfinished'));
	const folders = createSpareFolders(spare, () => false);
	expect(made()).toBe(40);
	expect(folders.take(path.join(root, 'one'))).toBe(true);
});

test('a place that is taken, or a folder that is gone, is no spare', () => {
	const folders = createSpareFolders(spare, yes);
	vi.advanceTimersByTime(60_000);
	mkdirSync(path.join(root, 'one'));
	writeFileSync(path.join(root, 'one', 'file'), '');
	expect(folders.take(path.join(root, 'one'))).toBe(false);
	rmSync(spare, {recursive: true});
	expect(folders.take(path.join(root, 'two'))).toBe(false);
});
