import {expect} from 'vitest';
import type {Instance} from '../../../source/core/model/index.ts';
import type {Laws} from '../conformance.ts';
import type {Proof} from '../proof.ts';

/** The slots of a service's instances, where the engine numbers them; their number holds everywhere. */
function expectSlots({rig}: Proof, instances: readonly Instance[], expected: readonly number[]): void {
	const slots = instances.map(({slot}) => slot).sort((a, b) => a - b);
	if (rig.slotless) expect(slots.length).toBe(expected.length);
	else expect(slots).toEqual(expected);
}

function ids(instances: readonly Instance[]): string[] {
	return instances.map(({id}) => id).sort();
}

export const serviceLaws: Laws = {
	async 'a service comes to run what it asks for'(proof) {
		const service = await proof.create(proof.name(), {replicas: 3});
		const instances = await proof.untilRunning(service, 3);
		expectSlots(proof, instances, [1, 2, 3]);
		for (const instance of instances) {
			expect(instance).toMatchObject({serviceId: service.id, serviceName: service.name, desired: 'running'});
			if (!proof.rig.slotless) expect(instance.name).toBe(`${service.name}.${instance.slot}`);
			expect(await proof.node(instance.nodeName ?? '')).toMatchObject({id: instance.nodeId});
		}

		await proof.until('the status says so', async () => {
			const status = (await proof.service(service.name))?.status;
			return status?.desired === 3 && status.running === 3 && status.healthy === 3;
		});
	},

	async 'instances are spread over the nodes'(proof) {
		const service = await proof.create(proof.name(), {replicas: 3});
		const instances = await proof.untilRunning(service, 3);
		expect(new Set(instances.map(({nodeId}) => nodeId)).size).toBe(3);
	},

	async 'scaled up it keeps what runs and adds the rest'(proof) {
		const service = await proof.create(proof.name(), {replicas: 2});
		const before = await proof.untilRunning(service, 2);
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 5}, {});
		const after = await proof.untilRunning(service, 5);
		expectSlots(proof, after, [1, 2, 3, 4, 5]);
		expect(ids(after)).toEqual(expect.arrayContaining(ids(before)));
	},

	async 'scaled down it stops the highest slots and no other'(proof) {
		const service = await proof.create(proof.name(), {replicas: 4});
		const before = await proof.untilRunning(service, 4);
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 2}, {});
		const after = await proof.untilRunning(service, 2);
		expect(ids(after)).toEqual(ids(before.filter(({slot}) => slot <= 2)));
		await proof.backend.apply({kind: 'service', name: service.name}, {replicas: 0}, {});
		await proof.untilRunning(service, 0);
	},

	async 'a label changes nothing that runs, another template replaces it'(proof) {
		const name = proof.name();
		const service = await proof.create(name, {replicas: 2});
		const before = await proof.untilRunning(service, 2);
		const labelled = await proof.backend.apply({kind: 'service', name}, {labels: {a: 'b'}}, {});
		expect(labelled.version).toBe(service.version);
		const updated = await proof.backend.apply({kind: 'service', name}, {template: {env: {LAW: '1'}}}, {});
		expect(updated.version).not.toBe(service.version);
		await proof.until('both are of the new version', async () => {
			const now = await proof.instances(service);
			return (
				now.length === 2 && now.every(({version, status}) => version === updated.version && status.state === 'running')
			);
		});
		const after = await proof.instances(service);
		expectSlots(proof, after, [1, 2]);
		expect(ids(after).some(id => ids(before).includes(id))).toBe(false);
	},

	async 'what fails is replaced in its slot by another instance'(proof) {
		const service = await proof.create(proof.name(), {template: proof.rig.templates.failing});
		const query = {kind: 'instance', serviceId: service.id, history: true} as const;
		await proof.until('it was restarted', async () => {
			const {items} = await proof.backend.list(query, proof.signal);
			return items.some(({restarts}) => restarts > 0) && items.some(({status}) => status.state === 'failed');
		});
		const {items} = await proof.backend.list(query, proof.signal);
		expect(new Set(items.map(({slot}) => slot))).toEqual(new Set([1]));
		expect(new Set(ids(items)).size).toBe(items.length);
		const failed = items.find(({status}) => status.state === 'failed');
		expect(failed?.status.exitCode).toBeGreaterThan(0);
		expect(failed?.status.reason).toMatch(/\S/);
	},

	async 'a global service runs one on each node'(proof) {
		const nodes = (await proof.backend.list({kind: 'node'}, proof.signal)).items;
		const service = await proof.create(proof.name(), {mode: 'global', replicas: 0});
		const instances = await proof.untilRunning(service, nodes.length);
		expect(instances.map(({nodeId}) => nodeId).sort()).toEqual(nodes.map(({id}) => id).sort());
	},

	async 'a job ends with all of its runs completed'(proof) {
		const name = proof.name();
		await proof.create(name, {mode: 'job', replicas: 3, maxConcurrent: 1, template: proof.rig.templates.ending});
		await proof.until('all are completed', async () => {
			const service = await proof.service(name);
			return service?.status.completed === 3 && service.status.running === 0;
		});
	},

	async 'what can be placed nowhere says why'(proof) {
		const service = await proof.create(proof.name(), {placement: {constraints: ['node.name==nowhere']}});
		await proof.until('it says why', async () => {
			const [instance] = await proof.instances(service);
			return instance?.status.state === 'pending' && (instance.status.reason ?? '').length > 0;
		});
	},

	async 'removed, it ends with everything that it held, and its name is free'(proof) {
		const name = proof.name();
		const service = await proof.create(name, {replicas: 3});
		await proof.untilRunning(service, 3);
		await proof.backend.remove({kind: 'service', name}, {});
		await proof.until('it is gone', async () => !(await proof.service(name)));
		const query = {kind: 'instance', serviceId: service.id, history: true} as const;
		await proof.until('so are its instances', async () => (await proof.backend.list(query)).items.length === 0);
		const again = await proof.create(name);
		expect(again.id).not.toBe(service.id);
	},

	async 'while it is being removed its name is taken'(proof) {
		const name = proof.name();
		const service = await proof.create(name, {replicas: 3});
		await proof.untilRunning(service, 3);
		await proof.backend.remove({kind: 'service', name}, {});
		// A quick engine may be through with it already.
		const refused = await proof.refusal(proof.create(name)).catch(() => undefined);
		if (refused === undefined) {
			expect((await proof.service(name))?.id).not.toBe(service.id);
		} else {
			expect(refused).toMatchObject({code: 'conflict'});
		}
	},
};
