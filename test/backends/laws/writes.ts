import {expect} from 'vitest';
import type {Patch} from '../../../source/core/backend.ts';
import type {ServiceSpec} from '../../../source/core/model/index.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import type {Laws} from '../conformance.ts';
import type {Proof} from '../proof.ts';

/** The patch is refused with `code`, and the service is as it was. */
async function refused(proof: Proof, name: string, patch: Patch<ServiceSpec>, code: string): Promise<void> {
	const before = await proof.service(name);
	const error = await proof.refusal(proof.backend.apply({kind: 'service', name}, patch, {}));
	expect([error.code, error.message]).toEqual([code, expect.stringMatching(/\S/)]);
	expect((await proof.service(name))?.spec).toStrictEqual(before?.spec);
}

export const writeLaws: Laws = {
	async 'a write answers with what was written, and lists show it'(proof) {
		const name = proof.name();
		const written = await proof.create(name, {replicas: 2, labels: {tier: 'front'}});
		expect(written).toMatchObject({kind: 'service', name, spec: {replicas: 2, labels: {tier: 'front'}}});
		const listed = await proof.service(name);
		expect(listed).toMatchObject({id: written.id, spec: written.spec});
	},

	async 'a patch changes what it names, null takes away, lists are replaced'(proof) {
		const name = proof.name();
		const before = await proof.create(name, {
			labels: {a: '1', b: '2'},
			template: {env: {X: '1', Y: '2'}},
			placement: {constraints: ['node.name!=n8', 'node.name!=n9']},
		});
		const patch: Patch<ServiceSpec> = {
			labels: {a: null, c: '3'},
			template: {env: {X: '9'}},
			placement: {constraints: ['node.name!=n7']},
		};
		const after = await proof.backend.apply({kind: 'service', name}, patch, {});
		expect(after.spec).toStrictEqual({
			...before.spec,
			labels: {b: '2', c: '3'},
			template: {...before.spec.template, env: {...before.spec.template.env, X: '9', Y: '2'}},
			placement: {...before.spec.placement, constraints: ['node.name!=n7']},
		});
		expect([after.id, after.createdAt]).toEqual([before.id, before.createdAt]);
		expect(after.revision).not.toBe(before.revision);
	},

	async 'a health check of one kind is patched into one of another'(proof) {
		const name = proof.name();
		const health = (test: object) => ({template: {health: {test}}}) as Patch<ServiceSpec>;
		const before = await proof.create(name, {replicas: 0, ...health({type: 'http', path: '/up'})});
		expect(before.spec.template.health).toMatchObject({test: {type: 'http', path: '/up'}, retries: 3});
		const after = await proof.backend.apply({kind: 'service', name}, health({type: 'command', command: ['true']}), {});
		expect(after.spec.template.health).toStrictEqual({
			...before.spec.template.health,
			test: {type: 'command', command: ['true']},
		});
		const none = await proof.backend.apply({kind: 'service', name}, {template: {health: null}}, {});
		expect(none.spec.template.health).toBeUndefined();
	},

	async 'what an engine never has is told before it is asked, in the same words'(proof) {
		const {refuseSpec} = proof.backend.facets;
		const told: Array<string | undefined> = [];
		for (const template of [{isolation: ['private-tmp']}, {container: {hostname: 'h'}}] as const) {
			const asked = {replicas: 0, template: {...proof.rig.templates.lasting, ...template}};
			const before = await proof
				.refusal((async () => refuseSpec?.(serviceSpec(asked), undefined))())
				.catch(() => undefined);
			told.push(before?.message);
			if (before !== undefined) {
				const error = await proof.refusal(proof.create(proof.name(), asked));
				expect([error.code, error.message]).toEqual(['unsupported', before.message]);
			}
		}

		expect(told.some(message => message !== undefined)).toBe(refuseSpec !== undefined);
	},

	async 'what exists cannot be created'(proof) {
		const name = proof.name();
		const service = await proof.create(name, {labels: {first: 'yes'}});
		expect(await proof.refusal(proof.create(name, {labels: {first: 'no'}}))).toMatchObject({code: 'conflict'});
		expect(await proof.service(name)).toMatchObject({id: service.id, spec: {labels: {first: 'yes'}}});
	},

	async 'of two that create the same one succeeds'(proof) {
		const name = proof.name();
		const results = await Promise.allSettled([proof.create(name), proof.create(name)]);
		expect(results.map(({status}) => status).sort()).toEqual(['fulfilled', 'rejected']);
	},

	async 'what does not exist cannot be changed or removed'(proof) {
		const {backend, refusal} = proof;
		for (const ref of [
			{kind: 'service', name: 'nobody'},
			{kind: 'service', name: 'nobody', id: 'unknown'},
			{kind: 'node', name: 'nobody'},
		] as const) {
			expect(await refusal(backend.apply(ref, {}, {}))).toMatchObject({code: 'not-found'});
			expect(await refusal(backend.remove(ref, {}))).toMatchObject({code: 'not-found'});
		}
	},

	async 'an id names an object as well as its name'(proof) {
		const service = await proof.create(proof.name());
		const ref = {kind: 'service', id: service.id, name: service.name} as const;
		expect(await proof.backend.apply(ref, {labels: {by: 'id'}}, {})).toMatchObject({
			id: service.id,
			spec: {labels: {by: 'id'}},
		});
	},

	async 'a write on an older revision is refused'(proof) {
		const name = proof.name();
		const service = await proof.create(name);
		await proof.untilRunning(service, 1);
		const ref = {kind: 'service', name} as const;
		await proof.backend.apply(ref, {labels: {meanwhile: 'yes'}}, {});
		const options = {ifRevision: service.revision};
		expect(await proof.refusal(proof.backend.apply(ref, {replicas: 9}, options))).toMatchObject({code: 'conflict'});
		expect(await proof.refusal(proof.backend.remove(ref, options))).toMatchObject({code: 'conflict'});
		expect(await proof.service(name)).toMatchObject({removing: false, spec: {replicas: 1}});
	},

	async 'of two writes on the same revision one succeeds'(proof) {
		const node = await proof.anyNode();
		const {name} = node;
		const write = (value: string) =>
			proof.backend.apply({kind: 'node', name}, {labels: {law: value}}, {ifRevision: node.revision});
		const results = await Promise.allSettled([write('a'), write('b')]);
		expect(results.map(({status}) => status).sort()).toEqual(['fulfilled', 'rejected']);
		await proof.backend.apply({kind: 'node', name}, {labels: {law: null}}, {});
	},

	async 'a wrong spec is refused and changes nothing'(proof) {
		const name = proof.name();
		await proof.create(name);
		await refused(proof, name, {replicas: -1}, 'usage');
		await refused(proof, name, {replicas: 1.5}, 'usage');
		await refused(proof, name, {replicas: 'many'} as never, 'usage');
		await refused(proof, name, {unknown: 1} as never, 'usage');
		await refused(proof, name, {template: {env: {'A=B': 'x'}}}, 'usage');
		await refused(proof, name, {labels: {'\u001b[2J': 'x'}}, 'usage');
		await refused(proof, name, {placement: {constraints: ['nonsense']}}, 'usage');
		await refused(proof, name, {placement: {preferences: ['nonsense']}}, 'usage');
		await refused(proof, name, {ports: [{published: 70_000, target: 80, protocol: 'tcp'}]}, 'usage');
		await refused(proof, name, {ports: [null]} as never, 'usage');
		await refused(proof, name, {ports: [{published: '80', target: 80}]} as never, 'usage');
		await refused(proof, name, {ports: {}} as never, 'usage');
		await refused(proof, name, {template: {command: [1]}} as never, 'usage');
		await refused(proof, name, {template: null} as never, 'usage');
	},

	async 'a service keeps its mode'(proof) {
		const name = proof.name();
		await proof.create(name);
		const error = await proof.refusal(proof.backend.apply({kind: 'service', name}, {mode: 'global', replicas: 0}, {}));
		expect(['conflict', 'usage']).toContain(error.code);
		expect(await proof.service(name)).toMatchObject({spec: {mode: 'replicated', replicas: 1}});
	},

	async 'a hostile name is refused'(proof) {
		for (const name of [
			'',
			'../etc',
			'a b',
			'A',
			'-a',
			'a\n',
			'\u001b[31mred',
			'\u202eabc',
			'__proto__',
			'x'.repeat(64),
		]) {
			const error = await proof.refusal(proof.create(name));
			expect([name, error.code]).toEqual([name, 'usage']);
			expect(error.message).not.toMatch(/[\u001b\n\u202e]/);
			expect(await proof.service(name)).toBeUndefined();
		}
	},
};
