import {ClusterError} from '../../core/error.ts';
import {refuse as refuseProblems} from '../../core/spec/check.ts';
import {checkName} from '../../core/spec/name.ts';
import {defineAction} from '../action.ts';
import {text} from '../fields/fields.ts';

export const addImage = defineAction({
	id: 'image.add',
	title: 'Add an image: a folder with an image.yaml',
	on: 'image',
	creates: true,
	fields: {
		name: text("Name; default: the folder's", 'NAME'),
		path: text('The folder', 'FOLDER', {operand: 'one'}),
	},
	unavailable: (_, {name, facets}) => (facets.addImage ? undefined : `${name} has no images of its own to add`),
	plan(_, __, {path, name}) {
		if (path === undefined) {
			throw new ClusterError('usage', 'FOLDER is missing');
		}

		refuseProblems(name === undefined ? [] : checkName(name, '--name'));
		const ref = {kind: 'image', name: name ?? path.split('/').filter(Boolean).at(-1) ?? path} as const;
		return [
			{
				type: 'effect',
				ref,
				todo: `add image ${ref.name}`,
				title: `added image ${ref.name}`,
				run: async ({facets}) => void (await facets.addImage?.(path, name)),
			},
		];
	},
});
