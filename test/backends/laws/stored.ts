import {expect} from 'vitest';
import type {Kind} from '../../../source/core/model/index.ts';
import type {Laws} from '../conformance.ts';
import type {Proof} from '../proof.ts';

/** Networks, volumes, configs and secrets; what an engine has not is left out by its `kinds`. */

async function config(proof: Proof, name: string) {
	return (await proof.backend.list({kind: 'config', name}, proof.signal)).items[0];
}

async function secret(proof: Proof, name: string) {
	return (await proof.backend.list({kind: 'secret', name}, proof.signal)).items[0];
}

/** An engine without a kind says so, and has nothing to prove of it. */
function has({backend}: Proof, ...kinds: readonly Kind[]): boolean {
	return kinds.every(kind => backend.kinds.includes(kind));
}

export const storedLaws: Laws = {
	async 'a config holds what it was given, and another content is a later one'(proof) {
		if (!has(proof, 'config')) return;
		const ref = {kind: 'config', name: proof.name('config')} as const;
		const made = await proof.backend.apply(ref, {labels: {a: 'b'}, data: {data: 'one'}}, {create: true});
		expect(made).toMatchObject({
			kind: 'config',
			name: ref.name,
			spec: {labels: {a: 'b'}, data: {data: 'one'}},
			usedBy: [],
		});
		const changed = await proof.backend.apply(ref, {data: {data: 'two'}}, {});
		expect(changed.spec).toEqual({labels: {a: 'b'}, data: {data: 'two'}});
		expect(changed.version ?? 2).toBe((made.version ?? 1) + 1);
		expect(await config(proof, ref.name)).toEqual(changed);
	},

	async 'what a secret holds is shown to nobody, in no list, answer or watch'(proof) {
		if (!has(proof, 'secret')) return;
		const before = await proof.backend.list({kind: 'secret'}, proof.signal);
		const seen = proof.collect({kind: 'secret'}, before.revision);
		const ref = {kind: 'secret', name: proof.name('secret')} as const;
		const made = await proof.backend.apply(ref, {labels: {}, data: {data: 'hunter2-law'}}, {create: true});
		await proof.until('the watch has told of it', () => seen.changes.some(({type}) => type === 'put'));
		const told = JSON.stringify([made, await secret(proof, ref.name), seen.changes]);
		expect(told).not.toContain('hunter2-law');
		expect(told).not.toContain(Buffer.from('hunter2-law').toString('base64'));
		expect(made.files.length).toBeGreaterThan(0);
	},

	async 'names of configs and secrets are taken once, and free again when they are removed'(proof) {
		if (!has(proof, 'config', 'secret')) return;
		for (const kind of ['config', 'secret'] as const) {
			const ref = {kind, name: proof.name(kind)} as {kind: 'config'; name: string};
			await proof.backend.apply(ref, {data: {data: 'x'}}, {create: true});
			expect(await proof.refusal(proof.backend.apply(ref, {data: {data: 'y'}}, {create: true}))).toMatchObject({
				code: 'conflict',
			});
			await proof.backend.remove(ref, {});
			await proof.until(
				'it is gone',
				async () => (await proof.backend.list({kind, name: ref.name})).items.length === 0,
			);
			await proof.backend.apply(ref, {data: {data: 'z'}}, {create: true});
		}
	},

	async 'what a service uses says so, and is not removed under it'(proof) {
		if (!has(proof, 'config')) return;
		const name = proof.name('config');
		await proof.backend.apply({kind: 'config', name}, {data: {data: 'x'}}, {create: true});
		const service = await proof.create(proof.name(), {replicas: 1, template: {configs: [{source: name}]}});
		await proof.untilRunning(service, 1);
		await proof.until(
			'it says by whom it is used',
			async () => (await config(proof, name))?.usedBy.includes(service.name) ?? false,
		);
		expect(await proof.refusal(proof.backend.remove({kind: 'config', name}, {}))).toMatchObject({code: 'conflict'});
		await proof.backend.remove({kind: 'service', name: service.name}, {});
		await proof.until('nobody uses it', async () => (await config(proof, name))?.usedBy.length === 0);
		await proof.backend.remove({kind: 'config', name}, {});
	},

	async 'a service cannot name what is not there'(proof) {
		if (!has(proof, 'secret')) return;
		const name = proof.name();
		const patch = {template: {secrets: [{source: 'nowhere-to-be-found'}]}};
		expect(await proof.refusal(proof.create(name, patch))).toMatchObject({code: 'not-found'});
		expect(await proof.service(name)).toBeUndefined();
	},

	async 'volumes and networks can be made and removed'(proof) {
		if (!has(proof, 'volume', 'network')) return;
		for (const kind of ['volume', 'network'] as const) {
			const ref = {kind, name: proof.name(kind)} as {kind: 'volume'; name: string};
			const made = await proof.backend.apply(ref, {labels: {a: 'b'}}, {create: true});
			expect(made).toMatchObject({kind, name: ref.name, spec: {labels: {a: 'b'}}, usedBy: []});
			expect(await proof.refusal(proof.backend.apply(ref, {labels: {}}, {create: true}))).toMatchObject({
				code: 'conflict',
			});
			await proof.backend.remove(ref, {});
			await proof.until(
				'it is gone',
				async () => (await proof.backend.list({kind, name: ref.name})).items.length === 0,
			);
			expect(await proof.refusal(proof.backend.remove(ref, {}))).toMatchObject({code: 'not-found'});
		}
	},
};
