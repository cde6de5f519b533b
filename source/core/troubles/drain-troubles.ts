import type {Instance, Node} from '../model/index.ts';
import {action} from './remedies.ts';
import {counted, listed, refOf, type Trouble, type TroubleWorld} from './trouble.ts';

/** Drains that wait for a replacement which finds no node. */
export function stuckDrains({nodes, instances}: TroubleWorld): Trouble[] {
	const draining = new Map(nodes.filter(({availability}) => availability === 'draining').map(node => [node.id, node]));
	if (draining.size === 0) {
		return [];
	}

	const replacements = new Map<string, Instance>();
	for (const instance of instances) {
		if (
			instance.replaces !== undefined &&
			instance.status.state === 'pending' &&
			instance.status.reason !== undefined
		) {
			replacements.set(instance.replaces, instance);
		}
	}

	const stuck = instances.filter(({id, nodeId}) => replacements.has(id) && draining.has(nodeId ?? ''));
	return [...Map.groupBy(stuck, ({nodeId}) => nodeId ?? '')].flatMap(([nodeId, waiting]) => {
		const node = draining.get(nodeId);
		const reason = replacements.get(waiting[0]?.id ?? '')?.status.reason ?? '';
		return node === undefined ? [] : [stuckDrain(node, waiting, reason)];
	});
}

function stuckDrain(node: Node, waiting: readonly Instance[], reason: string): Trouble {
	const names = [...new Set(waiting.map(({serviceName}) => serviceName))].sort();
	const isTimed = node.spec.drainDeadlineAt !== undefined;
	return {
		id: `drain ${node.id}`,
		severity: 'serious',
		title: `The drain of ${node.name} is stuck`,
		about: refOf(node),
		count: waiting.length,
		cause: `${counted(waiting.length, 'instance')} of ${listed(names)} cannot go elsewhere: ${reason}`,
		remedy: {
			text: isTimed
				? 'They are stopped at its deadline. To keep them: cancel the drain.'
				: 'Make room, or cancel the drain.',
			action: action('node.uncordon', node),
		},
		jump: {to: 'instances', about: refOf(node)},
	};
}
