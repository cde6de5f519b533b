import {describe, expect, test} from 'vitest';
import type {Host} from '../../../source/commands/host.ts';
import {detachKeys, joinSession} from '../../../source/commands/running/session.ts';
import type {Session} from '../../../source/core/backend.ts';

describe('the keys that leave', () => {
	/** What is typed, a write each → what is passed on, and whether it was left. */
	const check = (name: string, writes: readonly string[], passed: string, left: boolean) => {
		test(name, () => {
			let isLeft = false;
			const filter = detachKeys(() => {
				isLeft = true;
			});
			const out = writes.map(text => Buffer.from(filter(Buffer.from(text))).toString()).join('');
			expect([out, isLeft]).toEqual([passed, left]);
		});
	};

	check('nothing special', ['ls\r'], 'ls\r', false);
	check('in one write', ['a\x10\x11b'], 'a', true);
	check('in two', ['a\x10', '\x11'], 'a', true);
	check('ctrl-p alone is passed on with what follows', ['\x10', 'x'], '\x10x', false);
	check('ctrl-p twice, then leaving', ['\x10\x10\x11'], '\x10', true);
	check('ctrl-q alone', ['\x11'], '\x11', false);
	check('bytes of other characters', ['größe'], 'größe', false);
});

/** A terminal and a session that say what was done to them. */
function rig({tty = true, output = [] as string[], exit = 0, fails = false} = {}) {
	const done: string[] = [];
	let type: (data: Uint8Array | undefined) => void = () => {};
	const stream = (name: string): Host['stdout'] => ({
		write: data => void done.push(`${name} ${Buffer.from(data).toString()}`),
		drained: async () => {},
		isTTY: tty,
		columns: 100,
		rows: 30,
		onResize: () => () => void done.push('no longer resized'),
	});
	const interrupt = new AbortController();
	const host = {
		stdout: stream('out'),
		stderr: stream('err'),
		stdin: {
			isTTY: tty,
			setRaw: raw => void done.push(`raw ${raw}`),
			onData(listener) {
				type = listener;
				return () => void done.push('no longer read');
			},
		},
		interrupted: interrupt.signal,
	} as Host;
	const session: Session = {
		output: (async function* () {
			for (const text of output) {
				yield {stream: text.startsWith('!') ? 'stderr' : 'stdout', data: Buffer.from(text)} as const;
			}

			if (fails) throw new Error('the connection is lost');
			if (output.length === 0) await new Promise(() => {});
		})(),
		write: data => void done.push(`in ${Buffer.from(data).toString()}`),
		end: () => void done.push('end of input'),
		resize: () => {},
		exit: Promise.resolve(exit),
		close: () => void done.push('closed'),
	};
	return {host, session, done, interrupt, type: (text?: string) => type(text === undefined ? text : Buffer.from(text))};
}

const restored = ['no longer read', 'no longer resized', 'raw false', 'closed'];

describe('joinSession', () => {
	test('copies out by stream and answers with the exit code', async () => {
		const {host, session, done} = rig({output: ['hello', '!oops'], exit: 7});
		expect(await joinSession(host, session, {tty: true, stdin: true, detachable: false})).toEqual({
			isLeft: false,
			code: 7,
		});
		expect(done).toEqual(['raw true', 'out hello', 'err !oops', ...restored]);
	});

	test('is left by its keys', async () => {
		const {host, session, done, type} = rig();
		const joined = joinSession(host, session, {tty: true, stdin: true, detachable: true});
		type('x\x10\x11');
		expect(await joined).toEqual({isLeft: true, code: undefined});
		expect(done).toEqual(['raw true', 'in x', ...restored]);
	});

	test('sets the terminal back when the connection is lost', async () => {
		const {host, session, done} = rig({output: ['a'], fails: true});
		await expect(joinSession(host, session, {tty: true, stdin: true, detachable: false})).rejects.toThrow('lost');
		expect(done.slice(-4)).toEqual(restored);
	});

	test('without a terminal the end of input is passed on, and ctrl-c leaves', async () => {
		const {host, session, done, type, interrupt} = rig({tty: false});
		const joined = joinSession(host, session, {tty: false, stdin: true, detachable: false});
		type('all');
		type();
		interrupt.abort();
		expect(await joined).toEqual({isLeft: true, code: undefined});
		expect(done).toEqual(['raw false', 'in all', 'end of input', 'no longer read', 'raw false', 'closed']);
	});
});
