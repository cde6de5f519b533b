import {expect} from 'vitest';
import type {Laws} from '../conformance.ts';
import {found, type Proof} from '../proof.ts';

async function setAvailability({backend}: Proof, name: string, availability: 'active' | 'cordoned' | 'drained') {
	return backend.apply({kind: 'node', name}, {availability}, {});
}

/** Of its nodes one that holds something of a service that runs everywhere. */
async function busyNode(proof: Proof, replicas: number) {
	const service = await proof.create(proof.name(), {replicas});
	const [first] = await proof.untilRunning(service, replicas);
	return {service, name: found(first?.nodeName, 'node of an instance'), nodeId: found(first?.nodeId, 'its id')};
}

export const nodeLaws: Laws = {
	async 'nodes are ready and say what they hold'(proof) {
		const {service} = await busyNode(proof, 3);
		await proof.until('each counts its instances', async () => {
			const {items} = await proof.backend.list({kind: 'node'}, proof.signal);
			const instances = await proof.instances(service);
			return items.every(
				node =>
					node.status.state === 'ready' &&
					node.capacity.cpus > 0 &&
					node.capacity.memoryBytes > 0 &&
					node.instances >= instances.filter(({nodeId}) => nodeId === node.id).length,
			);
		});
	},

	async 'a cordoned node keeps what it has and gets nothing new'(proof) {
		const {service, name, nodeId} = await busyNode(proof, 3);
		const before = (await proof.instances(service)).filter(instance => instance.nodeId === nodeId);
		expect(await setAvailability(proof, name, 'cordoned')).toMatchObject({availability: 'cordoned'});
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 9}, {});
		const after = await proof.untilRunning(service, 9);
		expect(after.filter(instance => instance.nodeId === nodeId).map(({id}) => id)).toEqual(before.map(({id}) => id));
		expect(await setAvailability(proof, name, 'active')).toMatchObject({availability: 'active'});
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 12}, {});
		const last = await proof.untilRunning(service, 12);
		expect(last.filter(instance => instance.nodeId === nodeId).length).toBeGreaterThan(before.length);
	},

	async 'a drained node is left by everything, which goes on elsewhere'(proof) {
		const {service, name, nodeId} = await busyNode(proof, 6);
		await setAvailability(proof, name, 'drained');
		await proof.until('it is drained', async () => (await proof.node(name)).availability === 'drained');
		const after = await proof.untilRunning(service, 6);
		expect(after.some(instance => instance.nodeId === nodeId)).toBe(false);
		if (!proof.rig.slotless) expect(after.map(({slot}) => slot).sort()).toEqual([1, 2, 3, 4, 5, 6]);
		expect((await proof.node(name)).instances).toBe(0);
	},

	async 'a drain brings up what comes before it stops what goes'(proof) {
		const {service, name} = await busyNode(proof, 6);
		const query = {kind: 'instance', serviceId: service.id} as const;
		const before = await proof.backend.list(query, proof.signal);
		const told = proof.collect(query, before.revision);
		await setAvailability(proof, name, 'drained');
		await proof.until('it is drained', async () => (await proof.node(name)).availability === 'drained');
		await proof.untilRunning(service, 6);
		const running = new Map(before.items.map(({id}) => [id, true]));
		for (const change of told.changes) {
			if (change.type === 'put') running.set(change.object.id, change.object.status.state === 'running');
			else if (change.type === 'remove') running.delete(change.id);
			expect([...running.values()].filter(Boolean).length).toBeGreaterThanOrEqual(6);
		}
	},

	async 'a drain that is taken back leaves a node that takes work'(proof) {
		const {service, name, nodeId} = await busyNode(proof, 3);
		await setAvailability(proof, name, 'drained');
		await setAvailability(proof, name, 'active');
		await proof.until('it is active', async () => (await proof.node(name)).availability === 'active');
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 9}, {});
		const after = await proof.untilRunning(service, 9);
		expect(after.some(instance => instance.nodeId === nodeId)).toBe(true);
	},

	async 'labels of nodes decide on placement'(proof) {
		const {name, nodeId} = await busyNode(proof, 1);
		await proof.backend.apply({kind: 'node', name}, {labels: {law: 'here'}}, {});
		const service = await proof.create(proof.name(), {
			replicas: 3,
			placement: {constraints: ['node.labels.law==here']},
		});
		const instances = await proof.untilRunning(service, 3);
		expect(new Set(instances.map(instance => instance.nodeId))).toEqual(new Set([nodeId]));
		await proof.backend.apply({kind: 'node', name}, {labels: {law: null}}, {});
	},

	async 'a wrong spec of a node is refused'(proof) {
		const before = await proof.anyNode();
		const {name} = before;
		for (const patch of [{availability: 'draining'}, {capacity: {cpus: -1}}, {labels: {'\u001b': 'x'}}, {unknown: 1}]) {
			const call = proof.backend.apply({kind: 'node', name}, patch as never, {});
			expect(await proof.refusal(call)).toMatchObject({code: 'usage'});
		}

		expect((await proof.node(name)).spec).toStrictEqual(before.spec);
	},
};
