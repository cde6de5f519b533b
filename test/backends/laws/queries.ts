import {expect} from 'vitest';
import type {Query} from '../../../source/core/backend.ts';
import type {Kind, Objects} from '../../../source/core/model/index.ts';
import type {Laws} from '../conformance.ts';
import {found, type Proof} from '../proof.ts';

async function ids<K extends Kind>({backend, signal}: Proof, query: Query<K>): Promise<string[]> {
	return (await backend.list(query, signal)).items.map(({id}) => id).sort();
}

function idsOf(objects: ReadonlyArray<Objects[Kind]>): string[] {
	return objects.map(({id}) => id).sort();
}

export const queryLaws: Laws = {
	async 'every kind can be listed, and says what it is'(proof) {
		for (const kind of proof.backend.kinds) {
			const {items, revision} = await proof.backend.list({kind}, proof.signal);
			expect(revision).not.toBe('');
			expect(items.every(object => object.kind === kind)).toBe(true);
		}
	},

	async 'id and name choose one'(proof) {
		const [name, other] = [proof.name(), proof.name()];
		const service = await proof.create(name);
		await proof.create(other);
		expect(await ids(proof, {kind: 'service', name})).toEqual([service.id]);
		expect(await ids(proof, {kind: 'service', id: service.id})).toEqual([service.id]);
		expect(await ids(proof, {kind: 'service', id: service.id, name: other})).toEqual([]);
		const all = await ids(proof, {kind: 'service'});
		expect(all).toContain(service.id);
		expect(new Set(all).size).toBe(all.length);
	},

	async 'what is not there is an empty list'(proof) {
		expect(await ids(proof, {kind: 'service', name: 'nobody'})).toEqual([]);
		expect(await ids(proof, {kind: 'node', id: 'nobody'})).toEqual([]);
		expect(await ids(proof, {kind: 'instance', serviceId: 'nobody'})).toEqual([]);
	},

	async 'instances are chosen by service and by node'(proof) {
		const service = await proof.create(proof.name(), {replicas: 4});
		await proof.create(proof.name(), {replicas: 2});
		const instances = await proof.untilRunning(service, 4);
		const nodeId = found(instances[0]?.nodeId, 'node of an instance');
		const there = instances.filter(instance => instance.nodeId === nodeId);
		expect(await ids(proof, {kind: 'instance', serviceId: service.id, nodeId})).toEqual(idsOf(there));
		const {items} = await proof.backend.list({kind: 'instance', nodeId}, proof.signal);
		expect(items.every(instance => instance.nodeId === nodeId)).toBe(true);
		expect(idsOf(items)).toEqual(expect.arrayContaining(idsOf(there)));
	},

	async 'a watch keeps to its query'(proof) {
		const {revision} = await proof.backend.list({kind: 'service'}, proof.signal);
		const [name, other] = [proof.name(), proof.name()];
		const told = proof.collect({kind: 'service', name}, revision);
		await proof.create(other);
		const service = await proof.create(name);
		await proof.untilRunning(service, 1);
		const names = told.changes.flatMap(change => (change.type === 'put' ? [change.object.name] : []));
		expect(new Set(names)).toEqual(new Set([name]));
	},

	async 'history shows what has ended, plain lists do not'(proof) {
		const service = await proof.create(proof.name(), {replicas: 2});
		const before = await proof.untilRunning(service, 2);
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 1}, {});
		const [left] = await proof.untilRunning(service, 1);
		expect(idsOf(await proof.instances(service))).toEqual([left?.id]);
		expect(await ids(proof, {kind: 'instance', serviceId: service.id, history: true})).toEqual(idsOf(before));
	},

	async 'events tell what was done to an object, the newest so many'(proof) {
		const {backend, signal} = proof;
		const service = await proof.create(proof.name());
		await proof.untilRunning(service, 1);
		const {items} = await backend.list({kind: 'event'}, signal);
		expect(items.some(({about}) => about.id === service.id && about.name === service.name)).toBe(true);
		const newest = (await backend.list({kind: 'event', limit: 2}, signal)).items;
		const oldest = Math.min(...newest.map(({createdAt}) => createdAt));
		expect(newest.length).toBe(2);
		expect(items.filter(({createdAt}) => createdAt > oldest).length).toBeLessThan(2);
	},
};
