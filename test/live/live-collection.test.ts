import {expect, test} from 'vitest';
import type {Change} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import type {Kind} from '../../source/core/model/index.ts';
import {LiveCollection} from '../../source/live/live-collection.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {aNode} from '../helpers/objects.ts';
import {createScriptedBackend, settle} from '../helpers/scripted-backend.ts';

function node(name: string, revision: string, generation = 1) {
	return aNode(name, {revision, generation});
}

function put(name: string, revision: string, generation = 1): Change<Kind> {
	return {type: 'put', object: node(name, revision, generation), revision};
}

const unreachable = new ClusterError('unreachable', 'gone');
const expired = new ClusterError('expired', 'too old');

/** An open collection of nodes that holds n1 and n2 at revision 2. */
async function open() {
	const clock = createManualClock(0);
	const scripted = createScriptedBackend();
	scripted.answer({items: [node('n1', '1'), node('n2', '2')], revision: '2'});
	const live = new LiveCollection({backend: scripted.backend, query: {kind: 'node'}, clock});
	const before = live.state.state;
	await settle();
	/** Turns the clock on and lets what it woke run. */
	const advance = async (milliseconds: number) => {
		clock.advance(milliseconds);
		await settle();
	};

	return {clock, scripted, live, before, advance};
}

function names(live: {readonly items: ReadonlyArray<{readonly name: string}>}): string {
	return live.items.map(({name}) => name).join(' ');
}

test('lists, then folds what the watch from there tells', async () => {
	const {live, scripted, before} = await open();
	expect([before, live.state.state, names(live)]).toEqual(['loading', 'live', 'n1 n2']);
	expect(scripted.last.since).toBe('2');
	scripted.last.send(put('n3', '3'), {type: 'remove', id: 'n1-id', revision: '4'}, put('n2', '5', 7));
	await settle();
	expect(names(live)).toBe('n2 n3');
	expect(live.get('n2-id')).toMatchObject({generation: 7});
});

test('a change is told soon, many of them 10 times a second', async () => {
	const {live, scripted, clock, advance} = await open();
	await advance(1000);
	const told: number[] = [];
	live.subscribe(() => told.push(clock.monotonicMs()));
	for (let revision = 3; revision < 503; revision++) {
		scripted.last.send(put('n1', String(revision)));
		await advance(1);
	}

	expect(told).toEqual([1001, 1101, 1201, 1301, 1401]);
	await advance(1000);
	expect(told).toEqual([1001, 1101, 1201, 1301, 1401, 1501]);
	await advance(10_000);
	expect(told.length).toBe(6);
});

test('what could not be asked is known, by the list and by what comes later', async () => {
	const {live, scripted} = await open();
	expect(live.gaps).toEqual([]);
	const {version} = live;
	scripted.last.send({type: 'bookmark', revision: '3', gaps: ['n3: it is down.']});
	await settle();
	expect([live.gaps, live.version]).toEqual([['n3: it is down.'], version + 1]);
	scripted.last.send({type: 'bookmark', revision: '3', gaps: ['n3: it is down.']});
	await settle();
	expect(live.version).toBe(version + 1);
	scripted.answer({items: [], revision: '9', gaps: ['n4: it is down.']});
	scripted.last.end(expired);
	await settle();
	expect(live.gaps).toEqual(['n4: it is down.']);
	scripted.last.send({type: 'bookmark', revision: '10'});
	await settle();
	expect(live.gaps).toEqual([]);
});

test('the version grows with what is different, not with bookmarks', async () => {
	const {live, scripted} = await open();
	const versions = [live.version];
	for (const change of [
		put('n1', '3'),
		{type: 'bookmark', revision: '4'},
		{type: 'remove', id: 'unknown', revision: '5'},
		{type: 'usage', usage: {unknown: {at: 1}}},
		{type: 'usage', usage: {'n1-id': {at: 1, cpus: 2}}},
	] satisfies ReadonlyArray<Change<Kind>>) {
		scripted.last.send(change);
		await settle();
		versions.push(live.version);
	}

	expect(versions).toEqual([1, 2, 2, 2, 2, 3]);
});

test('figures stay with their object when it changes', async () => {
	const {live, scripted} = await open();
	scripted.last.send({type: 'usage', usage: {'n1-id': {at: 1, cpus: 2}}}, put('n1', '3', 7));
	await settle();
	expect(live.get('n1-id')).toMatchObject({generation: 7, usage: {cpus: 2}});
});

test('a broken stream goes on from its last revision; what was there stays, marked as stale', async () => {
	const {live, scripted, advance} = await open();
	await advance(5000);
	scripted.last.send(put('n3', '3'), {type: 'bookmark', revision: '9'});
	scripted.last.end(unreachable);
	await settle();
	expect(live.state).toMatchObject({state: 'stale', since: 5000, error: {code: 'unreachable'}});
	expect(names(live)).toBe('n1 n2 n3');
	await advance(249);
	expect(scripted.streams.length).toBe(1);
	await advance(1);
	expect([scripted.streams.length, scripted.last.since, scripted.listed.length]).toEqual([2, '9', 1]);
	expect(live.state.state).toBe('stale');
	scripted.last.send({type: 'bookmark', revision: '9'});
	await settle();
	expect(live.state.state).toBe('live');
});

test('a stream that just ends is a broken one', async () => {
	const {live, scripted} = await open();
	scripted.last.end();
	await settle();
	expect(live.state).toMatchObject({state: 'stale', error: {code: 'unreachable'}});
});

test('attempts come at longer and longer intervals, the first ones again after a success', async () => {
	const {live, scripted, clock, advance} = await open();
	const attempts: number[] = [];
	let seen = scripted.streams.length;
	scripted.last.end(unreachable);
	await settle();
	for (let elapsed = 0; elapsed < 40_000; elapsed += 250) {
		await advance(250);
		if (scripted.streams.length > seen) {
			seen = scripted.streams.length;
			attempts.push(clock.monotonicMs());
			scripted.last.end(unreachable);
			await settle();
		}
	}

	expect(attempts).toEqual([250, 750, 1750, 3750, 7750, 15_750, 23_750, 31_750, 39_750]);
	expect(live.state).toMatchObject({state: 'stale', since: 0});
	await advance(8000);
	scripted.last.send({type: 'bookmark', revision: '2'});
	scripted.last.end(unreachable);
	await settle();
	expect(live.state).toMatchObject({since: 48_000});
	seen = scripted.streams.length;
	await advance(250);
	expect(scripted.streams.length).toBe(seen + 1);
});

test('an expired stream is listed anew at once, without a stale moment', async () => {
	const {live, scripted} = await open();
	const kept = live.get('n2-id');
	scripted.last.send({type: 'bookmark', revision: '2'});
	scripted.answer({items: [node('n2', '2'), node('n4', '8')], revision: '8'});
	scripted.last.end(expired);
	await settle();
	expect([live.state.state, names(live), scripted.last.since]).toEqual(['live', 'n2 n4', '8']);
	expect(live.get('n2-id')).toBe(kept);
});

// It waited out the longest of all times between two attempts once more, with a cluster that answered again.
test('what has expired during an outage is listed anew as soon as the cluster says so', async () => {
	const {scripted, live, advance} = await open();
	for (let round = 0; round < 8; round++) {
		scripted.last.end(unreachable);
		await advance(8000);
	}

	scripted.answer({items: [node('n4', '8')], revision: '8'});
	scripted.last.end(expired);
	await settle();
	expect([live.state.state, names(live)]).toEqual(['live', 'n4']);
});

test('a stream that expires again and again is not listed in a circle', async () => {
	const {scripted, live} = await open();
	for (let round = 0; round < 5; round++) {
		scripted.last.end(expired);
		await settle();
	}

	expect(scripted.listed.length).toBe(2);
	expect(live.state.state).toBe('stale');
});

test('whatever broke it, it is tried again', async () => {
	const {scripted, live, advance} = await open();
	scripted.last.end(new ClusterError('not-allowed', 'forbidden'));
	await settle();
	expect(live.state).toMatchObject({state: 'stale', error: {message: 'forbidden'}});
	await advance(250);
	expect(scripted.streams.length).toBe(2);
});

test('the array stays the same until something changes', async () => {
	const {scripted, live} = await open();
	const {items} = live;
	scripted.last.send({type: 'bookmark', revision: '3'}, {type: 'remove', id: 'unknown', revision: '4'});
	await settle();
	expect(live.items).toBe(items);
	scripted.last.send(put('n1', '5'));
	await settle();
	expect(live.items).not.toBe(items);
	expect(live.items[1]).toBe(items[1]);
});

test('a list that fails at first is tried again', async () => {
	const clock = createManualClock(0);
	const scripted = createScriptedBackend();
	scripted.answer(unreachable);
	const live = new LiveCollection({backend: scripted.backend, query: {kind: 'node'}, clock, random: () => 0});
	await settle();
	expect(live.state.state).toBe('lost');
	scripted.answer({items: [node('n1', '1')], revision: '1'});
	clock.advance(125);
	await settle();
	expect([live.state.state, names(live)]).toEqual(['live', 'n1']);
});

test('closed while it waits to try again, it tries no more', async () => {
	const {scripted, live, clock, advance} = await open();
	scripted.last.end(unreachable);
	await settle();
	live.close();
	await advance(10_000);
	expect([scripted.streams.length, clock.waiting]).toEqual([1, 0]);
});

test('what has come of its first list is there before the end, and what went meanwhile is gone then', async () => {
	const clock = createManualClock(0);
	const scripted = createScriptedBackend();
	const end = scripted.arrive([node('n1', '1')], [node('n2', '2'), node('n3', '3')]);
	scripted.answer({items: [node('n1', '1'), node('n3', '4')], revision: '4'});
	const live = new LiveCollection({backend: scripted.backend, query: {kind: 'node'}, clock});
	await settle();
	expect([live.state.state, names(live)]).toEqual(['loading', 'n1 n2 n3']);
	const seen = live.version;
	end();
	await settle();
	expect([live.state.state, names(live), live.get('n3-id')?.revision]).toEqual(['live', 'n1 n3', '4']);
	expect(live.changedSince(seen)).toBeUndefined();
});

test('a first list that breaks off is begun again; what it had told stays', async () => {
	const clock = createManualClock(0);
	const scripted = createScriptedBackend();
	const end = scripted.arrive([node('n1', '1'), node('n2', '2')]);
	scripted.answer(expired);
	const live = new LiveCollection({backend: scripted.backend, query: {kind: 'node'}, clock});
	await settle();
	const endAgain = scripted.arrive([node('n1', '1')]);
	end();
	await settle();
	expect([scripted.listed.length, live.state.state, names(live)]).toEqual([2, 'loading', 'n1 n2']);
	scripted.answer({items: [node('n1', '1')], revision: '9'});
	endAgain();
	await settle();
	expect([live.state.state, names(live)]).toEqual(['live', 'n1']);
});

test('a later list is taken whole: nothing of it is shown before its end', async () => {
	const {live, scripted} = await open();
	const end = scripted.arrive([node('n9', '9')]);
	scripted.answer({items: [node('n9', '9')], revision: '9'});
	scripted.last.end(expired);
	await settle();
	expect([scripted.listed.length, names(live)]).toEqual([2, 'n1 n2']);
	end();
	await settle();
	expect(names(live)).toBe('n9');
});
