import {previewFailNode} from '../../core/preview/preview-lost-node.ts';
import {formatDuration} from '../../core/text/units.ts';
import {defineAction} from '../action.ts';
import {present} from '../change.ts';
import {duration} from '../fields/fields.ts';

const defaultMs = 30_000;

export const failNode = defineAction({
	id: 'node.fail',
	title: 'Fail: a power cut on purpose',
	on: 'node',
	fields: {for: duration('How long it stays away', {fallback: defaultMs})},
	unavailable: (_, {name, facets}) =>
		facets.failNode ? undefined : `${name} cannot fail a node on purpose: only the local engine's nodes are its own`,
	confirm: node => node && `Cut the power of ${node.name}, which kills its ${node.instances} instances?`,
	plan(_, target, input) {
		const {id, name} = present(target);
		const forMs = input.for ?? defaultMs;
		const ref = {kind: 'node', id, name} as const;
		const what = `node ${name} for ${formatDuration(forMs)}`;
		return [
			{
				type: 'effect',
				ref,
				todo: `fail ${what}`,
				title: `failed ${what}`,
				run: async ({facets}) => facets.failNode?.(ref, forMs),
			},
		];
	},
	preview: (world, target) => previewFailNode(world, present(target)),
});
