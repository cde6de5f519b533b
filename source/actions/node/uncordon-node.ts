import {defineAction} from '../action.ts';
import {changeNode, present} from '../change.ts';

export const uncordonNode = defineAction({
	id: 'node.uncordon',
	title: 'Take work again; ends a cordon or a drain',
	on: 'node',
	fields: {},
	plan: (_, node) => [changeNode(present(node), {availability: 'active', drainDeadlineAt: null})],
});
