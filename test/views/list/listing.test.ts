import {expect, test} from 'vitest';
import type {Instance} from '../../../source/core/model/index.ts';
import {ChangeLog} from '../../../source/live/change-log.ts';
import {instancesScreen} from '../../../source/views/instances/screen.ts';
import {LiveListing, type Source} from '../../../source/views/list/listing.ts';
import {newPlace, type Place} from '../../../source/views/state.ts';
import {anInstance} from '../../helpers/objects.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';
import {worldOf} from '../../helpers/table-text.ts';

const places: readonly Place[] = [
	newPlace('instances'),
	newPlace('instances', {kind: 'service', id: 'b-id', name: 'b'}),
	newPlace('instances', {kind: 'node', id: 'n1', name: 'n1'}),
	{...newPlace('instances'), sort: {column: 'CPU', reverse: true}},
	{...newPlace('instances'), sort: {column: 'STATE', reverse: false}, filter: 'running'},
	{...newPlace('instances'), faultsOnly: true},
	{...newPlace('instances'), filter: '!a.1'},
];

function listOf(place: Place, source: Source<'instance'>): readonly Instance[] {
	return new LiveListing(instancesScreen, source).of(place, worldOf({})).objects;
}

// What is kept up to date change by change is what a look at everything would give.
test.each([1, 2, 3, 4, 5])('stays what a fresh look would list, seed %i', seed => {
	const random = seededRandom(seed);
	const byId = new Map<string, Instance>();
	const log = new ChangeLog(200);
	let version = 0;
	const source = {
		byId,
		get version() {
			return version;
		},
		changedSince: (since: number) => log.since(since),
	};
	const fresh = () => ({byId, version: 0, changedSince: () => undefined});
	// Each at its own place, and one that goes from place to place.
	const kept = places.map(() => new LiveListing(instancesScreen, source));
	const shared = new LiveListing(instancesScreen, source);
	for (let round = 0; round < 200; round++) {
		for (let change = Math.floor(random() * 8); change > 0; change--) {
			version++;
			const name = `${'abc'[Math.floor(random() * 3)]}.${Math.floor(random() * 12)}`;
			if (random() < 0.3) byId.delete(`${name}-id`);
			else byId.set(`${name}-id`, randomInstance(name, random));
			log.add(version, `${name}-id`);
		}

		const index = Math.floor(random() * places.length);
		const place = places[index] as Place;
		const expected = listOf(place, fresh());
		expect(kept[index]?.of(place, worldOf({})).objects).toEqual(expected);
		expect(shared.of(place, worldOf({})).objects).toEqual(expected);
	}
});

function randomInstance(name: string, random: () => number): Instance {
	const state = (['running', 'pending', 'failed'] as const)[Math.floor(random() * 3)] ?? 'running';
	return anInstance(name, {
		nodeId: random() < 0.5 ? 'n1' : 'n2',
		...(random() < 0.5 ? {usage: {cpus: Math.floor(random() * 4), at: 0}} : {}),
		status: {state, at: 0, health: 'none', endpoints: []},
	});
}

test('nothing is made anew when nothing has changed', () => {
	const source = {byId: new Map([['a.1-id', anInstance('a.1')]]), version: 1, changedSince: () => new Set<string>()};
	const listing = new LiveListing(instancesScreen, source);
	const place = newPlace('instances');
	expect(listing.of(place, worldOf({}))).toBe(listing.of({...place}, worldOf({})));
});

test('a log of changes tells what it knows, and when it does not', () => {
	const log = new ChangeLog(4);
	log.add(1, 'a');
	log.add(2, 'b');
	log.add(3, 'a');
	expect([...(log.since(1) ?? [])].sort()).toEqual(['a', 'b']);
	expect(log.since(3)).toEqual(new Set());
	log.add(4, 'c');
	log.add(5, 'd');
	expect(log.since(1)).toBeUndefined();
	expect(log.since(2)).toEqual(new Set(['a', 'c', 'd']));
	log.forget(6);
	expect([log.since(5), log.since(6)]).toEqual([undefined, new Set()]);
});
