import {ClusterError} from '../../core/error.ts';
import {defineAction} from '../action.ts';
import {present} from '../change.ts';

export const removeImage = defineAction({
	id: 'image.rm',
	title: 'Remove',
	on: 'image',
	fields: {},
	confirm: image => image && `Remove the image ${image.name}?`,
	plan(_, target) {
		const {id, name, origin} = present(target);
		if (origin === 'built in') {
			throw new ClusterError('not-allowed', `the image ${name} is built in and cannot be removed`);
		}

		return [{type: 'remove', ref: {kind: 'image', id, name}}];
	},
});
