import {describe, expect, test} from 'vitest';
import type {InstanceState} from '../../source/core/instance-state.ts';
import {
	type InstanceStep,
	type InstanceWish,
	nextStep,
	type ObservedInstance,
} from '../../source/core/instance-step.ts';
import {parseBytes, parseDuration} from '../../source/core/text/units.ts';

const nowMs = 60_000;
const fresh: ObservedInstance = {
	state: 'preparing',
	process: 'none',
	remains: 'unknown',
	ports: 'unknown',
	starts: 1,
	killed: false,
};

/** Facts between dots, the state first; the step expected, as `describeStep` writes it. */
function check(name: string, facts: string, expected: string) {
	test(name, () => {
		const [state = '', ...others] = facts.split(' · ');
		let wish: InstanceWish = {desired: 'running', stopGraceMs: 10_000, hasPorts: false};
		let observed: ObservedInstance = {...fresh, state: state as InstanceState};
		for (const fact of others) {
			wish = {...wish, ...readWish(fact)};
			observed = {...observed, ...readFact(fact)};
		}

		expect(describeStep(nextStep(wish, observed, nowMs))).toBe(expected);
	});
}

function readWish(fact: string): Partial<InstanceWish> {
	const [word, ...rest] = fact.split(' ');
	if (word === 'stop') {
		return {desired: 'stopped', reason: rest.join(' ') || undefined};
	}

	return word === 'with-ports' ? {hasPorts: true} : {};
}

function readFact(fact: string): Partial<ObservedInstance> {
	const [word, value = '', ...rest] = fact.split(' ');
	switch (word) {
		case 'alive':
			return {process: 'alive'};
		case 'ended': {
			const ended = {process: 'ended', remains: 'none', ranMs: 60_000} as const;
			if (value.startsWith('SIG')) {
				return {...ended, end: {type: 'signalled', signal: value, code: Number(rest[0])}};
			}

			const type = value as 'unsupervised' | 'rebooted' | 'fenced';
			const said = rest.length > 0 ? {said: rest.join(' ')} : {};
			return {...ended, end: /^\d+$/.test(value) ? {type: 'exited', code: Number(value), ...said} : {type}};
		}

		case 'remains':
			return {remains: value as ObservedInstance['remains']};
		case 'ran':
			return {ranMs: parseDuration(value)};
		case 'port':
			return {ports: value as ObservedInstance['ports']};
		case 'starts':
			return {starts: Number(value)};
		case 'signalled':
			return {signalledAtMs: nowMs - parseDuration(value)};
		case 'sent':
			return {sentSignal: value};
		case 'killed':
			return {killed: true};
		case 'memory':
			return {overMemory: {usedBytes: parseBytes(value), limitBytes: parseBytes(rest[1] ?? '')}};
		case 'problem':
			return {problem: [value, ...rest].join(' ')};
		default:
			return {};
	}
}

function describeStep(step: InstanceStep): string {
	switch (step.type) {
		case 'wait':
			return step.untilMs === undefined ? 'wait' : `wait ${step.untilMs - nowMs}ms`;
		case 'finish': {
			const code = step.exitCode === undefined ? '' : ` (${step.exitCode})`;
			return `${step.state}${code}${step.reason ? `: ${step.reason}` : ''}`;
		}

		default:
			return step.type;
	}
}

describe('before the start', () => {
	check('first it is prepared', 'preparing', 'prepare');
	check('then started', 'ready', 'start');
	check('what cannot be prepared is rejected', 'preparing · problem no such file: /x', 'rejected: no such file: /x');
	check('or has failed, when it ran before', 'running · problem no port is free', 'failed: no port is free');
	check('what is no longer wanted never starts', 'ready · stop scaled down', 'stopped: scaled down');
	check('no longer wanted, and impossible besides', 'preparing · stop removed · problem x', 'stopped: removed');
});

describe('while it runs', () => {
	check('it is left alone', 'running · alive', 'wait');
	check('told to stop, it is signalled', 'running · alive · stop scaled down', 'signal');
	check('and has its grace', 'running · alive · stop · signalled 4s', 'wait 6000ms');
	check('but no more', 'running · alive · stop · signalled 10s', 'kill');
	check('nobody is killed twice', 'running · alive · stop · signalled 60s · killed', 'wait');
	check('above its limit it is killed', 'running · alive · memory 80m of 64m', 'kill');
	check('also while it stops', 'running · alive · stop · signalled 1s · memory 80m of 64m', 'kill');
});

describe('after the end', () => {
	check('what it left is looked for', 'running · ended 0 · remains unknown', 'sweep');
	check('until nothing is found', 'running · ended 0 · remains some', 'sweep');
	check('0 is done', 'running · ended 0', 'completed (0)');
	check('another code is a failure', 'running · ended 3', 'failed (3): exit code 3');
	check('a signal is named', 'running · ended SIGSEGV 139', 'failed (139): killed by SIGSEGV');
	check('what it told besides is the reason', 'running · ended 125 no such image', 'failed (125): no such image');
	check('137 may be a mere code', 'running · ended 137', 'failed (137): exit code 137');
	check('or a signal that the agent sent', 'running · ended 137 · sent SIGKILL', 'failed (137): killed by SIGKILL');
	check('which also kills the shim', 'running · ended unsupervised · killed', 'failed (137): killed by SIGKILL');
	check('a code below 128 is no signal', 'running · ended 3 · sent SIGTERM', 'failed (3): exit code 3');
	check('a shim killed by others', 'running · ended unsupervised', 'failed: supervisor killed');
	check(
		'too much memory',
		'running · ended unsupervised · killed · memory 80m of 64m',
		'failed (137): out of memory (limit 64 MiB, used 80 MiB)',
	);
	check('stopped, whatever the code', 'running · stop drained · ended 143', 'stopped (143): drained');
	check(
		'stopped only by force',
		'running · stop drained · ended unsupervised · killed',
		'stopped (137): drained, killed after 10s',
	);
	check('the machine was started anew', 'running · ended rebooted', 'lost: the machine was restarted');
	check('so even when it was to stop', 'running · stop drained · ended rebooted', 'lost: the machine was restarted');
	check('left from before a fence', 'running · ended fenced', 'lost: its node went down');
	check('nothing comes after that', 'failed · ended 3', 'wait');
});

describe('a lost race for a port', () => {
	const lost = 'running · with-ports · ended 1 · ran 300ms';
	check('is looked into', lost, 'check-ports');
	check('the port is taken: once more', `${lost} · port taken`, 'start');
	check('the port is free: its own fault', `${lost} · port free`, 'failed (1): exit code 1');
	check('not after a second', `${lost} · ran 1500ms`, 'failed (1): exit code 1');
	check('not for ever', `${lost} · starts 5`, 'failed (1): exit code 1');
	check('not when it is to stop', `${lost} · stop scaled down`, 'stopped (1): scaled down');
	check('not when it ended well', 'running · with-ports · ended 0 · ran 300ms', 'completed (0)');
	check('not without ports', 'running · ended 1 · ran 300ms', 'failed (1): exit code 1');
	check('nor after a signal', `${lost} · ended SIGKILL 137 · ran 300ms`, 'failed (137): killed by SIGKILL');
});
