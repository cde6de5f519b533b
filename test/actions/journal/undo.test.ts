import {describe, expect, test} from 'vitest';
import {type Action, objectsOf} from '../../../source/actions/action.ts';
import {execute} from '../../../source/actions/execute.ts';
import {actions} from '../../../source/actions/index.ts';
import {memoryJournal} from '../../../source/actions/journal/memory-journal.ts';
import {lastUndoable, undoAction} from '../../../source/actions/journal/undo.ts';
import {toClusterError} from '../../../source/core/error.ts';
import type {Kind, Objects} from '../../../source/core/model/index.ts';
import {named, readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {allFacets, readInput} from '../plan-text.ts';

/** Each line a change, `service.scale web replicas=5`, `elsewhere web 7` (not recorded) or `undo`; what the last undo wrote, or why it did not. */
function check(what: string, lines: string, expected: string): void {
	test(what, async () => {
		const answer = await play(lines.trim().split(/\s*\n\s*/));
		expect(expected.endsWith('…') ? `${answer.slice(0, expected.length - 1)}…` : answer).toBe(expected);
	});
}

async function play(lines: readonly string[]): Promise<string> {
	const text = readCluster('at 60s · node n1 · node n2 · service web replicas 2 · service api replicas 1');
	const cluster = createScriptedCluster([...text.services, ...text.nodes], allFacets);
	const journal = memoryJournal();
	const executor = {backend: cluster, journal, who: 'ann', now: () => 1000, random: Math.random, readOnly: false};
	let answer = '';
	for (const line of lines) {
		const [id = '', target = '', ...words] = line.split(' ');
		const world = {
			...text,
			services: (await cluster.list({kind: 'service'})).items,
			nodes: (await cluster.list({kind: 'node'})).items,
		};
		const before = cluster.writes.length;
		try {
			if (id === 'elsewhere') {
				await cluster.apply({kind: 'service', name: target}, {replicas: Number(words[0])}, {});
			} else if (id === 'undo') {
				const entries = await journal.read();
				const entry = lastUndoable(entries, 'local');
				if (entry === undefined) {
					answer = 'nothing to undo';
					continue;
				}

				const request = {action: undoAction(entry), world, target: undefined, input: {}, confirmed: true};
				await execute(executor, {...request, undoes: entry.id});
			} else {
				const action = actions.get(id) as Action;
				const object = action.creates ? undefined : named<Objects[Kind]>(objectsOf(world, action.on), target);
				const given = action.creates ? [target, ...words] : words;
				await execute(executor, {action, world, target: object, input: readInput(action, given), confirmed: true});
			}

			answer = cluster.writes.slice(before).join('; ');
		} catch (error) {
			const {code, message} = toClusterError(error);
			answer = `${code}: ${message}`;
		}
	}

	return answer;
}

describe('undo', () => {
	check(
		'brings the value back that was there',
		'service.scale web replicas=5\nundo',
		'apply service web {"replicas":2}',
	);
	check('takes away what was added', 'node.label n1 labels=zone=a\nundo', 'apply node n1 {"labels":{"zone":null}}');
	check(
		'goes on with the change before',
		'service.scale web replicas=5\nservice.scale api replicas=3\nundo\nundo',
		'apply service web {"replicas":2}',
	);
	check('is not undone by itself', 'service.scale web replicas=5\nundo\nundo', 'nothing to undo');
	check(
		'is refused where it has moved on',
		'service.scale web replicas=5\nelsewhere web 7\nundo',
		'conflict: the service web has moved on: replicas was changed again since',
	);
	check(
		'is not refused where something else has changed',
		'service.update web image=static\nelsewhere web 7\nundo',
		'apply service web {"template":{"image":"nodejs"}}',
	);
	check(
		'of what was removed creates it',
		'service.rm web\nundo',
		'apply service web {"mode":"replicated","replicas":2,…',
	);
	check(
		'passes over what nothing brings back',
		'service.scale web replicas=5\nnode.fail n1\nundo',
		'apply service web {"replicas":2}',
	);
	check('of nothing', 'undo', 'nothing to undo');

	// An image that was not pinned before must not come back pinned to what its tag stands for by now.
	test.each(['service.update web image=static', 'service.rm web'])('of %s pins no image', async line => {
		const [id = '', ...words] = line.split(' ');
		const world = readCluster('node n1 · service web replicas 2');
		const cluster = createScriptedCluster([...world.services, ...world.nodes], allFacets);
		const journal = memoryJournal();
		const executor = {backend: cluster, journal, who: 'ann', now: () => 1000, random: Math.random, readOnly: false};
		const action = actions.get(id) as Action;
		const input = readInput(action, words.slice(1));
		await execute(executor, {action, world, target: world.services[0], input, confirmed: true});
		const [entry] = await journal.read();
		const services = (await cluster.list({kind: 'service'})).items;
		expect(entry && undoAction(entry).plan({...world, services}, undefined, {})).toMatchObject([{keepTag: true}]);
	});

	test('of content waits for the services that follow it', () => {
		const world = readCluster('service web replicas 2 · service api replicas 1');
		const template = {...world.services[0]?.spec.template, configs: [{source: 'app'}]};
		const services = world.services.map(one =>
			one.name === 'web' ? ({...one, spec: {...one.spec, template}} as typeof one) : one,
		);
		const ref = {kind: 'config', name: 'app'} as const;
		const step = {type: 'apply', ref, patch: {data: {data: 'b'}}} as const;
		const inverse = {type: 'apply', ref, patch: {data: {data: 'a'}}} as const;
		const entry = {id: '1', at: 0, who: 'ann', context: 'local', command: 'muster config edit', action: 'config.edit'};
		const action = undoAction({...entry, steps: [{step, inverse}], result: {ok: true}} as never);
		const progress = action.progress?.({...world, services}, undefined as never, {});
		expect(progress).toMatchObject({state: 'waiting', message: expect.stringContaining('web')});
		expect(action.progress?.(world, undefined as never, {})).toEqual({state: 'reached', message: ''});
	});
});
