import {expect, test} from 'vitest';
import {isFinal} from '../../../source/core/instance-state.ts';
import type {Instance} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {CurrentFeed} from '../../../source/orchestrator/queries/current-feed.ts';
import type {FeedChange} from '../../../source/orchestrator/queries/feed.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import type {Store, StoreTransaction} from '../../../source/orchestrator/store/store.ts';
import {aNode, anInstance, aService} from '../../helpers/objects.ts';
import {seededRandom} from '../../helpers/seeded-random.ts';

// Random clusters, whatever may be reached or not, against the rule written down as it is said.

const global = serviceSpec({mode: 'global', template: {image: 'x'}});
const replicated = (replicas: number) => serviceSpec({replicas, template: {image: 'x'}});

/** In all of the store: what lives, and the newest ended one of each slot that should be filled and has no other. */
function expected(store: Store): string[] {
	const instances = [...store.all('instance')];
	return instances
		.filter(instance => {
			const service = store.get('service', instance.serviceId);
			const mates = instances.filter(
				other =>
					other.serviceId === instance.serviceId &&
					other.slot === instance.slot &&
					(instance.slot > 0 || other.nodeId === instance.nodeId),
			);
			if (!isFinal(instance.status.state)) return true;
			const isNewest = mates.every(other => other === instance || other.createdAt < instance.createdAt);
			const isUsed =
				service?.spec.mode === 'global'
					? instance.desired === 'running' && store.get('node', instance.nodeId ?? '')?.removing === false
					: instance.slot <= (service?.spec.replicas ?? 0);
			return service?.removing === false && isNewest && isUsed && mates.every(({status}) => isFinal(status.state));
		})
		.map(({id, revision}) => `${id}@${revision}`)
		.sort();
}

function shown(instances: Iterable<Instance>): string[] {
	return [...instances].map(({id, revision}) => `${id}@${revision}`).sort();
}

function randomWrite(tx: StoreTransaction, random: () => number, now: number): void {
	const pick = (count: number) => Math.floor(random() * count);
	const dice = random();
	if (dice < 0.1) {
		tx.put('service', aService('web', {spec: replicated(pick(4)), removing: random() < 0.2}));
	} else if (dice < 0.15) {
		tx.put('service', aService('every', {spec: global, removing: random() < 0.2}));
	} else if (dice < 0.2) {
		tx.remove('service', random() < 0.5 ? 'web-id' : 'every-id');
	} else if (dice < 0.3) {
		tx.put('node', aNode(`n${pick(2)}`, {removing: random() < 0.3}));
	} else if (dice < 0.33) {
		tx.remove('node', `n${pick(2)}-id`);
	} else if (dice < 0.45) {
		const [first] = [...tx.all('instance')].toSorted(() => random() - 0.5);
		if (first) tx.remove('instance', first.id);
	} else if (dice < 0.7) {
		const [first] = [...tx.all('instance')].toSorted(() => random() - 0.5);
		const state = random() < 0.5 ? 'failed' : 'running';
		if (first) {
			const desired = random() < 0.5 ? 'running' : first.desired;
			tx.put('instance', {...first, desired, status: {...first.status, state}});
		}
	} else {
		const node = `n${pick(2)}-id`;
		const isGlobal = random() < 0.4;
		tx.put('instance', {
			...(isGlobal ? {...anInstance('every.0'), nodeId: node} : anInstance(`web.${1 + pick(3)}`)),
			id: `i${now}-${tx.count('instance')}-${random()}`,
			createdAt: now,
		});
	}
}

function run(seed: number): void {
	const random = seededRandom(seed);
	const store = createMemoryStore();
	const write = (now: number) =>
		store.transact(true, now, tx => {
			randomWrite(tx, random, now);
			if (random() < 0.3) randomWrite(tx, random, now + 0.5);
		});
	for (let now = 1; now < 10; now++) write(now);
	const feed = new CurrentFeed(store);
	const folded = new Map([...feed.all()].map(instance => [instance.id, instance]));
	const start = feed.revision;
	const told: Array<FeedChange<'instance'>> = [];
	feed.subscribe(changes => told.push(...changes));
	for (let now = 10; now < 60; now++) {
		write(now);
		for (const {before, after} of told.splice(0)) {
			expect(before ? folded.get(before.id) : undefined).toBe(before);
			if (before) folded.delete(before.id);
			if (after) folded.set(after.id, after);
		}

		expect(shown(feed.all())).toEqual(expected(store));
		expect(shown(folded.values())).toEqual(expected(store));
		expect(feed.revision).toBe(store.revision);
	}

	const again = new CurrentFeed(store);
	expect(shown(again.all())).toEqual(expected(store));
	expect(feed.since(start)?.every(({revision}) => revision > start)).toBe(true);
	expect(feed.since(start - 1)).toBeUndefined();
	expect(feed.since(feed.revision + 1)).toBeUndefined();
}

test('shows what the rule says, and tells each change of it once, 300 seeds', () => {
	for (let seed = 0; seed < 300; seed++) {
		expect(() => run(seed), `seed ${seed}`).not.toThrow();
	}
});
