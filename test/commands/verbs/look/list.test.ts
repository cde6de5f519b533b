import {expect, test} from 'vitest';
import type {Query} from '../../../../source/core/backend.ts';
import type {Kind} from '../../../../source/core/model/index.ts';
import {createScriptedCluster} from '../../../helpers/scripted-cluster.ts';
import {run} from '../../run.ts';

/** What the engine is asked for besides the kind. */
async function asked(line: string): Promise<string> {
	const queries: Array<Query<Kind>> = [];
	const cluster = createScriptedCluster([]);
	const open = async () => ({
		...cluster,
		list: (query: Query<Kind>) => {
			queries.push(query);
			return cluster.list(query);
		},
	});
	await run(line, {open: open as never});
	return queries
		.map(({kind, brief, usage}) => [kind, brief && 'brief', usage && 'usage'].filter(Boolean).join(' '))
		.join(', ');
}

test.each([
	['ps', 'instance brief'],
	['ps -q', 'instance brief'],
	// Its columns of CPU and memory were empty where nobody had measured for them.
	['ps -o wide', 'instance usage'],
	['node ls -o wide', 'node usage'],
	['service ls -o wide', 'service'],
	['ps -o json', 'instance'],
])('%s', async (line, expected) => {
	expect(await asked(line)).toBe(expected);
});
