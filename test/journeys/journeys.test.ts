import {rmSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {allJourneys} from './files.ts';
import {readJourneys} from './journey.ts';
import {keysNotPressed, type Seen} from './keys-pressed.ts';
import {bundleDashboard, play} from './player.ts';

// Each in a real terminal: press, wait for what must be seen. `npm run sandbox -- NAME` plays one to watch.

let program: string;

beforeAll(async () => {
	program = await bundleDashboard();
});

afterAll(() => {
	rmSync(path.dirname(program), {recursive: true, force: true});
});

const journeys = allJourneys();
const seen: Seen[] = [];

describe.each([...new Set(journeys.map(({file}) => file))])('%s', file => {
	const own = journeys.filter(journey => journey.file === file);
	test.each(own.map(journey => [journey.name, journey] as const))('%s', async (_, journey) => {
		await play(journey, {program, pressed: keys => seen.push(...keys)});
	});
});

test('every key there is does something in a journey', () => {
	const left = keysNotPressed(seen);
	expect(left, left.join('\n')).toEqual([]);
});

test('no two journeys have one name', () => {
	const names = journeys.map(({name}) => name);
	expect(names).toEqual([...new Set(names)]);
});

test('a journey that cannot be read says where', () => {
	expect(() => readJourneys('x', 'press j')).toThrow('x:1: a journey begins with a heading');
	expect(() => readJourneys('x', '# a\n\ndance')).toThrow('x:3: a step begins with one of');
});

test('a journey fails where what must be seen is not', async () => {
	const [journey] = readJourneys('x', '# a\nsee services\npress ctrl-c\nends 7');
	await expect(play(journey as (typeof journeys)[number], {program})).rejects.toThrow('line 4: ends 7\nEnded with 0');
});
