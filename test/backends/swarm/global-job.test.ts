import {expect, test} from 'vitest';
import type {RawNode, RawService, RawTask} from '../../../source/backends/swarm/api-types.ts';
import {namesIn} from '../../../source/backends/swarm/translate/names.ts';
import {toServices} from '../../../source/backends/swarm/translate.ts';

const meta = {Version: {Index: 1}, CreatedAt: '', UpdatedAt: ''};

/** A task of the job on a node: `n1 complete`, and behind that where it is steered to. */
function task(text: string): RawTask {
	const [NodeID = '', State = '', DesiredState = 'complete'] = text.split(' ');
	const fields = {ServiceID: 's', NodeID, DesiredState, Spec: {}, JobIteration: {Index: 7}};
	return {ID: `t-${text}`, ...meta, ...fields, Status: {State, Timestamp: ''}};
}

/** How much of a job on each node is done, by its tasks. */
function done(...tasks: readonly string[]): string | undefined {
	const service = {
		ID: 's',
		...meta,
		Spec: {Name: 'once', TaskTemplate: {}, Mode: {GlobalJob: {}}},
		JobStatus: {JobIteration: {Index: 7}},
	} as RawService;
	const nodes = ['n1', 'n2'].map(ID => ({ID, ...meta, Status: {State: 'ready'}}) as unknown as RawNode);
	const names = namesIn({networks: [], configs: [], secrets: []});
	const [found] = toServices({services: [service], tasks: tasks.map(task), nodes} as never, names);
	return found && `${found.status.completed}/${found.status.desired}`;
}

test('a global job is done once on each node', () => {
	expect(done('n1 complete', 'n2 running')).toBe('1/2');
	expect(done('n1 complete', 'n2 complete')).toBe('2/2');
});

// 4 of 3 were done, after a node had left and come back as another.
test('what it has done on a node that has left does not count', () => {
	expect(done('n1 complete', 'n2 complete', 'gone complete')).toBe('2/2');
	expect(done('n1 complete', 'gone complete')).toBe('1/1');
});
