import type {Backend} from '../../core/backend.ts';
import type {ClusterError} from '../../core/error.ts';
import type {AppliedManifest, Manifest, ResourceFacet, ResourceRef} from '../../core/resource/facet.ts';
import {type Action, defineAction, type Step} from '../action.ts';
import {many, text, toggle} from '../fields/fields.ts';
import {cascadeField} from './cascade.ts';
import {resourcesOf} from './resource.ts';

const file = many(text('A file, a folder, or - for standard input', 'FILE', {short: 'f'}));

/** What files hold has no target yet: an action is made for what was read. */
function beyondModel(backend: Pick<Backend, 'facets' | 'name'>): string | undefined {
	return backend.facets.resources === undefined ? `${backend.name} takes no manifests` : undefined;
}

export const manifestFields = {
	file,
	force: toggle('Take fields over from whoever else manages them'),
};

function effect(
	verb: 'apply' | 'remove',
	what: string,
	name: string,
	{run, failed}: {run(resources: ResourceFacet): Promise<void>; failed(error: ClusterError): void},
): Step {
	return {
		type: 'effect',
		ref: {kind: 'service', name},
		todo: `${verb} ${what}`,
		title: `${verb === 'apply' ? 'applied' : 'removed'} ${what}`,
		run: async backend => run(resourcesOf(backend)),
		failed,
	};
}

/** Of many, what fails of one stops none of the others. */
export type Telling<T extends readonly unknown[]> = {
	done(...what: T): void;
	failed(error: ClusterError): void;
};

/** Server-side, one after the other; it is told of each. */
export function applyManifests(
	manifests: readonly Manifest[],
	force: boolean,
	{done, failed}: Telling<[AppliedManifest, Manifest]>,
): Action {
	return defineAction({
		id: 'manifest.apply',
		title: 'Apply manifests',
		on: 'service',
		creates: true,
		fields: manifestFields,
		unavailable: (_, backend) => beyondModel(backend),
		plan: () =>
			manifests.map(manifest =>
				effect('apply', `${manifest.kind} ${manifest.metadata.name}`, manifest.metadata.name, {
					run: async resources => done(await resources.apply(manifest, {dryRun: false, force}), manifest),
					failed,
				}),
			),
	}) as unknown as Action;
}

export function removeManifests(refs: readonly ResourceRef[], {done, failed}: Telling<[ResourceRef]>): Action {
	const names = refs.map(({type, name}) => `${type} ${name}`);
	return defineAction({
		id: 'manifest.rm',
		title: 'Remove',
		on: 'service',
		creates: true,
		fields: {file, ...cascadeField},
		unavailable: (_, backend) => beyondModel(backend),
		confirm: () => `Remove ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}?`,
		plan: (_, __, {cascade}) =>
			refs.map(ref =>
				effect('remove', `${ref.type} ${ref.name}`, ref.name, {
					async run(resources) {
						await resources.remove(ref, {cascade});
						done(ref);
					},
					failed,
				}),
			),
	}) as unknown as Action;
}
