import {expect, test} from 'vitest';
import type {RawNode} from '../../../../source/backends/swarm/api-types.ts';
import {managersHealth, withoutQuorum} from '../../../../source/backends/swarm/nodes/health.ts';
import {fromStatus, notReached} from '../../../../source/backends/swarm/translate-error.ts';

// `L` leads, `+` can be reached, `-` cannot, `?` is to be a manager and takes no part, `w` is a worker.
function nodes(text: string): readonly RawNode[] {
	return text.split(' ').map((sign, index) => ({
		ID: `id${index}`,
		Spec: {Role: sign === 'w' ? 'worker' : 'manager', Availability: 'active'},
		Description: {Hostname: `n${index}`},
		Status: {State: 'ready'},
		...('L+-'.includes(sign) && {
			ManagerStatus: {Leader: sign === 'L', Reachability: sign === '-' ? 'unreachable' : 'reachable'},
		}),
	})) as unknown as readonly RawNode[];
}

test.for([
	['L w w', 'ok: 1 of 1 managers are reachable, 1 are needed: with its only manager the swarm loses all that it knows'],
	['L + w', 'warning: 2 of 2 managers are reachable, 2 are needed: the loss of one more stops all changes'],
	['L + + w', 'ok: 3 of 3 managers are reachable, 2 are needed: 1 more may be lost'],
	['L + -', 'warning: 2 of 3 managers are reachable, 2 are needed: the loss of one more stops all changes'],
	[
		'+ - -',
		'failed: 1 of 3 managers are reachable, 2 are needed: what is told is as it was before, and nothing can be changed until others are back; what runs goes on',
	],
	['L ? w', 'ok: 1 of 1 managers are reachable, 1 are needed: with its only manager the swarm loses all that it knows'],
] as const)('%s: quorum %s', ([text, said]) => {
	const [quorum] = managersHealth(nodes(text), new Set());
	expect(`${quorum?.state}: ${quorum?.message}`).toBe(said);
});

// A leader that has lost the others tells them as reachable for some seconds.
test('who is told as reachable and does not answer by itself does not count', () => {
	expect(managersHealth(nodes('L + +'), new Set(['id1', 'id2']))).toEqual([
		{
			name: 'quorum',
			state: 'failed',
			message:
				'1 of 3 managers are reachable, 2 are needed: what is told is as it was before, and nothing can be changed until others are back; what runs goes on',
		},
		{name: 'manager n0', state: 'ok', message: 'leads'},
		...['n1', 'n2'].map(name => ({
			name: `manager ${name}`,
			state: 'failed',
			message: 'its engine does not answer, though it is told as reachable',
		})),
	]);
});

test('who is to be a manager and takes no part is told', () => {
	expect(managersHealth(nodes('L ?'), new Set())).toContainEqual({
		name: 'manager n1',
		state: 'warning',
		message: 'is to be one, and does not take part',
	});
});

test.for([
	[500, 'rpc error: code = Unknown desc = The swarm does not have a leader.', 'failed'],
	[500, 'rpc error: code = DeadlineExceeded desc = context deadline exceeded', 'failed'],
	[503, 'This node is not part of a swarm', undefined],
] as const)('status %i, %s: quorum %s', ([status, text, state]) => {
	expect(withoutQuorum(fromStatus(status, text, 'here'), ['10.0.0.1'])?.[0]?.state).toBe(state);
});

// It was told that the engine cannot be reached, while it answered all that it knows by itself.
test('an engine that answers for itself, and not for its swarm in time, may have lost the others', () => {
	const late = notReached('here', new Error('no answer within 8 s'));
	expect(withoutQuorum(late, ['10.0.0.1', '10.0.0.2', '10.0.0.3'])?.[0]?.message).toMatch(/lost its majority/);
	expect(withoutQuorum(late, [])).toBe(undefined);
	expect(withoutQuorum(late, ['10.0.0.1'])).toBe(undefined);
});
