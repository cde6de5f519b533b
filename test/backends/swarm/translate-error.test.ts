import {describe, expect, test} from 'vitest';
import {fromStatus, notReached} from '../../../source/backends/swarm/translate-error.ts';

describe('what the engine says', () => {
	function check(status: number, said: string, code: string, message: RegExp): void {
		test(said, () => {
			const error = fromStatus(status, said, 'unix:///s');
			expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
		});
	}

	check(
		503,
		'rpc error: code = Unknown desc = The swarm does not have a leader. It is possible that too few managers are online.',
		'unreachable',
		/no leader/,
	);
	check(
		400,
		'rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm',
		'conflict',
		/^It is the last manager/,
	);
	check(500, 'rpc error: code = DeadlineExceeded desc = context deadline exceeded', 'unreachable', /in time/);
	check(
		503,
		"This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.",
		'unsupported',
		/^This node is a worker of its swarm/,
	);
	check(
		503,
		'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join".',
		'unsupported',
		/not part of a swarm/,
	);
	check(503, 'Swarm is encrypted and needs to be unlocked before it can be used.', 'unreachable', /locked/);
	check(500, 'rpc error: code = Unknown desc = update out of sequence', 'conflict', /somebody else/);
	check(
		409,
		'rpc error: code = AlreadyExists desc = name conflicts with an existing object: service web already exists',
		'conflict',
		/already exists/,
	);
	check(
		400,
		"rpc error: code = InvalidArgument desc = config 'app' is in use by the following service: web",
		'conflict',
		/in use by/,
	);
	check(404, 'service nope not found', 'not-found', /not found/);
	check(500, 'something \u001b[31melse\n', 'failed', /^the engine at unix:\/\/\/s said: something else$/);
	check(400, 'bad things', 'usage', /bad things/);
});

describe('no answer', () => {
	function check(name: string, error: Error & {code?: string}, code: string, message: RegExp): void {
		test(name, () => {
			const found = notReached('tcp://h:2376', error);
			expect([found.code, found.message]).toEqual([code, expect.stringMatching(message)]);
		});
	}

	check('nobody listens', Object.assign(new Error('x'), {code: 'ECONNREFUSED'}), 'unreachable', /nobody listens there/);
	check('not allowed', Object.assign(new Error('x'), {code: 'EACCES'}), 'not-allowed', /may not open/);
	const ssh = (said: string) => Object.assign(new Error(said), {code: 'ESSH'});
	check(
		'ssh does not know the host',
		ssh('Host key verification failed.'),
		'unreachable',
		/its host key is not known\.$/,
	);
	check(
		'ssh knows another host',
		ssh(
			'@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nIT IS POSSIBLE ...\nHost key verification failed.',
		),
		'unreachable',
		/: it shows another host key than the one that is known\.$/,
	);
	check(
		'ssh is refused',
		ssh('a banner\nann@h: Permission denied (publickey,password).'),
		'unreachable',
		/: it refuses the login \(publickey,password\)\.$/,
	);
	check(
		'ssh says something else, in its last line',
		ssh('a banner\nssh: Could not resolve hostname h: Name or service not known'),
		'unreachable',
		/: ssh: Could not resolve hostname h: Name or service not known\.$/,
	);
	test('a certificate that does not fit has a hint', () => {
		const error = Object.assign(new Error('self-signed certificate'), {code: 'DEPTH_ZERO_SELF_SIGNED_CERT'});
		expect(notReached('tcp://h', error).hint).toMatch(/ca\.pem/);
	});
});
