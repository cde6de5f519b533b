import {ClusterError} from '../../core/error.ts';
import {checkNodeSpec, nodeSpec} from '../../core/spec/node-spec.ts';
import {defineAction} from '../action.ts';
import {changeNode, present} from '../change.ts';
import {many} from '../fields/fields.ts';
import {labelChange, labelForm, labelPatch, labelsTakenAway} from '../fields/label-change.ts';

/** Pods are placed by these, and nobody sets them again. */
const enginesOwn = /^([^/]+\.)?(kubernetes|k8s)\.io\//;

export const labelNode = defineAction({
	id: 'node.label',
	title: 'Set or take away labels',
	on: 'node',
	fields: {labels: many(labelChange)},
	form: {
		now: ({spec}) => labelForm(spec.labels),
		takesAway: labelsTakenAway,
	},
	confirm(node, {labels = []}) {
		const gone = labels.flatMap(change =>
			'remove' in change && enginesOwn.test(change.remove) ? [change.remove] : [],
		);
		return node && gone.length > 0
			? `Take away what Kubernetes itself knows ${node.name} by: ${gone.join(', ')}?`
			: undefined;
	},
	plan(_, target, {labels = []}) {
		const node = present(target);
		if (labels.length === 0) {
			throw new ClusterError('usage', 'no label is given: KEY=VALUE sets one, KEY- takes it away');
		}

		const patch = {labels: labelPatch(labels)};
		const [problem] = checkNodeSpec(nodeSpec(patch, node.spec));
		if (problem !== undefined) {
			throw new ClusterError('usage', `KEY=VALUE ${problem.message}`);
		}

		return [changeNode(node, patch)];
	},
});
