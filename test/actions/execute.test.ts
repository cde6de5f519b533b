import {describe, expect, test} from 'vitest';
import {defineAction, type Step} from '../../source/actions/action.ts';
import {type Executor, execute} from '../../source/actions/execute.ts';
import type {JournalEntry} from '../../source/actions/journal/journal.ts';
import type {Backend, WriteOptions} from '../../source/core/backend.ts';
import {ClusterError, toClusterError} from '../../source/core/error.ts';
import {readCluster} from '../helpers/cluster-text.ts';

const world = readCluster('service web replicas 3 · service api · node n1');
const [web] = world.services;

const inverse: Step = {type: 'apply', ref: {kind: 'service', name: 'web'}, patch: {replicas: 3}};
const scaleWeb: Step = {
	type: 'apply',
	ref: {kind: 'service', name: 'web'},
	patch: {replicas: 5},
	ifRevision: '1',
	inverse,
};
const removeApi: Step = {type: 'remove', ref: {kind: 'service', name: 'api'}};
const fails: Step = {
	type: 'effect',
	ref: {kind: 'node', name: 'n1'},
	todo: 'fail node n1',
	title: 'failed node n1',
	async run() {
		throw new ClusterError('unreachable', 'the agent is not there', {hint: 'Try again.'});
	},
};

/** Runs these steps; answers with what was called, what was recorded, and how it ended. */
async function run(steps: readonly Step[], given: Partial<Executor> & {confirmed?: boolean; question?: string} = {}) {
	const calls: string[] = [];
	const entries: JournalEntry[] = [];
	const backend = {
		name: 'local',
		facets: {},
		async apply(ref: {name: string}, patch: unknown, options: unknown) {
			calls.push(`apply ${ref.name} ${JSON.stringify(patch)} ${JSON.stringify(options)}`);
			return {...web, revision: '7'};
		},
		async remove(ref: {name: string}, options: unknown) {
			calls.push(`remove ${ref.name} ${JSON.stringify(options)}`);
		},
	} as unknown as Backend;
	const {confirmed = true, question, ...rest} = given;
	const executor: Executor = {
		backend,
		journal: {record: entry => void entries.push(entry), read: async () => entries},
		who: 'ann',
		now: () => 1000,
		random: () => 0,
		readOnly: false,
		...rest,
	};
	const action = defineAction({
		id: 'service.scale',
		title: 'Scale',
		on: 'service',
		fields: {},
		confirm: () => question,
		plan: () => steps,
	});
	const outcome = await execute(executor, {action, world, target: web, input: {}, confirmed}).catch(toClusterError);
	return {calls, entries, outcome};
}

describe('execute', () => {
	test('runs the steps in order and records them with revisions and inverse', async () => {
		const {calls, entries, outcome} = await run([scaleWeb, removeApi]);
		expect(calls).toEqual(['apply web {"replicas":5} {"ifRevision":"1"}', 'remove api {}']);
		expect(outcome).toEqual({command: 'muster service scale web', object: undefined, notes: [], warnings: []});
		expect(entries).toEqual([
			{
				id: '000000000000',
				at: 1000,
				who: 'ann',
				context: 'local',
				command: 'muster service scale web',
				action: 'service.scale',
				steps: [
					{
						step: {type: 'apply', ref: {kind: 'service', name: 'web'}, patch: {replicas: 5}},
						revisionBefore: '1',
						revisionAfter: '7',
						objectId: 'web-id',
						after: {replicas: 3},
						inverse,
					},
					{step: removeApi},
				],
				result: {ok: true},
			},
		]);
	});

	test('tells each warning of the engine once', async () => {
		const backend = {
			name: 'swarm:test',
			facets: {},
			async apply(_: unknown, __: unknown, {warn}: WriteOptions) {
				warn?.('web:1 is not pinned');
				return {...web, revision: '7'};
			},
		} as unknown as Backend;
		expect((await run([scaleWeb, scaleWeb], {backend})).outcome).toMatchObject({warnings: ['web:1 is not pinned']});
	});

	test('stops at the first step that fails, says and records what was done', async () => {
		const {calls, entries, outcome} = await run([scaleWeb, fails, removeApi]);
		expect(calls).toHaveLength(1);
		expect(outcome).toMatchObject({
			code: 'unreachable',
			message: 'the agent is not there; done before that: changed service web',
			hint: 'Try again.',
		});
		expect(entries[0]).toMatchObject({
			steps: [{revisionAfter: '7'}],
			result: {ok: false, code: 'unreachable'},
		});
	});

	test('what fails of one stops none that do not need it', async () => {
		const told: string[] = [];
		const failing = (code: 'conflict' | 'not-allowed' | 'unreachable', message: string): Step => ({
			...fails,
			failed: error => void told.push(error.message),
			async run() {
				throw new ClusterError(code, message, {hint: `about ${code}`});
			},
		});
		const some = [failing('conflict', 'one'), scaleWeb, failing('not-allowed', 'two'), removeApi];
		const {calls, entries, outcome} = await run(some);
		expect([calls.length, told]).toEqual([2, ['one', 'two']]);
		expect(outcome).toMatchObject({code: 'conflict', message: '2 of 4 failed', hint: 'about conflict'});
		expect(entries).toHaveLength(1);
		expect(entries[0]).toMatchObject({result: {ok: false, code: 'conflict', message: 'one; two'}});
		expect(entries[0]?.steps).toHaveLength(2);

		const gone = await run([scaleWeb, failing('unreachable', 'gone'), removeApi]);
		expect(gone.calls).toHaveLength(1);
		expect(gone.outcome).toMatchObject({message: 'gone; done before that: changed service web'});
		expect((await run([failing('conflict', 'alone')])).outcome).toMatchObject({message: 'alone'});
		expect(told).toEqual(['one', 'two']);
	});

	test('changes nothing in read-only mode', async () => {
		const {calls, entries, outcome} = await run([scaleWeb], {readOnly: true});
		expect(outcome).toMatchObject({code: 'not-allowed', message: expect.stringContaining('read-only')});
		expect([calls, entries]).toEqual([[], []]);
	});

	test('wants a question answered', async () => {
		const {calls, outcome} = await run([scaleWeb], {question: 'Sure?', confirmed: false});
		expect(outcome).toMatchObject({code: 'not-allowed', hint: 'Confirm it with --yes.'});
		expect(calls).toEqual([]);
		expect((await run([scaleWeb], {question: 'Sure?', confirmed: true})).calls).toHaveLength(1);
	});

	test('says that a change stands which could not be recorded', async () => {
		const journal = {
			read: async () => [],
			record() {
				throw new Error('disk full');
			},
		};
		const {calls, outcome} = await run([scaleWeb], {journal});
		expect(calls).toHaveLength(1);
		expect(outcome).toMatchObject({code: 'storage', message: 'done, but it could not be recorded: disk full'});
		expect((await run([fails], {journal})).outcome).toMatchObject({message: 'the agent is not there'});
	});

	test('records nothing where there is nothing to do', async () => {
		expect((await run([])).entries).toEqual([]);
	});
});
