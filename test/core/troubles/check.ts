import {expect, test} from 'vitest';
import {findTroubles} from '../../../source/core/troubles/find-troubles.ts';
import type {Trouble, TroubleWorld} from '../../../source/core/troubles/trouble.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/**
 * What is found in a cluster as text, three lines for each trouble:
 *
 *     serious (2) web waits for a node
 *       2 of 3 instances: no node has 4 CPUs free
 *       > Add a node. [service.update web {"reserveCpu":1}] → describe web.2
 */
export function check(name: string, cluster: string, expected: string, parts: Partial<TroubleWorld> = {}): void {
	test(name, () => {
		expect(
			findTroubles({...readCluster(cluster), ...parts})
				.map(troubleText)
				.join('\n'),
		).toBe(unindented(expected));
	});
}

function troubleText({severity, count, title, cause, remedy, jump}: Trouble): string {
	const {action} = remedy;
	const input = Object.keys(action?.input ?? {}).length === 0 ? '' : ` ${JSON.stringify(action?.input)}`;
	const does = action === undefined ? '' : ` [${action.id} ${action.target.name}${input}]`;
	const leads = jump === undefined ? '' : ` → ${[jump.to, jump.about?.name].filter(Boolean).join(' ')}`;
	return `${severity} (${count}) ${title}\n  ${cause}\n  > ${remedy.text}${does}${leads}`;
}

function unindented(text: string): string {
	const lines = text.split('\n').filter(line => line.trim() !== '');
	const indent = lines[0]?.search(/\S/) ?? 0;
	return lines.map(line => line.slice(indent).trimEnd()).join('\n');
}
