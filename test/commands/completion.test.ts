import {expect, test} from 'vitest';
import {run} from './run.ts';

async function words(line: string): Promise<string[]> {
	const asked = line === '' ? [] : line.split(' ');
	const {stdout, code} = await run(['completion', 'words', '--', ...asked], {
		cluster: 'node n1 · node n2 · service web · service api · instance web.1 on n1 running',
	});
	expect(code).toBe(0);
	return stdout.trimEnd().split('\n');
}

test.each<[string, string[], string[]]>([
	['', ['service', 'node', 'ps', '--context'], ['web', 'scale=']],
	['service', ['create', 'ls', 'rm'], ['--context', 'explain']],
	['services', ['create', 'ls'], []],
	['service rm', ['web', 'api', '--yes', '--detach'], ['n1']],
	['service rm web', ['api'], ['web']],
	['scale', ['web=', 'api='], ['web']],
	['node drain', ['n1', 'n2', '--deadline'], ['web']],
	['exec', ['web.1', '--tty'], ['web']],
	['cp', ['web.1:', '--container'], ['web.1']],
	['cp web.1:/x', [], ['web.1:']],
	['port-forward', ['web', '--address'], ['web=']],
	['ps -o', ['json', 'wide'], ['web']],
	['service create --mode', ['replicated', 'global', 'job', 'global-job'], ['--name']],
	['service create nodejs', [], ['--name']],
	['wait service web --for', ['healthy', 'drained'], []],
	['nonsense', [], ['service']],
])('after "%s"', async (line, offered, notOffered) => {
	const found = await words(line);
	expect(found).toEqual(expect.arrayContaining(offered));
	expect(found.filter(word => notOffered.includes(word))).toEqual([]);
});

test.each(['bash', 'zsh', 'fish'])('a script for %s', async shell => {
	expect((await run(`completion ${shell}`)).stdout).toContain('muster completion words --');
});

test('no script for others', async () => {
	expect((await run('completion tcsh')).code).toBe(2);
});
