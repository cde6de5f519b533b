import type {Action} from '../../actions/action.ts';
import {cordonNode} from '../../actions/node/cordon-node.ts';
import {drainNode} from '../../actions/node/drain-node.ts';
import {withHeld} from '../../actions/node/held.ts';
import {labelNode} from '../../actions/node/label-node.ts';
import {leaveNode} from '../../actions/node/leave-node.ts';
import {demoteNode, promoteNode} from '../../actions/node/promote-node.ts';
import {removeNode} from '../../actions/node/remove-node.ts';
import {taintNode} from '../../actions/node/taint-node.ts';
import {uncordonNode} from '../../actions/node/uncordon-node.ts';
import {toClusterError} from '../../core/error.ts';
import type {Node} from '../../core/model/index.ts';
import {formatDuration} from '../../core/text/units.ts';
import {describeRow, explainRow, quietYamlRow} from '../describe/rows.ts';
import {ask, run} from '../errands/asking.ts';
import {joinRow} from '../errands/joining.ts';
import {runMany} from '../errands/many.ts';
import {errorText} from '../errands/running.ts';
import {formRow} from '../form/rows.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';

export const nodesKeymap: readonly KeymapRow[] = [
	{keys: ['enter'], go: 'instances', hint: 'instances', help: 'Show the instances on it'},
	{
		keys: ['D'],
		hint: 'drain',
		help: 'Move its instances to other nodes: shows where each would go first; on a draining node, take the drain back',
		needsTarget: true,
		refused: ui => cannotDrain(ui, undefined),
		unavailable: cannotDrain,
		press: (ui, target) => onNode(target, node => drain(ui, node)),
		many: (ui, targets) => runMany(ui, drainNode, targets),
	},
	{
		keys: ['C'],
		hint: 'cordon',
		help: 'Place nothing new on it; pressed again, take work again',
		needsTarget: true,
		refused: ui => ui.refusal(cordonNode, undefined),
		unavailable: (ui, target) => ui.refusal(cordonNode, target),
		press: (ui, target) =>
			onNode(target, node => {
				const action = node.spec.availability === 'active' ? cordonNode : uncordonNode;
				run(ui, {action, target: node, input: {}});
			}),
		many: (ui, targets) => runMany(ui, targets.some(isActive) ? cordonNode : uncordonNode, targets),
	},
	{
		keys: ['P'],
		hint: 'promote',
		help: 'Make it a manager; a manager a worker again, when confirmed',
		quiet: true,
		needsTarget: true,
		refused: ui => ui.refusal(promoteNode, undefined),
		unavailable: (ui, target) => ui.refusal(roleAction(target), target),
		press: (ui, target) => target && run(ui, {action: roleAction(target), target, input: {}}),
		many: (ui, targets) => runMany(ui, targets.some(isWorker) ? promoteNode : demoteNode, targets),
	},
	joinRow,
	{
		keys: ['X'],
		run: leaveNode,
		hint: 'leave',
		help: 'Take it out of the swarm through its own engine, when confirmed; a manager is made a worker first',
		quiet: true,
	},
	formRow(labelNode, {keys: ['L'], hint: 'labels', help: 'Set or take away labels, in a form', quiet: true}),
	formRow(taintNode, {keys: ['K'], hint: 'taints', help: 'Set or take away taints, in a form', quiet: true}),
	describeRow,
	explainRow,
	quietYamlRow,
	{keys: ['ctrl-d'], run: removeNode, hint: 'delete', help: 'Remove it, when confirmed'},
];

/** What `P` does to it now. */
function roleAction(target: Target | undefined): Action {
	return target?.kind === 'node' && target.spec.role === 'manager' ? demoteNode : promoteNode;
}

function isWorker(target: Target): boolean {
	return target.kind === 'node' && target.spec.role === 'worker';
}

function isActive(target: Target): boolean {
	return target.kind === 'node' && target.spec.availability === 'active';
}

function onNode(target: Target | undefined, use: (node: Node) => void): void {
	if (target?.kind === 'node') {
		use(target);
	}
}

function cannotDrain(ui: Ui, target: Target | undefined): string | undefined {
	return ui.refusal(drainNode, target);
}

function drain(ui: Ui, node: Node): void {
	if (node.spec.availability === 'drained') {
		run(ui, {action: uncordonNode, target: node, input: {}});
	} else {
		if (ui.executor.backend.facets.held === undefined) {
			askDrain(ui, node, 0);
			return;
		}

		void withHeld(ui.executor.backend, ui.worldNow, [node]).then(
			({held = new Map()}) => {
				ui.held = held;
				askDrain(ui, node, 0);
			},
			(thrown: unknown) => ui.say('bad', errorText(toClusterError(thrown))),
		);
	}
}

const deadlinesMs = [undefined, 60_000, 300_000, 900_000] as const;

/** The panel of a drain; its deadline is one of a few. */
function askDrain(ui: Ui, target: Node, choice: number): void {
	const deadline = deadlinesMs[choice];
	ask(
		ui,
		{action: drainNode, target, input: {deadline}},
		{
			note: deadline === undefined ? 'no deadline' : `deadline ${formatDuration(deadline)}`,
			keymap: [
				{
					keys: ['t'],
					hint: 'deadline',
					help: 'After which time to stop also what finds no other place',
					press: () => askDrain(ui, target, (choice + 1) % deadlinesMs.length),
				},
			],
		},
	);
}
