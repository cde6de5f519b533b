import {afterAll, beforeAll, describe, test} from 'vitest';
import {nodeLaws} from './laws/nodes.ts';
import {queryLaws} from './laws/queries.ts';
import {serviceLaws} from './laws/services.ts';
import {storedLaws} from './laws/stored.ts';
import {streamLaws} from './laws/streams.ts';
import {writeLaws} from './laws/writes.ts';
import {createProof, type Proof} from './proof.ts';
import type {Cluster, Rig} from './rig.ts';

/** What holds on every engine: name → how it is proved. */
export type Laws = Readonly<Record<string, (proof: Proof) => Promise<void>>>;

const laws: Laws = {...streamLaws, ...queryLaws, ...writeLaws, ...serviceLaws, ...nodeLaws, ...storedLaws};

/** Holds a backend to the laws, all on one cluster. `absent`: why there is none here. */
export function describeBackend(name: string, rig: Rig, absent?: string): void {
	const unknown = Object.keys(rig.exceptions ?? {}).filter(law => !Object.hasOwn(laws, law));
	if (unknown.length > 0) throw new Error(`no law is called ${unknown.join(', ')}`);

	describe(`${name} keeps the laws of a backend:`, () => {
		let cluster: Cluster;
		beforeAll(async () => {
			if (absent === undefined) cluster = await rig.open();
		}, rig.timeoutMs);
		afterAll(async () => {
			await cluster?.end();
		});

		test.for(Object.entries(laws))('%s', {timeout: rig.timeoutMs}, async ([law, prove], context) => {
			const reason = absent ?? rig.exceptions?.[law];
			if (reason !== undefined) context.skip(reason);
			const proof = createProof(cluster, rig);
			try {
				await prove(proof);
			} finally {
				await proof.cleanUp();
			}
		});
	});
}
