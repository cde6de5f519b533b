import {defineAction} from '../action.ts';
import {changeNode, present} from '../change.ts';

export const cordonNode = defineAction({
	id: 'node.cordon',
	title: 'Cordon: place nothing new on it',
	on: 'node',
	fields: {},
	plan: (_, node) => [changeNode(present(node), {availability: 'cordoned', drainDeadlineAt: null})],
});
