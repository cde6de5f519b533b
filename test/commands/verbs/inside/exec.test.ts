import {expect, test} from 'vitest';
import type {ExecOptions, Session} from '../../../../source/core/backend.ts';
import {run} from '../../run.ts';

const cluster = 'service web replicas 1 · node n1 ready · instance web.1 on n1 running';

function ended(code: number | undefined): Session {
	return {
		output: (async function* () {})(),
		write() {},
		end() {},
		resize() {},
		exit: Promise.resolve(code),
		close() {},
	};
}

// Who comes from kubectl writes `exec web.1 -- ls`, and was told that there is no executable of that name.
test.each([
	['exec web.1 ls -l', ['ls', '-l']],
	['exec web.1 -- ls -l', ['ls', '-l']],
	['exec web.1 ls -- x', ['ls', '--', 'x']],
	['exec web.1 -- -- x', ['--', 'x']],
	['exec web.1 --container log -- ls -l', ['ls', '-l'], 'log'],
	['exec web.1 -w / ls -w', ['ls', '-w']],
] as const)('%s', async (line, command, container?: string) => {
	const asked: ExecOptions[] = [];
	const exec = async (_: unknown, options: ExecOptions) => {
		asked.push(options);
		return ended(4);
	};
	const {code, stderr} = await run(line, {cluster, facets: {exec}});
	expect([stderr, code, asked.map(each => [each.command, each.container])]).toEqual(['', 4, [[command, container]]]);
});

// An API server that went away ended it with 130, as ctrl-c does, and without a word.
test('a connection that breaks is told, and is no ctrl-c', async () => {
	const {code, stderr} = await run('exec web.1 sleep 60', {cluster, facets: {exec: async () => ended(undefined)}});
	expect([stderr, code]).toEqual(['muster exec: The connection to web.1 broke; nobody knows how sleep ended.\n', 5]);
});

// It ended with 0, and whoever had looked at its output took it for done.
test.each([
	['attach web.1', 'attach', 'muster attach: The connection to web.1 broke; whether it goes on is not known.\n'],
	[
		'debug --image busybox --no-stdin web.1',
		'debug',
		'Adding a container of busybox to web.1 …\nmuster debug: The connection to web.1 broke; whether its debug container goes on is not known.\n',
	],
] as const)('%s, too', async (line, facet, text) => {
	const {code, stderr} = await run(line, {cluster, facets: {[facet]: async () => ended(undefined)}});
	expect([stderr, code]).toEqual([text, 5]);
	const {code: known} = await run(line, {cluster, facets: {[facet]: async () => ended(7)}});
	expect(known).toBe(7);
});
