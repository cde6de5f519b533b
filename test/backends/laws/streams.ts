import {expect} from 'vitest';
import type {Change} from '../../../source/core/backend.ts';
import type {Instance, Kind} from '../../../source/core/model/index.ts';
import type {Laws} from '../conformance.ts';
import {fold, type Proof} from '../proof.ts';

/** Something that makes many changes of services and instances. */
async function makeChanges(proof: Proof): Promise<void> {
	const {backend, until} = proof;
	const [first, second] = [proof.name(), proof.name()];
	const service = await proof.create(first, {replicas: 3});
	await proof.create(second);
	await proof.untilRunning(service, 3);
	await backend.apply({kind: 'service', name: first}, {replicas: 1, labels: {a: 'b'}}, {});
	await backend.remove({kind: 'service', name: second}, {});
	await proof.untilRunning(service, 1);
	await until(`${second} is gone`, async () => (await proof.service(second)) === undefined);
}

function key(change: Change<Kind>): string {
	return change.type === 'put' ? `${change.object.id}@${change.object.revision}` : `${change.type}`;
}

function objects<K extends Kind>(changes: ReadonlyArray<Change<K>>): ReadonlyArray<Change<K>> {
	return changes.filter(({type}) => type === 'put' || type === 'remove');
}

async function snapshotAndChanges(proof: Proof, kind: 'service' | 'instance'): Promise<void> {
	const {backend, until, signal} = proof;
	const before = await backend.list({kind}, signal);
	const told = proof.collect({kind}, before.revision);
	await makeChanges(proof);
	let now: unknown;
	await until('the changes make up the later snapshot', async () => {
		now = fold((await backend.list({kind}, signal)).items, []);
		return JSON.stringify(fold(before.items, told.changes)) === JSON.stringify(now);
	});
	expect(fold(before.items, told.changes)).toStrictEqual(now);
	expect(objects(told.changes).length).toBeGreaterThan(3);
	expect(told.ended).toBeUndefined();
}

export const streamLaws: Laws = {
	'a snapshot of services and the changes after it make the later snapshot': proof =>
		snapshotAndChanges(proof, 'service'),

	'a snapshot of instances and the changes after it make the later snapshot': proof =>
		snapshotAndChanges(proof, 'instance'),

	async 'no version of an object is told twice, nor after it was removed'(proof) {
		const {backend, signal} = proof;
		const {revision} = await backend.list({kind: 'instance'}, signal);
		const told = proof.collect({kind: 'instance', history: true}, revision);
		await makeChanges(proof);
		const puts = told.changes.filter(({type}) => type === 'put').map(key);
		expect(puts.length).toBeGreaterThan(3);
		expect(new Set(puts).size).toBe(puts.length);
		const removed = new Set<string>();
		for (const change of told.changes) {
			if (change.type === 'remove') removed.add(change.id);
			if (change.type === 'put') expect(removed).not.toContain(change.object.id);
		}
	},

	async 'a watch can go on from any revision that it told'(proof) {
		const {backend, until, signal} = proof;
		const query = {kind: 'instance', history: true} as const;
		const before = await backend.list(query, signal);
		const first = proof.collect(query, before.revision);
		await makeChanges(proof);
		const told = [...first.changes];
		expect(objects(told).length).toBeGreaterThan(3);
		for (const [index, change] of told.entries()) {
			if (change.type === 'usage' || index % 3 !== 0) continue;
			const here = Object.values(fold(before.items, told.slice(0, index + 1))) as Instance[];
			const second = proof.collect(query, change.revision);
			// Both may still be told of what comes meanwhile.
			await until(
				`what follows change ${index}`,
				() => JSON.stringify(fold(here, second.changes)) === JSON.stringify(fold(before.items, first.changes)),
			);
			second.stop();
		}
	},

	async 'a watch begins with a bookmark when nothing has changed'(proof) {
		const {revision} = await proof.backend.list({kind: 'service', name: 'nobody'}, proof.signal);
		const told = proof.collect({kind: 'service', name: 'nobody'}, revision);
		await proof.until('a bookmark has come', () => told.changes.some(({type}) => type === 'bookmark'));
	},

	async 'two watches tell the same in the same order'(proof) {
		const {backend, signal, until} = proof;
		const {revision} = await backend.list({kind: 'service'}, signal);
		const [one, other] = [proof.collect({kind: 'service'}, revision), proof.collect({kind: 'service'}, revision)];
		await makeChanges(proof);
		await until('both have told as much', () => objects(one.changes).length === objects(other.changes).length);
		expect(objects(one.changes).map(key)).toEqual(objects(other.changes).map(key));
	},

	async 'a watch from a revision that nobody gave has expired'(proof) {
		const told = proof.collect({kind: 'service'}, 'never');
		await proof.until('it has ended', () => told.ended !== undefined);
		expect(told.ended).toMatchObject({code: 'expired'});
	},

	async 'an aborted watch ends at once, and no other'(proof) {
		const {revision} = await proof.backend.list({kind: 'service'}, proof.signal);
		const [one, other] = [proof.collect({kind: 'service'}, revision), proof.collect({kind: 'service'}, revision)];
		await proof.until('both are open', () => one.changes.length > 0 && other.changes.length > 0);
		one.stop();
		await proof.until('the first has ended', () => one.ended !== undefined);
		expect(one.ended).toBe('done');
		await proof.create(proof.name());
		await proof.until('the second goes on', () => objects(other.changes).length > 0);
		expect(objects(one.changes).length).toBe(0);
	},
};
