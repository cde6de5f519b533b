import {expect, test} from 'vitest';
import {demoteNode, promoteNode} from '../../../source/actions/node/promote-node.ts';
import type {NodeRole} from '../../../source/core/model/index.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/** A node with the role that was asked for and the one that it has. */
function check(name: string, asked: NodeRole, has: NodeRole, promote: string, demote: string): void {
	test(name, () => {
		const [plain] = readCluster('node n1').nodes;
		if (plain === undefined) throw new Error('no node');
		const node = {...plain, spec: {...plain.spec, role: asked}, role: has};
		const backend = {name: 'swarm:prod', facets: {}};
		expect(promoteNode.unavailable?.(node, backend) ?? 'possible').toBe(promote);
		expect(demoteNode.unavailable?.(node, backend) ?? 'possible').toBe(demote);
	});
}

check('a worker', 'worker', 'worker', 'possible', 'n1 is a worker already');
check('a manager', 'manager', 'manager', 'n1 is a manager already', 'possible');
check('one that leaves', 'worker', 'manager', 'possible', 'n1 is a worker already');
check(
	'one that has not joined',
	'manager',
	'worker',
	'n1 is to be a manager already: it does not take part yet',
	'n1 is on its way to be a manager, and can be demoted when it is one',
);
