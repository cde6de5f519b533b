import {describe, expect, test} from 'vitest';
import {toEvent} from '../../../../source/backends/swarm/reading/events.ts';

/** What an event of the engine tells, with these attributes. */
function told(Type: string, Action: string, Attributes: Readonly<Record<string, string>>): string | undefined {
	const event = toEvent({Type, Action, Actor: {ID: 'abc123', Attributes}, time: 60});
	return event && `${event.tone} ${event.name} ${event.about.kind} ${event.about.name}: ${event.message}`;
}

describe('an event of the engine', () => {
	test.each([
		['service', 'create', {name: 'web'}, 'normal Created service web: was created'],
		[
			'service',
			'update',
			{name: 'web', 'replicas.old': '3', 'replicas.new': '2'},
			'normal Updated service web: replicas 3 → 2',
		],
		['service', 'update', {name: 'web', 'updatestate.new': 'updating'}, 'normal Updated service web: update under way'],
		[
			'service',
			'update',
			{name: 'web', 'updatestate.old': 'updating', 'updatestate.new': 'rollback_started'},
			'normal Updated service web: update under way → being rolled back',
		],
		['service', 'update', {name: 'web', 'updatestate.new': 'paused'}, 'warning Updated service web: update paused'],
		[
			'node',
			'update',
			{name: 'n1', 'state.old': 'ready', 'state.new': 'down'},
			'warning Down node n1: state ready → down',
		],
		// One that has just joined.
		['node', 'create', {name: ''}, 'normal Created node abc123: was created'],
		['image', 'pull', {name: 'web:1'}, undefined],
	] as const)('%s %s %j', (type, action, attributes, expected) => {
		expect(told(type, action, attributes)).toBe(expected);
	});
});
