import {defineAction} from '../action.ts';
import {present} from '../change.ts';
import {nodeRemovalProgress} from './node-progress.ts';

export const removeNode = defineAction({
	id: 'node.rm',
	title: 'Remove',
	on: 'node',
	fields: {},
	confirm: node => node && `Remove the node ${node.name}, which runs ${node.instances} instances?`,
	plan(_, target) {
		const {id, name, spec} = present(target);
		const inverse = {type: 'apply', ref: {kind: 'node', name}, patch: spec, create: true} as const;
		return [{type: 'remove', ref: {kind: 'node', id, name}, inverse}];
	},
	progress: nodeRemovalProgress,
});
