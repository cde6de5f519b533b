import {expect, test} from 'vitest';
import {ClusterError} from '../../../source/core/error.ts';
import type {ResourceFacet} from '../../../source/core/resource/facet.ts';
import {run} from '../run.ts';

const boat = {apiVersion: 'example.org/v1', kind: 'Boat', metadata: {name: 'one'}};
const yaml = JSON.stringify({...boat, spec: {sails: 4}});

/** An engine in which somebody else manages a boat's sails. */
const resources: Partial<ResourceFacet> = {
	async apply(manifest, {force}) {
		if (!force) throw new ClusterError('conflict', 'Boat one: harbour manages .spec.sails');
		const before = {...boat, spec: {sails: 3}};
		return {change: 'changed', before, after: manifest, name: 'one', type: 'boats'} as never;
	},
};
const given = {facets: {resources: resources as ResourceFacet}, typed: yaml};

test('a diff shows what would be taken over from others, and says so', async () => {
	const {code, stdout, stderr} = await run('diff -f -', given);
	expect([code, stdout]).toEqual([10, 'Boat one would be changed\n  spec.sails: 3 → 4\n']);
	expect(stderr).toBe('Boat one: harbour manages .spec.sails: apply refuses that without --force\n');
	expect((await run('diff --force -f -', given)).stderr).toBe('');
});

/** Three of a folder, of which the second is somebody else's and the third may not be touched. */
const several = ['one', 'two', 'three'].map(name => ({...boat, metadata: {name}}));
const refusing = (name: string) => {
	if (name === 'two')
		throw new ClusterError('conflict', 'Boat two: harbour manages .spec.sails', {hint: 'Try --force.'});
	if (name === 'three') throw new ClusterError('not-allowed', 'Boat three: the harbour is closed');
};
const mixed: Partial<ResourceFacet> = {
	types: async () => [{name: 'boats', kind: 'Boat', apiVersion: 'example.org/v1'} as never],
	async apply(manifest, {dryRun, force}) {
		const {name} = manifest.metadata;
		if (!dryRun || !force) refusing(name);
		return {change: 'created', before: undefined, after: {spec: 1}, name, type: 'boats'} as never;
	},
	async remove({name}) {
		refusing(name);
	},
};
const folder = {
	facets: {resources: mixed as ResourceFacet},
	typed: JSON.stringify(several).slice(1, -1).replaceAll('},{"api', '}\n---\n{"api'),
};

test('of many, what fails of one is said and stops none of the others', async () => {
	const applied = await run('apply -f -', folder);
	expect([applied.code, applied.stderr]).toEqual([
		4,
		`Boat one created
Boat two: harbour manages .spec.sails
Boat three: the harbour is closed
muster apply: 2 of 3 failed.
Try --force.
`,
	]);
	const removed = await run('manifest rm --yes -f -', folder);
	expect([removed.code, removed.stderr]).toEqual([
		6,
		`Boat three: the harbour is closed
Boat two: harbour manages .spec.sails
boats.example.org one removed
muster manifest rm: 2 of 3 failed.
`,
	]);
});

test('a diff looks at all others, too, and does not end as if it had seen all', async () => {
	const {code, stdout, stderr} = await run('diff -f -', folder);
	expect([code, stdout]).toEqual([
		6,
		'Boat one would be created\n  spec: – → 1\nBoat two would be created\n  spec: – → 1\n',
	]);
	expect(stderr).toBe(`Boat two: harbour manages .spec.sails: apply refuses that without --force
Boat three: the harbour is closed
muster diff: 1 of 3 failed.
`);
});

test('what is to lie in a namespace or to be of a kind that would be created, too, would be created', async () => {
	const harbour = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'harbour'}};
	const spec = {group: 'example.org', names: {kind: 'Boat'}};
	const kind = {
		apiVersion: 'apiextensions.k8s.io/v1',
		kind: 'CustomResourceDefinition',
		metadata: {name: 'boats'},
		spec,
	};
	const inHarbour = {apiVersion: 'v1', kind: 'Crane', metadata: {name: 'big', namespace: 'harbour'}};
	const elsewhere = {...inHarbour, metadata: {name: 'old', namespace: 'dock'}};
	const other = {apiVersion: 'example.com/v1', kind: 'Boat', metadata: {name: 'two'}};
	const apply: ResourceFacet['apply'] = async manifest => {
		const {name} = manifest.metadata;
		if (![harbour, kind].some(one => one.kind === manifest.kind))
			throw new ClusterError('not-found', `no place for ${name}`);
		return {change: 'created', before: undefined, after: {}, name, type: ''};
	};
	const typed = [harbour, kind, boat, inHarbour, elsewhere, other].map(one => JSON.stringify(one)).join('\n---\n');
	const {code, stdout, stderr} = await run('diff -f -', {facets: {resources: {apply} as ResourceFacet}, typed});
	expect([code, stderr]).toEqual([3, 'no place for old\nno place for two\nmuster diff: 2 of 6 failed.\n']);
	expect(stdout.split('\n').filter(line => line.includes('would be'))).toEqual([
		'Namespace harbour would be created',
		'CustomResourceDefinition boats would be created',
		'Boat one would be created',
		'Crane big would be created',
	]);
	expect(stdout).toContain('  metadata.namespace: – → "harbour"');
});

test('what is of a kind that is gone keeps none of the others from being removed', async () => {
	const gone: string[] = [];
	const facets = {
		types: async () => [{name: 'boats', kind: 'Boat', apiVersion: 'example.org/v1'}],
		async remove({type, name}: {type: string; name: string}) {
			if (type === 'raft') throw new ClusterError('not-found', 'there is no kind raft');
			gone.push(name);
		},
	} as unknown as ResourceFacet;
	const raft = {...boat, kind: 'Raft'};
	const both = {facets: {resources: facets}, typed: [raft, boat].map(one => JSON.stringify(one)).join('\n---\n')};
	const {code, stderr} = await run('manifest rm --yes -f -', both);
	expect([code, gone, stderr.includes('there is no kind raft')]).toEqual([3, ['one'], true]);
	const alone = await run('manifest rm --yes -f -', {...both, typed: JSON.stringify(raft)});
	expect([alone.code, alone.stderr]).toEqual([3, 'muster manifest rm: The cluster has no kind Raft.\n']);
});
